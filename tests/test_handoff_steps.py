"""The young person's steps through the whole turn: typed or tapped, and when something underneath is broken."""

import asyncio
import sqlite3

import pytest
from desk import TestDesk
from sqlalchemy import event

from bot.errors import ServiceKeyError
from bot.handoff.in_hand import hand_of
from bot.house import concern_table
from bot.memory import Conversations
from bot.safety.heard import Heard, Levels
from bot.store.service_key import load, load_or_create, rotate
from bot.turn import Turns


@pytest.fixture
def house(tmp_path):
    made = TestDesk(tmp_path)
    made.cara, made.sue = made.seat("cara"), made.seat("sue", "supervisor")
    made.beat(made.cara, made.sue)
    yield made
    made.office.db.close()


@pytest.fixture
def turns(house, recogniser, words):
    return Turns(recogniser, words, concern_table(), Conversations(), patience=10, handoff=house.parts().steps())


def names(answer):
    return [reply.response for reply in answer.replies]


def run(steps):
    return asyncio.run(steps())


async def to_card(turns):
    conversation, _ = turns.open()
    await turns.say(conversation, "he keeps giving me stuff")
    return conversation, await turns.tap(conversation, "handoff_card")


def test_a_person_is_offered_once_after_a_worry_and_always_when_asked_for(turns, recogniser):
    async def steps():
        conversation, _ = turns.open()
        first = await turns.say(conversation, "he keeps giving me stuff")
        second = await turns.say(conversation, "and more stuff")
        recogniser.heard = Heard((("ask_for_human", 0.99),))
        return first, second, await turns.say(conversation, "can i talk to someone")

    first, second, asked = run(steps)
    assert "utter_handoff_offer" in names(first)
    assert "utter_handoff_offer" not in names(second)
    assert names(asked) == ["utter_handoff_offer"]


def test_in_danger_nothing_stands_beside_999(turns, recogniser):
    recogniser.heard = Heard((("risk_immediate_danger", 0.95),), frozenset({"held_or_followed"}), levels=Levels(1, 1, 1))

    async def steps():
        conversation, _ = turns.open()
        return await turns.say(conversation, "he has locked me in")

    assert "utter_handoff_offer" not in names(run(steps))


def test_adults_are_shown_other_people(turns, recogniser):
    recogniser.heard = Heard((("adult_parent", 0.95),))

    async def steps():
        conversation, _ = turns.open()
        first = await turns.say(conversation, "i am worried about my son")
        recogniser.heard = Heard((("ask_for_human", 0.99),))
        return first, await turns.say(conversation, "let me talk to a person")

    first, asked = run(steps)
    assert "utter_handoff_offer" not in names(first)
    assert names(asked)[-1] == "utter_handoff_not_for_adults"


def test_with_nobody_there_hours_other_people_and_a_message_are_offered(house, turns, recogniser):
    house.clock.turn(120)
    recogniser.heard = Heard((("ask_for_human", 0.99),))

    async def steps():
        conversation, _ = turns.open()
        return await turns.say(conversation, "can i talk to someone")

    answer = run(steps)
    assert names(answer) == ["utter_handoff_closed"]
    assert {"ask_services", "handoff_message", "handoff_code"} <= {button.payload for button in answer.replies[0].buttons}


def test_a_grave_message_is_shown_people_open_now_before_it_can_be_left(house, turns, recogniser):
    async def steps():
        conversation, _ = turns.open()
        conversation.offered.add("handoff_message")
        first = await turns.tap(conversation, "handoff_message")
        recogniser.heard = Heard((("worry_threats", 0.95),), levels=Levels(0.99, 0.99, 0.0))
        return first, await turns.say(conversation, "he hit me again and i cant go home")

    first, written = run(steps)
    assert "Nobody will read it until" in first.replies[0].text
    assert names(written) == ["utter_handoff_message_urgent"]
    assert "999" in written.replies[0].text


def test_the_whole_card_can_be_taken_by_typing(house, turns):
    async def steps():
        conversation, card = await to_card(turns)
        out = await turns.say(conversation, "1")
        sent = await turns.say(conversation, "Send it!")
        return card, out, sent

    card, out, sent = run(steps)
    assert card.step.card[0].goes
    assert not out.step.card[0].goes
    assert sent.step.token
    house.young.look(sent.step.token)
    assert len(house.desk.waiting(house.cara)) == 1


