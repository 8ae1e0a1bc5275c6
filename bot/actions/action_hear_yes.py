"""Hear a yes as the answer to the question that was open."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.action_ask_next import closing
from bot.actions.asking import Asking, asking
from bot.replies import Words, load_words

# What a typed yes means by itself, given the question that was open.
# A bare yes to "are you thinking of ending your life?" is taken as yes, now.
_MEANT = {"asked_safe": "safe_yes", "asked_suicide": "suicide_now", "after_answer": "more", "after_pause": "go_on"}


class ActionHearYes(Action):
    """Answers a yes; a tapped button says exactly which yes it is."""

    def __init__(self, words: Words | None = None) -> None:
        self._words = words or load_words()

    def name(self) -> str:
        """The registered name."""
        return "action_hear_yes"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utter the fitting words, then the next choices."""
        turn = asking(tracker)
        meant = turn.entities.get("answer") or _MEANT.get(turn.stage or "", "plain")
        dispatcher.utter_message(response=self._response(meant, turn))
        after, stage = closing(turn, turn.topic)
        dispatcher.utter_message(response=after)
        return [SlotSet("stage", stage)]

    def _response(self, meant: str, turn: Asking) -> str:
        if meant == "more":
            more = f"utter_{turn.topic}_more"
            return more if more in self._words.names() else "utter_no_more"
        return {
            "safe_yes": "utter_safe_yes",
            "suicide_now": "utter_suicide_now",
            "suicide_yes": "utter_suicide_yes",
            "go_on": "utter_go_on",
            "can_type": "utter_can_type",
        }.get(meant, "utter_affirm")
