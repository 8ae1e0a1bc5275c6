"""After its time, the real `bot purge` leaves no trace of what was said: not in the file, its log or beside it."""

import os
import subprocess
import sys

from desk import TestDesk

from bot.handoff.decisions import Decision
from bot.handoff.states import DAY
from bot.paths import ROOT
from bot.safety.concern import Concern

PLANTED = "PLANTED-7f3a"


def test_after_its_time_nothing_of_a_talk_is_left_in_any_file(tmp_path):
    house = TestDesk(tmp_path)
    house.clock.at -= 200 * DAY  # long ago, so that the real clock finds all of it past its time
    cara = house.seat("cara")
    token, name = house.talk(cara)
    for number in range(20):
        house.young.say(token, str(number), f"{PLANTED} {number}")
        house.desk.say(cara, name, str(number), f"{PLANTED} {number}")
    house.desk.propose_note(cara, name, PLANTED)
    code = house.codes.offer(token)
    house.codes.confirm(token, code, 30)
    house.desk.close(cara, name, "listened")
    house.decisions.record(cara, name, Decision(False, house.clock(), "online", "no harm or risk", "nobody", "none", "yes"))
    house.codes.leave_message(PLANTED, Concern.WORRY, house.clock() + DAY)
    with house.office.db.read() as connection:
        blobs = [bytes(blob) for (blob,) in connection.exec_driver_sql("SELECT blob FROM words UNION ALL SELECT blob FROM wrap")]
        names = [row for (row,) in connection.exec_driver_sql("SELECT DISTINCT handoff FROM words")]
    house.office.db.close()
    settings = {"SIDEDOOR_DATABASE": str(house.office.db.url), "SIDEDOOR_KEY_FILE": str(tmp_path / "keys" / "service.key")}
    assert any(blob in everything(tmp_path) for blob in blobs)

    done = subprocess.run(
        [sys.executable, "-m", "bot", "purge"], cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "3 gone" in done.stdout
    left = everything(tmp_path)
    assert PLANTED.encode() not in left
    assert not [blob for blob in blobs if blob in left]
    assert len(names) == 3
    assert PLANTED not in done.stdout + done.stderr


def test_the_sealed_words_are_gone_from_the_log_at_once_when_a_card_is_taken_back(tmp_path):
    house = TestDesk(tmp_path)
    token = house.card(PLANTED)
    with house.office.db.read() as connection:
        blobs = [bytes(blob) for (blob,) in connection.exec_driver_sql("SELECT blob FROM words UNION ALL SELECT blob FROM wrap")]
    house.young.withdraw(token)

    assert not [blob for blob in blobs if blob in everything(tmp_path)]


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
