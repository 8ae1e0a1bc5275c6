import asyncio

from bot.channels.joining import Joining
from bot.safety.heard import Heard


def test_messages_sent_in_quick_succession_are_heard_together_and_answered_once(turns, recogniser):
    async def three_pieces():
        joining, (conversation, _) = Joining(turns, window=0.2), turns.open()
        pieces = []
        for text in ("he keeps", "asking me", "for pics"):
            pieces.append(asyncio.create_task(joining.say(conversation, text)))
            await asyncio.sleep(0.05)
        return await asyncio.gather(*pieces)

    first, second, third = asyncio.run(three_pieces())

    assert first is None
    assert second is None
    assert third.replies
    assert recogniser.texts[-1] == "he keeps asking me for pics"


def test_danger_does_not_wait_for_a_second_message(turns, recogniser):
    recogniser.heard = Heard((("worry_home", 0.9),), frozenset({"hurt_now"}))

    async def one():
        joining, (conversation, _) = Joining(turns, window=30), turns.open()
        return await asyncio.wait_for(joining.say(conversation, "hes hitting me"), 2)

    assert asyncio.run(one()).topic == "risk_immediate_danger"


def test_danger_in_the_second_piece_is_answered_at_once_with_the_first(turns, recogniser):
    async def two():
        joining, (conversation, _) = Joining(turns, window=0.3), turns.open()
        first = asyncio.create_task(joining.say(conversation, "um"))
        await asyncio.sleep(0.05)
        recogniser.heard = Heard((("risk_immediate_danger", 0.9),))
        second = await joining.say(conversation, "he has locked me in")
        return await first, second

    first, second = asyncio.run(two())

    assert first is None
    assert second.topic == "risk_immediate_danger"


def test_two_people_are_never_heard_as_one(turns, recogniser):
    async def two_people():
        joining = Joining(turns, window=0.1)
        (one, _), (two, _) = turns.open(), turns.open()
        return await asyncio.gather(joining.say(one, "first person"), joining.say(two, "second person"))

    assert all(asyncio.run(two_people()))
    assert {"first person", "second person"} <= set(recogniser.texts)


def test_not_safe_typed_after_the_safety_question_does_not_wait(turns, recogniser):
    recogniser.heard = Heard((("deny", 0.95),), words=1)

    async def one():
        joining, (conversation, _) = Joining(turns, window=30), turns.open()
        conversation.asked = "asked_safe"
        return await asyncio.wait_for(joining.say(conversation, "no"), 2)

    assert asyncio.run(one()).concern.word == "immediate"


def test_a_recogniser_that_fails_still_gives_kind_words_and_keeps_no_text(turns, recogniser):
    recogniser.fails = RuntimeError("broken")
    joining = Joining(turns, window=30)

    answer = asyncio.run(asyncio.wait_for(joining.say(turns.open()[0], "he keeps asking"), 2))

    assert answer.replies[0].response == "utter_safe_reply"
    assert joining._waiting == {}
