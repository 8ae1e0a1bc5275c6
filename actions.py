"""Lets a plain `rasa run actions` find the actions, which live in bot/actions/, one a file."""

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

__all__ = [
    "ActionAnswerDanger",
    "ActionAskNext",
    "ActionChooseWords",
    "ActionHearDontKnow",
    "ActionHearNo",
    "ActionHearYes",
    "ActionOfferTopics",
    "ActionReadPage",
    "ActionRephrase",
    "ActionShowPeople",
]
