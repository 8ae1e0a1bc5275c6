"""The whole server, killed in the middle of a talk: both sides go on where they were, and nobody signs in again."""

import os
import signal
import socket
import subprocess
import sys
import time

import httpx2 as httpx
import pytest
from desk import TestDesk
from test_desk_access import Browser

from bot.paths import ROOT

pytestmark = pytest.mark.model


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Whole:
    """`bot serve --try-desk` on fixed ports over one database, which can be killed and started again."""

    def __init__(self, house, folder):
        self.ports, self.house = (free_port(), free_port()), house
        self.page, self.desk = (f"http://127.0.0.1:{port}" for port in self.ports)
        self.env = {**os.environ, "SIDEDOOR_DATABASE": str(house.office.db.url), "SIDEDOOR_DESK_PORT": str(self.ports[1]),
                    "SIDEDOOR_KEY_FILE": str(folder / "keys" / "service.key")}  # fmt: skip
        self.people = {}
        self.start()

    def start(self):
        words = [sys.executable, "-m", "bot", "serve", "--try-desk", "--port", str(self.ports[0])]
        self.process = subprocess.Popen(words, cwd=ROOT, env=self.env, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.page}/api/ready", timeout=5).json()["ready"]:
                    return
            except (httpx.HTTPError, OSError):
                pass
            time.sleep(0.3)
        raise AssertionError("the server did not come up in time")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def post(self, what, said, **headers):
        return httpx.post(f"{self.page}/api/{what}", json=said, headers=headers, timeout=20).json()

    def code(self, secret):
        import pyotp

        return pyotp.TOTP(secret).at(int(time.time()) + 30)


@pytest.mark.parametrize("run", [1, 2])
def test_a_killed_server_comes_back_with_the_talk_and_nobody_signs_in_again(run, tmp_path, model):
    house = TestDesk(tmp_path, clock=time.time)
    people = {role: house.account(role, role) for role in ("counsellor", "supervisor")}
    whole = Whole(house, tmp_path)
    whole.people = people
    try:
        go_through(whole, house, run)
    finally:
        whole.kill()


def go_through(whole, house, run):
    whole.house = house
    cara, sue = Browser(whole).sign_in("counsellor"), Browser(whole).sign_in("supervisor")
    for desk in (cara, sue):
        desk.post("beat", {"on_duty": True})
    talk = whole.post("open", {})["conversation"]
    whole.post("say", {"text": "this older lad keeps buying me trainers n now he says i owe him"}, **{"x-conversation": talk})
    whole.post("tap", {"button": "handoff_card"}, **{"x-conversation": talk})
    token = whole.post("tap", {"button": "handoff_send"}, **{"x-conversation": talk})["handoff"]
    young = {"x-conversation": talk, "x-handoff": token}
    name = cara.post("look").json()["waiting"][0]["id"]
    assert cara.post("claim", {"id": name}).status_code == 200
    accepted = []
    for number in range(3 * run):
        if whole.post("say", {"text": f"hello {number}", "key": f"k{number}"}, **young)["relayed"]:
            accepted.append(f"hello {number}")

    whole.kill()
    whole.start()

    again = whole.post("say", {"text": f"hello {3 * run - 1}", "key": f"k{3 * run - 1}"}, **young)
    assert again["relayed"]
    assert cara.post("say", {"id": name, "key": "c", "text": "I am still here."}).status_code == 200
    news = whole.post("handoff/news", {"after": 0}, **young)
    assert [item["text"] for item in news["items"] if item["by"] == "me"] == accepted
    assert news["items"][-1]["text"] == "I am still here."
