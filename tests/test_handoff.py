"""A handoff, from card to deletion, over a real database file: who sees what, and when it is gone."""

import threading

import pytest
from conftest import missing
from desk import TestDesk
from postgres import Cluster, found

from bot.errors import HandoffError, StoreError
from bot.handoff import room
from bot.handoff.decisions import Decision
from bot.handoff.states import DAY, HOUR, KEEPING, MINUTE
from bot.handoff.sweep import sweep
from bot.safety.concern import Concern
from bot.store.database import Database


@pytest.fixture(scope="module")
def cluster():
    if not found("initdb"):
        missing("PostgreSQL")
    made = Cluster()
    yield made
    made.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    url = request.getfixturevalue("cluster").new_database() if request.param == "postgresql" else ""
    made = TestDesk(tmp_path, url)
    yield made
    made.office.db.close()


def refused(what, *args, **more):
    with pytest.raises(HandoffError) as caught:
        what(*args, **more)
    return caught.value.reason


def said(sight):
    return [item.text for item in sight.items if item.kind == room.SAID]


def test_a_counsellor_on_duty_reads_the_card_and_nothing_more(house):
    cara = house.seat("cara")
    house.card("he wants me to come out")

    (waiting,) = house.desk.waiting(cara)
    house.desk.claim(cara, waiting["id"])
    opened = house.desk.open(cara, waiting["id"])

    assert waiting["topics"] == ["worry_gifts"]
    assert [line["text"] for line in opened["card"]["lines"]] == ["Someone is giving me things", "he wants me to come out"]
    assert [item.kind for item in opened["items"]] == ["card", "event"]


def test_both_sides_talk_and_read_everything_once_and_in_order(house):
    cara = house.seat("cara")
    token, name = house.talk(cara)

    house.young.say(token, "a", "hiya")
    house.desk.say(cara, name, "a", "Hello. I am here.")
    house.young.say(token, "b", "can i say something")

    assert said(house.young.look(token)) == ["hiya", "Hello. I am here.", "can i say something"]
    assert [item.text for item in house.desk.open(cara, name)["items"] if item.kind == "said"] == said(house.young.look(token))
    assert said(house.young.look(token, after=3)) == ["Hello. I am here.", "can i say something"]


def test_a_message_sent_twice_is_kept_once(house):
    cara = house.seat("cara")
    token, name = house.talk(cara)

    assert house.young.say(token, "k", "hello") == house.young.say(token, "k", "hello")
    assert house.desk.say(cara, name, "k", "Hi") == house.desk.say(cara, name, "k", "Hi")
    assert said(house.young.look(token)) == ["hello", "Hi"]


def test_of_two_who_take_the_same_person_exactly_one_wins(house):
    seats = [house.seat("cara"), house.seat("dev")]
    house.beat(*seats)
    house.card()
    name = house.desk.waiting(seats[0])[0]["id"]
    results, start = [], threading.Barrier(2)

    def claim(seat):
        start.wait()
        try:
            house.desk.claim(seat, name)
            results.append("mine")
        except HandoffError as error:
            results.append(error.reason)

    threads = [threading.Thread(target=claim, args=(seat,)) for seat in seats]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(results) == ["mine", "taken"]


def test_nobody_else_can_open_a_talk(house):
    cara, dev = house.seat("cara"), house.seat("dev")
    house.beat(cara)
    _, name = house.talk(cara)

    assert refused(house.desk.open, dev, name) == "not_yours"
    assert refused(house.desk.say, dev, name, "k", "hello") == "not_yours"
    assert refused(house.young.look, room.new_token()) == "gone"
    assert refused(house.young.look, "../../etc") == "gone"


def test_a_counsellor_who_comes_on_duty_later_can_still_take_whoever_waits(house):
    token = house.card()
    cara = house.seat("cara")
    assert house.desk.waiting(cara)[0]["topics"] is None

    house.young.look(token)
    assert house.desk.waiting(cara)[0]["topics"] == ["worry_gifts"]