def test_consent_is_bound_to_the_very_card_that_was_shown(turns):
    async def steps():
        conversation, _ = await to_card(turns)
        hand = hand_of(conversation)
        hand.card = hand.card.with_own("slipped in unseen")
        return await turns.tap(conversation, "handoff_send"), hand

    answer, hand = run(steps)
    assert names(answer)[0] == "utter_handoff_card_changed"
    assert hand.token is None


def test_tapping_send_twice_makes_one_handoff(house, turns):
    async def steps():
        conversation, _ = await to_card(turns)
        return await turns.tap(conversation, "handoff_send"), await turns.tap(conversation, "handoff_send")

    first, second = run(steps)
    assert first.step.token
    assert names(second) == ["utter_handoff_stay"]
    assert len(house.desk.waiting(house.cara)) == 1


def test_lines_about_who_somebody_is_start_left_out(turns, recogniser):
    recogniser.heard = Heard((("worry_outing", 0.95),))
    _, card = run(lambda: to_card(turns))

    assert not card.step.card[0].goes


def test_while_a_counsellor_talks_the_bot_says_nothing_but_999_in_danger(house, turns, recogniser):
    async def steps():
        conversation, _ = await to_card(turns)
        sent = await turns.tap(conversation, "handoff_send")
        waiting = await turns.say(conversation, "are they coming")
        house.desk.claim(house.cara, house.desk.waiting(house.cara)[0]["id"])
        quiet = await turns.say(conversation, "hiya", "k1")
        recogniser.heard = Heard((("risk_immediate_danger", 0.95),), levels=Levels(1, 1, 1))
        return sent, waiting, quiet, await turns.say(conversation, "hes outside the door", "k2")

    sent, waiting, quiet, danger = run(steps)
    assert waiting.replies  # while they wait, the bot still answers
    assert quiet.replies == ()
    assert quiet.step.relayed
    assert names(danger) == ["utter_handoff_danger"]
    assert [item.text for item in house.young.look(sent.step.token).items if item.kind == "said"] == [
        "hiya",
        "hes outside the door",
    ]


def test_what_is_said_to_a_counsellor_arrives_even_when_nothing_can_listen(house, turns, recogniser):
    async def steps():
        conversation, _ = await to_card(turns)
        await turns.tap(conversation, "handoff_send")
        house.desk.claim(house.cara, house.desk.waiting(house.cara)[0]["id"])
        recogniser.fails = RuntimeError("no model")
        return await turns.say(conversation, "hiya", "k")

    assert run(steps).step.relayed


def locked(house):
    other = sqlite3.connect(house.office.db.file)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_a_locked_database_closes_only_the_handoff_and_999_and_the_bot_go_on(house, turns):
    async def steps():
        conversation, _ = await to_card(turns)
        other = locked(house)
        broken = await turns.tap(conversation, "handoff_send")
        after = await turns.say(conversation, "he gave me more")
        other.close()
        return broken, after, await turns.tap(conversation, "handoff_send")

    broken, after, again = run(steps)
    assert names(broken)[0] in ("utter_handoff_broken", "utter_handoff_closed")
    assert "utter_worry_gifts_again" in names(after)
    assert again.step.token


def test_a_full_disk_loses_nothing_that_was_accepted(house, turns):
    full = []

    def cap(raw, _):
        if full:
            raw.execute(f"PRAGMA max_page_count={full[0]}").close()

    event.listen(house.office.db.engine, "connect", cap)

    async def steps():
        conversation, _ = await to_card(turns)
        sent = await turns.tap(conversation, "handoff_send")
        house.desk.claim(house.cara, house.desk.waiting(house.cara)[0]["id"])
        await turns.say(conversation, "kept", "k1")
        with house.office.db.read() as connection:
            full.append(connection.exec_driver_sql("PRAGMA page_count").scalar())
        answers = [await turns.say(conversation, "x" * 1_900, f"full{number}") for number in range(40)]
        full.clear()
        return sent.step.token, answers, await turns.say(conversation, "x" * 1_900, "full39")

    token, answers, again = run(steps)
    assert names(answers[-1]) == ["utter_handoff_not_sent"]
    assert again.step.relayed
    said = [item.text for item in house.young.look(token).items if item.kind == "said"]
    assert said[0] == "kept"
    assert len(said) == 1 + len([answer for answer in answers if answer.step.relayed]) + 1


def test_a_lost_or_open_service_key_is_told_plainly(tmp_path):
    path = tmp_path / "service.key"
    with pytest.raises(ServiceKeyError, match="own backup"):
        load(path)
    load_or_create(path)
    path.chmod(0o644)
    with pytest.raises(ServiceKeyError, match="chmod 600"):
        load(path)


