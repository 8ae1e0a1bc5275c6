"""Offer the likeliest topics to tap, when it is not sure what was meant or the answer was not it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.asking import asking
from bot.content import read_yaml
from bot.paths import DATA
from bot.replies import Words, load_words

_CHOICES = 3
# Offered when nothing likely is left: the doors most people come through.
_USUAL = ("worry_unsure", "worry_image_request", "worry_cant_say_no", "worry_home")


class ActionOfferTopics(Action):
    """Utters `utter_offer_topics` with up to three topics, something else, and a person."""

    def __init__(self, titles: Mapping[str, str] | None = None, words: Words | None = None) -> None:
        self._last = (words or load_words()).reply("utter_menu_end").buttons
        self._titles = titles or read_yaml(DATA / "phrases" / "topics.yml")["titles"]

    def name(self) -> str:
        """The registered name."""
        return "action_offer_topics"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """The topic just answered is not offered again: it was not what they meant."""
        turn = asking(tracker)
        likely = [topic for topic in (*turn.likely, *_USUAL) if topic in self._titles and topic != turn.topic]
        choices = list(dict.fromkeys(likely))[:_CHOICES]
        buttons: list[dict[str, Any]] = [{"title": self._titles[topic], "payload": f"/{topic}"} for topic in choices]
        buttons += [{"title": button.title, "payload": f"/{button.payload}"} for button in self._last]
        dispatcher.utter_message(response="utter_offer_topics", buttons=buttons)
        return [SlotSet("stage", "after_menu")]