def test_the_most_serious_are_seen_first_and_nobody_waits_without_end(house):
    cara = house.seat("cara")
    first = house.card("a worry")
    house.clock.turn(5 * MINUTE)
    house.beat(cara)
    house.card("serious", Concern.HIGH)
    house.card("urgent", Concern.IMMEDIATE)

    def levels():
        return [one["concern"] for one in house.desk.waiting(cara)]

    assert levels() == ["immediate", "high", "worry"]
    assert house.young.look(first).place == 3
    house.clock.turn(14 * MINUTE)
    house.beat(cara)
    assert levels() == ["worry", "immediate", "high"]


def test_a_card_can_be_taken_back_until_somebody_opens_it(house):
    cara = house.seat("cara")
    token = house.card()

    house.young.withdraw(token)
    assert house.desk.waiting(cara) == []
    assert refused(house.young.look, token) == "gone"

    token, _ = house.talk(cara)
    assert refused(house.young.withdraw, token) == "opened"


def test_leaving_in_a_hurry_clears_the_young_persons_side_and_tells_the_counsellor(house):
    cara = house.seat("cara")
    token, name = house.talk(cara)
    house.young.say(token, "a", "someones coming")

    house.young.leave(token)

    assert refused(house.young.look, token) == "gone"
    opened = house.desk.open(cara, name)
    assert opened["state"] == "pending"
    assert opened["items"][-1].text == "left in a hurry"


def test_something_feels_wrong_reaches_a_supervisor_and_never_that_counsellor(house):
    cara, sue = house.seat("cara"), house.seat("sue", "supervisor")
    house.beat(cara)
    token, name = house.talk(cara)

    house.young.something_feels_wrong(token)

    from bot.handoff.alarms import open_alarms

    with house.office.db.read() as connection:
        assert [alarm["kind"] for alarm in open_alarms(connection)] == ["something feels wrong"]
    assert house.desk.open(sue, name)["card"]["topics"] == ["worry_gifts"]
    assert "wrong" not in " ".join(house.desk.open(cara, name)["flags"])
    assert not any("wrong" in str(item.more) + item.text for item in house.desk.open(cara, name)["items"])


def test_a_supervisor_joins_visibly(house):
    cara, sue = house.seat("cara"), house.seat("sue", "supervisor")
    house.beat(cara)
    token, name = house.talk(cara)
    assert refused(house.desk.open, sue, name) == "not_yours"

    house.desk.join(sue, name)
    sight = house.young.look(token)

    assert sight.items[-1].more == {"event": "supervisor joined", "name": "Sue"}
    assert house.desk.open(sue, name)["state"] == "talking"


def test_a_talk_is_handed_on_to_somebody_named(house):
    cara, dev = house.seat("cara"), house.seat("dev")
    house.beat(cara)
    token, name = house.talk(cara)

    house.desk.transfer(cara, name, dev.account)

    assert house.young.look(token).items[-1].more == {"event": "transfer", "name": "Dev"}
    assert house.desk.say(dev, name, "k", "Hello, I am Dev.")
    assert refused(house.desk.say, cara, name, "k2", "bye") == "not_yours"


@pytest.mark.parametrize(
    "text",
    ["call me on 07700 900123", "add me on snap", "let's meet up on Saturday", "send me a picture", "this is our little secret",
     "have a look at www.example.com/x", "you're so pretty", "I promise nobody will know"],
)  # fmt: skip
def test_words_that_could_lead_elsewhere_are_held_until_confirmed_and_a_supervisor_sees_them(text, house):
    cara, _ = house.seat("cara"), house.seat("sue", "supervisor")
    house.beat(cara)
    token, name = house.talk(cara)

    assert refused(house.desk.say, cara, name, "k", text) == "held"
    assert said(house.young.look(token)) == []
    house.desk.say(cara, name, "k", text, confirmed=True)
    assert said(house.young.look(token)) == [text]


@pytest.mark.parametrize(
    "text", ["You can ring Childline on 0800 1111.", "I am 24/7 glad you wrote", "Take your time. I am here.", "999"]
)
def test_numbers_of_the_directory_and_kind_words_are_not_held(text, house):
    cara = house.seat("cara")
    _, name = house.talk(cara)

    assert house.desk.say(cara, name, "k", text)


