"""The process is killed at named and at random points: nothing accepted is lost, nothing doubled, and nobody signs in again."""

import json
import subprocess
import sys
from pathlib import Path

import pyotp
import pytest
from desk import TestDesk

from bot.errors import HandoffError
from bot.handoff.sweep import sweep
from bot.store.points import POINTS

HERE = Path(__file__).parent
CASES = [(point, times) for point in POINTS for times in (0, 2)] + [("random", number) for number in range(4)]


@pytest.mark.parametrize(("point", "times"), CASES, ids=lambda part: str(part))
def test_nothing_accepted_is_lost_or_doubled_and_both_go_on(point, times, tmp_path):
    house = TestDesk(tmp_path)
    passphrase, secret = house.account("cara")
    house.clock.turn(60)
    cookie = house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock()))).cookie
    (tmp_path / "cookie").write_text(cookie.hex())
    house.office.db.close()

    died = subprocess.run([sys.executable, HERE / "dying.py", tmp_path, point, str(times)], capture_output=True, text=True)
    assert died.returncode == -9, died.stderr
    told = [json.loads(line) for line in died.stdout.splitlines() if line.endswith("}")]

    again = TestDesk(tmp_path)
    seat = again.sign_in.find(cookie).seat  # nobody signs in again
    again.beat(seat)
    tokens = {one["token"] for one in told if "token" in one}
    closed = {one["closed"] for one in told if "closed" in one}
    talks = {one["token"]: one["talk"] for one in told if "talk" in one}
    for token in tokens:
        sight = again.young.look(token)
        said = [item.text for item in sight.items if item.kind == "said"]
        accepted = [one["said"] for one in told if one.get("token") == token and "said" in one]
        assert said[: len(accepted)] == accepted
        assert len(said) == len(set(said)) <= len(accepted) + 1
        if token in talks:
            assert sight.state == ("pending" if talks[token] in closed else sight.state)
            go_on(again, seat, token, talks[token], said)
    for one in told:
        if "code" in one:
            assert again.codes.come_back(one["code"]).text == "One line."
    assert sweep(again.office).clean


def go_on(house, seat, token, name, said):
    """Whoever was cut off sends the same again, with the same key: it is there once."""
    try:
        for turn in range(3):
            house.young.say(token, f"{turn}", f"young {turn}")
            house.desk.say(seat, name, f"{turn}", f"counsellor {turn}")
    except HandoffError as error:
        if error.reason in ("ended", "not_talking"):
            return
        raise
    texts = [item.text for item in house.young.look(token).items if item.kind == "said"]
    assert sorted(texts) == sorted(f"{who} {turn}" for who in ("young", "counsellor") for turn in range(3))
    assert texts[: len(said)] == said
