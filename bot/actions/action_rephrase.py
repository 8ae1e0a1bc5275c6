"""Say it again more simply: the topic's further words if there is a topic, else what Sidedoor is."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.asking import asking
from bot.replies import Words, load_words


class ActionRephrase(Action):
    """Utters `utter_ask_rephrase`, and the other wording of the topic that was being talked about."""

    def __init__(self, words: Words | None = None) -> None:
        self._words = words or load_words()

    def name(self) -> str:
        """The registered name."""
        return "action_rephrase"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Never the same words twice in a row."""
        more = f"utter_{asking(tracker).topic}_more"
        dispatcher.utter_message(response="utter_ask_rephrase")
        if more in self._words.names():
            dispatcher.utter_message(response=more)
        return []
