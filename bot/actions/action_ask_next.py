"""End an answer with one question or choice: about safety when it is serious, else about what would help next."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.asking import Asking, asking
from bot.safety.heard import is_worry

ADULT_MENUS = {
    "adult_parent": "utter_menu_parent",
    "adult_professional": "utter_menu_professional",
    "adult_community": "utter_menu_community",
}


class ActionAskNext(Action):
    """Utters the closing question; notes in `stage` what a yes or no would now mean."""

    def name(self) -> str:
        """The registered name."""
        return "action_ask_next"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Ask one question only."""
        turn = asking(tracker)
        response, stage = closing(turn, tracker.get_slot("asked_safe"))
        dispatcher.utter_message(response=response)
        events = [SlotSet("stage", stage)]
        if stage == "asked_safe":
            events.append(SlotSet("asked_safe", turn.topic))
        return events


def closing(turn: Asking, asked_safe_about: str | None) -> tuple[str, str | None]:
    """Return the response that closes this turn and the stage it opens."""
    about = turn.entities.get("about")
    if about:
        return ("utter_which_area" if about == "place" else "utter_which_band"), None
    if turn.intent == "risk_suicide":
        return "utter_ask_suicide", "asked_suicide"
    if turn.intent == "ask_services":
        return "utter_narrow_people", "after_answer"
    if is_worry(turn.intent):
        return _after_worry(turn, asked_safe_about)
    if turn.topic and turn.intent not in ("greet", "out_of_scope"):
        return _age_or_steps(turn)
    return "utter_next_doors", "after_doors"


def _after_worry(turn: Asking, asked_safe_about: str | None) -> tuple[str, str | None]:
    adult = turn.intent.startswith("adult_")
    if turn.worrying and not adult and asked_safe_about != turn.intent:
        return "utter_ask_safe_now", "asked_safe"
    return _age_or_steps(turn)


def _age_or_steps(turn: Asking) -> tuple[str, str | None]:
    """Once, after the first answer and never together with another question: how old, if they want to say."""
    calm = turn.held != "immediate" and not (turn.topic or "").startswith(("adult_", "risk_"))
    if turn.may_ask_age and calm and turn.intent != "choose_words":
        return "utter_ask_band", None
    return _steps(turn), "after_answer"


def _steps(turn: Asking) -> str:
    if turn.topic in ADULT_MENUS:
        return ADULT_MENUS[turn.topic]
    # Ready lines for saying no are not offered where saying no may not be safe.
    return "utter_next_steps_serious" if turn.serious else "utter_next_steps"
