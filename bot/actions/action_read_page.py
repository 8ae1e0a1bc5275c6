"""Show one page of the texts to tap through: "Is this OK?", "Telling someone" and the others."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.action_ask_next import ADULT_MENUS
from bot.actions.asking import Asking, asking
from bot.replies import Words, load_words

# Lines for saying no are not offered where saying no may not be safe.
_SAYING_NO = "no_"


class ActionReadPage(Action):
    """Utters `utter_page_<page>`, or an adult's page by its own name."""

    def __init__(self, words: Words | None = None) -> None:
        self._words = words or load_words()

    def name(self) -> str:
        """The registered name."""
        return "action_read_page"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """An unknown page (an old button) leads to the list of pages."""
        turn = asking(tracker)
        page = turn.entities.get("page", "menu")
        response = page_response(page, turn)
        if response not in self._words.names():
            response = page_response("menu", turn)
        dispatcher.utter_message(response=response)
        if page.startswith("adult_"):
            dispatcher.utter_message(response=adult_menu(page))
        return [SlotSet("stage", None)]


def page_response(page: str, turn: Asking) -> str:
    """The response that is this page, for this turn."""
    if page.startswith("adult_"):
        return f"utter_{page}"
    if page.startswith(_SAYING_NO) and turn.serious:
        return "utter_say_no_unsafe"
    if page == "menu" and turn.serious:
        return "utter_page_menu_serious"
    return f"utter_page_{page}"


def adult_menu(page: str) -> str:
    """The choices at the end of an adult's page; a parent's where the page is not one audience's own."""
    return next((menu for adult, menu in ADULT_MENUS.items() if page.startswith(adult)), ADULT_MENUS["adult_parent"])
