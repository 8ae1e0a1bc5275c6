"""An answer fits who reads it and what was said before, and never grows weaker."""

import asyncio

import pytest

from bot.answering import wording
from bot.memory import Conversation
from bot.replies import SAFE_REPLY
from bot.safety.concern import Concern
from bot.safety.heard import Heard, Levels
from bot.turn import Turns


def run(work):
    return asyncio.run(work)


def said(answer):
    return [reply.response for reply in answer.replies]


def heard(topic, *signals, high=0.9, immediate=0.0, share=0.95):
    return Heard(((topic, share),), frozenset(signals), levels=Levels(0.99, high, immediate), there=((topic, share),))


@pytest.mark.parametrize(
    ("band", "easy", "reads"),
    [
        (None, False, "everybody"),
        ("under_13", False, "child"),
        ("under_13", True, "child"),
        ("13_15", False, "everybody"),
        ("16_17", False, "older"),
        ("18_over", False, "older"),
        ("16_17", True, "easy"),
    ],
)
def test_each_reader_gets_the_wording_for_them(band, easy, reads):
    assert wording(Conversation("x", band=band, easy=easy)) == reads


def test_an_age_told_in_passing_changes_the_words_and_is_not_asked_again(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("worry_gifts")

    run(turns.say(conversation, "im 9 and a man gives me sweets"))

    assert conversation.band == "under_13"
    assert recogniser.answered[-1][2]["wording"] == "child"
    assert not recogniser.answered[-1][2]["may_ask_age"]


def test_age_is_only_asked_about_after_a_first_answer(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("worry_gifts")

    run(turns.say(conversation, "he buys me things"))
    run(turns.say(conversation, "and now he wants something"))

    assert [notes["may_ask_age"] for _, _, notes in recogniser.answered] == [False, True]


def test_a_typed_age_answers_the_question_and_is_nothing_else(turns, recogniser):
    conversation, _ = turns.open()

    run(turns.say(conversation, "14"))

    assert recogniser.answered[-1][0] == "choose_words"
    assert conversation.band == "13_15"


def test_danger_in_any_topic_puts_999_first_and_keeps_the_topics_own_words(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("worry_meeting_someone", immediate=0.9)

    answer = run(turns.say(conversation, "hes picking me up in ten minutes"))

    assert said(answer)[:2] == ["utter_risk_immediate_danger", "utter_worry_meeting_someone"]
    assert answer.replies[0].text.splitlines()[0].count("999") == 1
    assert answer.concern is Concern.IMMEDIATE


def test_the_same_thing_told_again_is_answered_in_other_words_and_held_as_serious(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("worry_home")

    answers = [run(turns.say(conversation, "my stepdad comes in at night")) for _ in range(5)]

    assert said(answers[0])[0] == "utter_worry_home"
    assert all(said(answer)[0] == "utter_worry_home_again" for answer in answers[1:])
    assert all(answer.concern >= Concern.HIGH for answer in answers)


def test_after_danger_the_next_message_gets_its_own_answer_while_the_level_is_held(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("risk_immediate_danger", immediate=0.95)
    run(turns.say(conversation, "hes breaking the door"))
    recogniser.heard = heard("worry_controlling", high=0.1)

    answer = run(turns.say(conversation, "he reads all my messages"))

    assert said(answer)[0] == "utter_worry_controlling"
    assert answer.concern is Concern.IMMEDIATE


def test_thats_not_what_i_meant_stops_the_danger_words_coming_again_by_a_guess(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("risk_immediate_danger", immediate=0.9)
    run(turns.say(conversation, "im dying here"))
    conversation.offered.add("nlu_fallback")
    run(turns.tap(conversation, "nlu_fallback"))
    unclear = Heard((("worry_feeling_low", 0.6), ("risk_immediate_danger", 0.3)), levels=Levels(0.9, 0.2, 0.0))
    recogniser.heard = unclear

    assert said(run(turns.say(conversation, "i just meant im bored of all this")))[0] == "utter_worry_feeling_low"
    recogniser.heard = heard("risk_immediate_danger", "at_the_door", immediate=0.9)
    assert said(run(turns.say(conversation, "hes at the door now")))[0].startswith("utter_risk_immediate_danger")


def test_lines_for_saying_no_are_not_given_where_saying_no_may_not_be_safe(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = Heard((("ask_how_to_say_no", 0.95),))

    assert said(run(turns.say(conversation, "how do i say no")))[0] == "utter_ask_how_to_say_no"
    conversation.concern = Concern.HIGH
    assert said(run(turns.say(conversation, "how do i say no")))[0] == "utter_say_no_unsafe"


def test_who_somebody_says_they_are_adds_one_line_once_and_is_never_guessed(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("worry_blackmail", "who_boy", "who_lgbt")

    first, second, third = (run(turns.say(conversation, "im a gay lad and they want money")) for _ in range(3))

    assert said(first)[1] == "utter_who_lgbt"
    assert said(second)[1] == "utter_who_boy"
    assert not any(name.startswith("utter_who") for name in said(third))


def test_a_parent_who_asks_what_a_child_said_here_hears_that_nobody_can_be_looked_up(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = heard("adult_parent", "asks_about_child")

    assert said(run(turns.say(conversation, "has my daughter talked to you")))[0] == "utter_adult_lookup"


@pytest.mark.parametrize(
    ("signals", "topic", "kind"),
    [
        (("medical_now",), "risk_immediate_danger", "medical"),
        ((), "risk_immediate_danger", "now"),
        (("hurt_now",), "worry_friend", "someone_else"),
    ],
)
def test_the_screen_says_which_words_for_danger_fit(turns, recogniser, signals, topic, kind):
    conversation, _ = turns.open()
    recogniser.heard = heard(topic, *signals, immediate=0.95)

    run(turns.say(conversation, "help"))

    assert recogniser.answered[-1][2]["danger"] == kind


def test_a_withdrawn_text_is_replaced_by_the_general_safe_answer(recogniser, words, turns):
    strict = Turns(recogniser, words, turns._table, turns.conversations, withdrawn=frozenset({"utter_worry_gifts"}))
    conversation, _ = strict.open()
    recogniser.heard = heard("worry_gifts")

    assert said(run(strict.say(conversation, "he buys me things"))) == [SAFE_REPLY]