def test_nobody_takes_more_than_two_or_takes_anybody_off_duty(house):
    cara = house.seat("cara")
    house.talk(cara)
    house.talk(cara)
    house.card()
    name = house.desk.waiting(cara)[0]["id"]
    assert refused(house.desk.claim, cara, name) == "full"

    house.office.presence.beat(cara.account, "counsellor", False)
    assert refused(house.desk.claim, cara, name) == "off_duty"


def test_the_desk_is_staffed_only_with_a_supervisor_and_a_counsellor_who_beat(house):
    cara = house.seat("cara")
    assert not house.office.is_staffed()
    sue = house.seat("sue", "supervisor")
    house.beat(cara, sue)
    assert house.office.is_staffed()
    house.clock.turn(61)
    assert not house.office.is_staffed()


def ended(house, needed):
    cara = house.seat("cara")
    token, name = house.talk(cara)
    house.young.say(token, "a", "PLANTED-WORDS")
    house.desk.close(cara, name, "listened")
    told = ("police", "duty applies") if needed else ("nobody", "no harm or risk")
    house.decisions.record(cara, name, Decision(needed, house.clock(), "online", told[1], told[0], "none", "yes"))
    return cara, name


def test_after_no_report_needed_everything_is_gone_in_a_day(house):
    cara, name = ended(house, False)
    house.clock.turn(KEEPING["no report needed"].seconds + 6 * MINUTE)

    assert sweep(house.office).gone == 1
    assert refused(house.desk.open, cara, name) == "gone"


def test_after_report_needed_it_is_kept_for_a_week_and_no_longer(house):
    cara, name = ended(house, True)
    house.clock.turn(6 * DAY)
    sweep(house.office)
    assert house.desk.open(cara, name)["state"] == "pending"
    house.clock.turn(2 * DAY)
    assert sweep(house.office).gone == 1


def test_a_talk_with_nobody_there_ends_after_an_hour(house):
    cara = house.seat("cara")
    token, _ = house.talk(cara)
    house.clock.turn(HOUR + 6 * MINUTE)

    assert sweep(house.office).ended == 1
    assert refused(house.young.look, token) == "gone"


def test_when_nobody_comes_the_supervisor_is_alarmed_and_the_young_person_told(house):
    token = house.card()
    house.clock.turn(21 * MINUTE)

    assert "nobody came" in sweep(house.office).alarms
    assert house.young.look(token).late
    assert sweep(house.office).alarms == ()


def test_a_left_message_is_answered_and_only_its_code_opens_the_answer(house):
    cara = house.seat("cara")
    code = house.codes.leave_message("is it ok what he does", Concern.WORRY, house.clock() + DAY)
    (left,) = house.desk.left_messages(cara)
    assert house.desk.open(cara, left["id"])["items"][-1].text == "is it ok what he does"
    assert house.codes.come_back(code).text == ""

    house.desk.answer_left(cara, left["id"], "Thank you for asking. It is not OK.")

    assert refused(house.desk.open, cara, left["id"]) == "not_yours"
    returned = house.codes.come_back(code.upper().replace(" ", ", "))
    assert (returned.state, returned.text) == ("answered", "Thank you for asking. It is not OK.")
    house.codes.read(returned)
    assert refused(house.codes.come_back, code) == "code_wrong"


def test_a_note_both_agreed_on_sleeps_behind_its_code_for_as_long_as_they_chose(house):
    cara = house.seat("cara")
    token, name = house.talk(cara)
    assert refused(house.codes.offer, token) == "no_note"
    house.desk.propose_note(cara, name, "Someone gives things.\nWants help to say no.")

    code = house.codes.offer(token)
    assert refused(house.codes.come_back, code) == "code_wrong"
    house.codes.confirm(token, code, 3)
    house.desk.close(cara, name, "listened")

    returned = house.codes.come_back(code)
    assert returned.text == "Someone gives things.\nWants help to say no."
    assert not returned.used_before
    assert house.codes.come_back(code).used_before
    house.clock.turn(3 * DAY + 6 * MINUTE)
    assert refused(house.codes.come_back, code) == "code_wrong"


