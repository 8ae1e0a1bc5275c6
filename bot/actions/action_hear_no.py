"""Hear a no as the answer to the question that was open. Concern never drops because of it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.action_ask_next import closing
from bot.actions.asking import asking

_MEANT = {"asked_safe": "safe_no", "asked_suicide": "suicide_no"}


class ActionHearNo(Action):
    """Answers a no; a tapped button says exactly which no it is."""

    def name(self) -> str:
        """The registered name."""
        return "action_hear_no"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Not safe is danger now; no to a pause keeps the door open; anything else ends kindly."""
        turn = asking(tracker)
        meant = turn.entities.get("answer") or ("not_now" if turn.put_off else _MEANT.get(turn.stage or "", "plain"))
        if meant == "safe_no":
            dispatcher.utter_message(response="utter_risk_immediate_danger")
            return [SlotSet("stage", None)]
        if meant == "suicide_no":
            dispatcher.utter_message(response="utter_suicide_no")
            after, stage = closing(turn, turn.topic)
            dispatcher.utter_message(response=after)
            return [SlotSet("stage", stage)]
        if meant == "plain" and not turn.topic:
            dispatcher.utter_message(response="utter_deny")
            dispatcher.utter_message(response="utter_next_doors")
            return [SlotSet("stage", "after_doors")]
        dispatcher.utter_message(response="utter_not_now")
        return [SlotSet("stage", "after_pause")]
