"""Show one to three services that fit the topic, the age and place if told, the clock and any wish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.asking import Asking, asking
from bot.safety.heard import is_worry
from bot.signposts.directory import FRONT_DOORS, Directory, load_directory
from bot.signposts.router import choose
from bot.signposts.wording import in_words, signpost_phrases

_NO_TOPIC = "ask_services"


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class ActionShowPeople(Action):
    """Utters `utter_people`; keeps the topic and the list shown in slots."""

    def __init__(self, directory: Directory | None = None, clock: Callable[[], datetime] = _utc_now) -> None:
        self._directory = directory or load_directory()
        self._clock = clock

    def name(self) -> str:
        """The registered name."""
        return "action_show_people"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Choose and utter; a question about place or age is asked by action_ask_next instead."""
        turn = asking(tracker)
        if turn.entities.get("about"):
            return []
        self._introduce(dispatcher, turn)
        return [*self._show(dispatcher, turn, tuple(tracker.get_slot("shown") or ())), *self._kept(turn)]

    def _introduce(self, dispatcher: CollectingDispatcher, turn: Asking) -> None:
        area = turn.entities.get("area")
        if area and area in FRONT_DOORS and FRONT_DOORS[area] not in self._directory.services:
            dispatcher.utter_message(response="utter_no_checked_door")
        elif turn.intent == "ask_services":
            dispatcher.utter_message(response="utter_ask_services")

    def _show(self, dispatcher: CollectingDispatcher, turn: Asking, just_shown: tuple[str, ...]) -> list[EventType]:
        now = self._clock()
        # Who asks for people again sees the topic's own first, then the general ones.
        topics: tuple[str, ...] = (turn.topic,) if turn.topic else (_NO_TOPIC,)
        if turn.intent in (_NO_TOPIC, "ask_for_human", "nlu_fallback"):
            topics = (*topics, _NO_TOPIC)
        at_most = 2 if turn.concern == "immediate" else 3
        chosen = choose(self._directory, topics, turn.asker, now, just_shown, at_most)
        if not chosen:
            dispatcher.utter_message(response="utter_same_people")
            return []
        dispatcher.utter_message(response="utter_people", people=in_words(chosen, turn.asker, now, signpost_phrases()))
        return [SlotSet("shown", [found.service.id for found in chosen])]

    def _kept(self, turn: Asking) -> list[EventType]:
        topic = turn.intent if is_worry(turn.intent) else turn.topic
        return [SlotSet("topic", topic), SlotSet("wishes", sorted(turn.asker.wishes))]