def test_an_old_code_dies_only_when_the_new_one_is_confirmed(house):
    cara = house.seat("cara")
    token, name = house.talk(cara)
    house.desk.propose_note(cara, name, "One line.")
    old = house.codes.offer(token)
    house.codes.confirm(token, old, 14)
    returned = house.codes.come_back(old)
    new = house.codes.offer(token)

    assert house.codes.come_back(old).text == "One line."
    house.codes.confirm(token, new, 14, returned)
    assert refused(house.codes.come_back, old) == "code_wrong"
    assert house.codes.come_back(new).text == "One line."


@pytest.mark.parametrize("text", ["", "one two three four five", "dad' OR 1=1 --", "😀" * 500, "a b c d e f"])
def test_words_that_are_no_code_lead_nowhere(text, house):
    assert refused(house.codes.come_back, text) == "code_wrong"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "abc\u202edef", "null\x00byte", "🏳️‍🌈" * 100],
    ids=["script", "right to left", "null", "flags"],
)
def test_hostile_text_arrives_as_it_was_typed_and_does_nothing(text, house):
    cara = house.seat("cara")
    token, _ = house.talk(cara)
    house.young.say(token, "k", text)
    assert said(house.young.look(token)) == [text]


def test_a_counsellor_whose_account_is_shut_in_the_middle_can_open_nothing(house):
    from bot.handoff import accounts as book

    cara, dev = house.seat("cara"), house.seat("dev")
    house.beat(cara)
    token, name = house.talk(cara)
    with house.office.db.change() as connection:
        book.disable(connection, house.clock(), "cara", "test")

    assert refused(house.desk.open, cara, name) == "not_yours"
    assert house.young.say(token, "k", "are you there")
    assert refused(house.desk.open, dev, name) == "not_yours"


def test_with_the_file_and_the_service_key_and_nothing_else_no_words_can_be_read(tmp_path):
    house = TestDesk(tmp_path)
    cara = house.seat("cara")
    token, name = house.talk(cara)
    house.young.say(token, "a", "PLANTED-WORDS of a child")
    house.desk.propose_note(cara, name, "PLANTED-NOTE")
    house.codes.leave_message("PLANTED-MESSAGE", Concern.HIGH, house.clock() + DAY)
    house.desk.ask_supervisor(cara, name, "PLANTED-QUESTION")

    raw = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"PLANTED" not in raw
    assert b"worry_gifts" not in raw
    assert token.encode() not in raw


def test_a_row_somebody_else_put_in_is_never_shown(house):
    from sqlalchemy import insert, select

    from bot.store.sealing import seal
    from bot.store.tables import handoffs, words

    cara = house.seat("cara")
    token, name = house.talk(cara)
    with house.office.db.change() as connection:
        public = connection.execute(select(handoffs.c.public).where(handoffs.c.id == name)).scalar()
        blob = seal(public, b'{"by": "counsellor", "text": "meet me", "more": {}}', f"sidedoor/1/words/{name}/99/said")
        connection.execute(insert(words).values(handoff=name, seq=99, key="x", kind="said", blob=blob, tag=b"0" * 32))

    assert "meet me" not in said(house.young.look(token))


def test_a_second_server_on_the_same_database_is_refused(house):
    house.office.db.lock()
    with pytest.raises(StoreError, match="Another server"):
        Database(str(house.office.db.url)).lock()


def test_a_damaged_file_is_told_plainly_and_without_a_row(tmp_path):
    (tmp_path / "sidedoor.db").write_bytes(b"no database at all" * 200)
    with pytest.raises(StoreError, match="damaged"):
        Database(f"sqlite:///{tmp_path}/sidedoor.db")


def test_the_migrations_make_exactly_the_tables_the_code_uses(house):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from bot.store.tables import metadata

    with house.office.db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
