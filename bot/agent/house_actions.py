"""All our actions, with their real collaborators."""

from __future__ import annotations

from rasa_sdk import Action

from bot.actions.action_answer_danger import ActionAnswerDanger
from bot.actions.action_ask_next import ActionAskNext
from bot.actions.action_choose_words import ActionChooseWords
from bot.actions.action_hear_dont_know import ActionHearDontKnow
from bot.actions.action_hear_no import ActionHearNo
from bot.actions.action_hear_yes import ActionHearYes
from bot.actions.action_offer_topics import ActionOfferTopics
from bot.actions.action_read_page import ActionReadPage
from bot.actions.action_rephrase import ActionRephrase
from bot.actions.action_show_people import ActionShowPeople
from bot.replies import load_words


def house_actions() -> list[Action]:
    """One instance of each action named in domain.yml."""
    words = load_words()
    return [
        ActionAnswerDanger(),
        ActionAskNext(),
        ActionChooseWords(),
        ActionHearDontKnow(),
        ActionHearNo(),
        ActionHearYes(words),
        ActionOfferTopics(words=words),
        ActionReadPage(words),
        ActionRephrase(words),
        ActionShowPeople(),
    ]
