"""Use other words: for an age, or easy words. Says so, and gives the last topic's words again in the new wording."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.action_ask_next import closing
from bot.actions.asking import Asking, asking


class ActionChooseWords(Action):
    """Answers a tapped or typed age, and the choice of easy words."""

    def name(self) -> str:
        """The registered name."""
        return "action_choose_words"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Asked without a choice, it shows the choices."""
        turn = asking(tracker)
        if not turn.entities.get("band") and not turn.entities.get("easy"):
            dispatcher.utter_message(response="utter_ask_band")
            return [SlotSet("stage", None)]
        dispatcher.utter_message(response=_heard(turn))
        if turn.topic and turn.wording != "everybody":
            dispatcher.utter_message(response=f"utter_{turn.topic}")
        after, stage = closing(turn, turn.topic)
        dispatcher.utter_message(response=after)
        return [SlotSet("stage", stage)]


def _heard(turn: Asking) -> str:
    if turn.entities.get("easy"):
        return "utter_easy_words" if turn.entities["easy"] == "yes" else "utter_other_words"
    return "utter_age_unsaid" if turn.entities["band"] == "unsaid" else "utter_age_heard"
