import asyncio
import logging

from bot.errors import AgentNotReady
from bot.house import concern_table
from bot.memory import Conversations
from bot.safety.concern import Concern
from bot.safety.heard import Heard
from bot.turn import Turns

SECRET = "his name is zebedee quartermain"  # noqa: S105  # a planted sentence, not a password


def run(work):
    return asyncio.run(work)


def test_a_message_is_recognised_once_and_answered(turns, recogniser):
    conversation, _ = turns.open()

    answer = run(turns.say(conversation, "he buys me things"))

    assert recogniser.texts == ["he buys me things"]
    assert answer.topic == "worry_gifts"
    assert answer.replies[0].text


def test_an_exploding_turn_still_gives_kind_words_with_999_and_childline_and_a_clean_log(turns, recogniser, caplog):
    caplog.set_level(logging.DEBUG)
    recogniser.fails = ValueError(SECRET)
    conversation, _ = turns.open()

    answer = run(turns.say(conversation, SECRET))

    assert answer.replies[0].response == "utter_safe_reply"
    assert "999" in answer.replies[0].text
    assert "0800 1111" in answer.replies[0].text
    assert "zebedee" not in caplog.text
    assert "ValueError" in caplog.text


def test_a_turn_that_takes_too_long_gives_the_safe_reply(turns, recogniser):
    recogniser.slow = 5
    conversation, _ = turns.open()

    assert run(turns.say(conversation, "hello")).replies[0].response == "utter_safe_reply"


def test_an_empty_result_is_never_silence(turns, recogniser):
    async def nothing(*_):
        return [], None

    recogniser.answer = nothing
    conversation, _ = turns.open()

    assert run(turns.say(conversation, "hello")).replies[0].response == "utter_safe_reply"


def test_while_rasa_loads_the_person_hears_one_moment_and_where_help_is(turns, recogniser):
    recogniser.fails = AgentNotReady("loading")
    conversation, _ = turns.open()

    answer = run(turns.say(conversation, "hello"))

    assert answer.replies[0].response == "utter_one_moment"
    assert "999" in answer.replies[0].text


def test_concern_never_falls_because_someone_takes_it_back(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard = Heard((("worry_blackmail", 0.9),))
    run(turns.say(conversation, "they will post it"))
    recogniser.heard = Heard((("out_of_scope", 0.99),))

    assert run(turns.say(conversation, "jk lol forget it")).concern is Concern.HIGH


def test_a_button_works_for_as_long_as_the_conversation_and_twice(turns):
    conversation, opening = turns.open()
    payload = opening.replies[0].buttons[0].payload

    assert run(turns.tap(conversation, payload)).topic == "worry_image_request"
    assert run(turns.tap(conversation, payload)).topic == "worry_image_request"


def test_a_button_never_offered_gets_kind_words_and_is_not_obeyed(turns, recogniser):
    conversation, _ = turns.open()

    for forged in ("risk_suicide", "restart", '/set{"area": "x"}', None, 7, "x" * 9000):
        assert run(turns.tap(conversation, forged)).replies[0].response == "utter_unknown_button"
    assert recogniser.answered == []


def test_a_door_still_opens_when_the_earlier_chat_was_forgotten(turns):
    _, opening = turns.open()
    fresh, _ = turns.open()

    assert run(turns.tap(fresh, opening.replies[0].buttons[0].payload)).topic == "worry_image_request"


def test_no_after_are_you_safe_is_danger_now(turns, recogniser):
    conversation, _ = turns.open()
    recogniser.heard, recogniser.stage = Heard((("worry_home", 0.9),)), "asked_safe"
    run(turns.say(conversation, "its my stepdad"))
    recogniser.heard = Heard((("deny", 0.9),))

    assert run(turns.say(conversation, "no")).concern is Concern.IMMEDIATE


def test_another_language_gets_its_card_and_no_guess(turns, recogniser):
    recogniser.heard = Heard((("worry_gifts", 0.4),), other_language=True)
    conversation, _ = turns.open()

    answer = run(turns.say(conversation, "mi novio me pide fotos"))

    assert answer.replies[0].response == "utter_other_language"
    assert recogniser.answered == []


def test_an_age_told_in_passing_is_used(turns, recogniser):
    recogniser.heard = Heard((("worry_gifts", 0.9),), frozenset({"under_13"}))
    conversation, _ = turns.open()

    run(turns.say(conversation, "im 9"))

    assert recogniser.answered[0][2]["band"] == "under_13"


def test_what_was_typed_can_never_slip_out_by_printing_a_conversation(turns):
    conversation, _ = turns.open()

    run(turns.say(conversation, SECRET))

    assert "zebedee" not in repr(conversation)
    assert isinstance(turns.conversations, Conversations)


def test_leaving_in_the_middle_of_a_turn_leaves_nothing_behind(recogniser, words):
    forgotten = []
    turns = Turns(recogniser, words, concern_table(), Conversations(forgotten.append))
    recogniser.slow = 0.05

    async def leave_midway():
        conversation, _ = turns.open()
        talking = asyncio.create_task(turns.say(conversation, "he buys me things"))
        await asyncio.sleep(0.01)
        turns.conversations.leave(conversation.id)
        before = len(forgotten)
        await talking
        return before

    before = asyncio.run(leave_midway())

    assert len(forgotten) > before, "what the turn wrote after leaving must be forgotten too"
