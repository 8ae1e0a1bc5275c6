"""Answer danger now with the one reviewed wording that fits: for oneself, for someone hurt or ill, or for another person."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.asking import asking

_WORDS = {"medical": "utter_risk_medical", "someone_else": "utter_risk_someone_else"}


class ActionAnswerDanger(Action):
    """Utters the words for danger."""

    def name(self) -> str:
        """The registered name."""
        return "action_answer_danger"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Which danger it is was decided by the screen (`danger` in the turn's notes)."""
        dispatcher.utter_message(response=_WORDS.get(asking(tracker).danger, "utter_risk_immediate_danger"))
        return []
