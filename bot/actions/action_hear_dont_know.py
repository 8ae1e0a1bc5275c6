"""Hear "I don't know" kindly; after a safety question it counts as the more serious answer."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.action_ask_next import closing
from bot.actions.asking import asking

_MEANT = {"asked_safe": "safe_unsure", "asked_suicide": "suicide_yes"}


class ActionHearDontKnow(Action):
    """Answers a don't-know."""

    def name(self) -> str:
        """The registered name."""
        return "action_hear_dont_know"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Utter the fitting words, then the next choices."""
        turn = asking(tracker)
        meant = turn.entities.get("answer") or _MEANT.get(turn.stage or "", "plain")
        words = {"safe_unsure": "utter_safe_unsure", "suicide_yes": "utter_suicide_yes"}.get(meant, "utter_dont_know")
        dispatcher.utter_message(response=words)
        after, stage = closing(turn, turn.topic)
        dispatcher.utter_message(response=after)
        return [SlotSet("stage", stage)]