def test_codes_made_before_a_new_service_key_still_work(house):
    token, name = house.talk(house.cara)
    house.desk.propose_note(house.cara, name, "One line.")
    code = house.codes.offer(token)
    house.codes.confirm(token, code, 3)
    path = house.folder / "keys" / "service.key"
    rotate(path)
    house.office.service = load(path)

    assert house.codes.come_back(code).text == "One line."
    house.young.say(token, "k", "after")
    assert [item.text for item in house.desk.open(house.cara, name)["items"] if item.kind == "said"] == ["after"]


def test_the_card_says_how_long_it_is_kept_as_the_code_keeps_it(words):
    from bot.handoff.states import DAY, KEEPING, NO_REPORT, PENDING, REPORT

    longest = {name: (KEEPING[PENDING].seconds + KEEPING[name].seconds) / DAY for name in (NO_REPORT, REPORT)}
    assert longest == {NO_REPORT: 8, REPORT: 14}
    for wording in ("everybody", "child", "easy"):
        said = words.reply("utter_handoff_card", wording).text
        assert "up to eight days" in said
        assert "up to two weeks" in said


def test_after_a_talk_has_ended_a_person_can_be_asked_for_again(house, turns):
    async def steps():
        conversation, _ = await to_card(turns)
        await turns.tap(conversation, "handoff_send")
        name = house.desk.waiting(house.cara)[0]["id"]
        house.desk.claim(house.cara, name)
        house.desk.close(house.cara, name, "listened")
        bot = await turns.say(conversation, "he gave me more stuff")
        conversation.offered.add("handoff_card")
        return bot, await turns.tap(conversation, "handoff_card")

    bot, again = run(steps)
    assert bot.replies
    assert again.step.card


def test_a_code_of_a_talk_that_is_gone_is_not_called_good(house, turns):
    async def steps():
        conversation, _ = await to_card(turns)
        await turns.tap(conversation, "handoff_send")
        hand = hand_of(conversation)
        hand.code, hand.token = "one two three four five", None
        conversation.offered.add("handoff_code_kept")
        return await turns.tap(conversation, "handoff_code_kept")

    assert names(run(steps)) == ["utter_handoff_gone"]


def test_an_age_typed_on_the_card_is_an_age_and_no_line(turns):
    async def steps():
        conversation, _ = await to_card(turns)
        await turns.say(conversation, "12")
        return conversation

    conversation = run(steps)
    assert conversation.band == "under_13"
    assert hand_of(conversation).card is not None


def test_a_late_tap_never_ends_a_talk_that_goes_on(house, turns):
    async def steps():
        conversation, _ = await to_card(turns)
        sent = await turns.tap(conversation, "handoff_send")
        house.desk.claim(house.cara, house.desk.waiting(house.cara)[0]["id"])
        conversation.offered.add('handoff_keep{"days": "3"}')
        return sent, await turns.tap(conversation, 'handoff_keep{"days": "3"}'), await turns.say(conversation, "hi", "k")

    sent, late, said = run(steps)
    assert not late.step.ended
    assert said.step.relayed
    assert house.young.look(sent.step.token).state == "talking"


def test_a_listener_that_hangs_keeps_nothing_from_the_counsellor(house, recogniser, words):
    turns = Turns(recogniser, words, concern_table(), Conversations(), patience=1, handoff=house.parts().steps())

    async def hang(text):
        await asyncio.sleep(30)

    async def steps():
        conversation, _ = await to_card(turns)
        await turns.tap(conversation, "handoff_send")
        house.desk.claim(house.cara, house.desk.waiting(house.cara)[0]["id"])
        recogniser.hear = hang
        return await turns.say(conversation, "hi", "k")

    assert run(steps).step.relayed


def test_a_receipt_holds_the_wording_and_nothing_that_depends_on_what_was_said(house, turns):
    async def send(own):
        conversation, _ = await to_card(turns)
        hand = hand_of(conversation)
        if own:
            await turns.say(conversation, "add my own line")
            await turns.say(conversation, own)
        await turns.tap(conversation, "handoff_send")
        return hand

    run(lambda: send("he is my coach"))
    run(lambda: send("she lives near"))
    with house.office.db.read() as connection:
        kept = connection.exec_driver_sql("SELECT wording FROM receipt").scalars().all()
    assert len(kept) == 2
    assert len(set(kept)) == 1
