"""The handoff over real HTTP: heartbeats, streams, headers, hostile input, and alarms told without content."""

import asyncio
import http.server
import json
import threading

import httpx2 as httpx
import pytest
from serving import Served
from test_desk_access import Browser

from bot.counsellor.webhook import tell
from bot.handoff.presence import ROLES


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("web"))
    made.people = {role: made.house.account(role, role) for role in ROLES}
    yield made
    made.stop()


def post(served, what, said=None, **headers):
    return httpx.post(f"{served.page}/api/{what}", json=said or {}, headers=headers)


def test_a_heartbeat_counts_only_when_it_brings_back_our_last_answer(served):
    desk = Browser(served).sign_in("counsellor")
    office = served.house.office
    first = desk.post("beat", {"on_duty": True}).json()
    account = office.presence.on_duty("counsellor")[0]
    heard = office.presence._there[account].heard

    desk.post("beat", {"on_duty": True, "back": "something else"})
    assert office.presence._there[account].heard == heard
    second = desk.post("beat", {"on_duty": True}).json()
    desk.post("beat", {"on_duty": True, "back": second["bring_back"]})
    assert office.presence._there[account].heard > heard
    assert first["bring_back"] != second["bring_back"]


def test_nobody_goes_off_duty_with_an_open_talk(served):
    desk = Browser(served).sign_in("counsellor")
    desk.post("beat", {"on_duty": True})
    served.house.card()
    name = desk.post("look").json()["waiting"][-1]["id"]
    assert desk.post("claim", {"id": name}).status_code == 200

    assert desk.post("beat", {"on_duty": False}).json()["on_duty"] is True
    desk.post("close", {"id": name, "outcome": "listened"})
    assert desk.post("beat", {"on_duty": False}).json()["on_duty"] is False


def test_a_stream_carries_no_words_and_ends_when_the_token_dies(served):
    token = served.house.card("PLANTED")
    with httpx.stream("POST", f"{served.page}/api/handoff/events", headers={"x-handoff": token}, timeout=20) as reply:
        lines = reply.iter_lines()
        assert "open" in next(lines)
        served.house.young.step_out(token, True)
        assert "changed" in next(line for line in lines if "data" in line)
        served.house.young.withdraw(token)
        rest = list(lines)
    assert all(word in ("", 'data: "changed"', 'data: "beat"') for word in rest)


@pytest.mark.parametrize("token", ["", "x", "../..", "A" * 43, "%00%0a"])
def test_a_wrong_token_opens_nothing_and_says_so_kindly(token, served):
    assert post(served, "handoff/news", {"after": 0}, **{"x-handoff": token}).json()["state"] == "gone"
    assert post(served, "handoff/events", **{"x-handoff": token}).status_code == 410


@pytest.mark.parametrize("after", ["1", None, [], 10**30, -5])
def test_a_hostile_number_gets_a_clear_answer(after, served):
    assert post(served, "handoff/news", {"after": after}, **{"x-handoff": "x"}).status_code in (200, 400)


def test_the_token_is_never_in_an_address_and_the_page_has_no_cookie(served):
    reply = httpx.get(served.page)
    assert "set-cookie" not in reply.headers
    assert reply.headers["referrer-policy"] == "same-origin"


def test_alarms_are_told_to_a_webhook_by_kind_and_number_and_nothing_else():
    got = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.handle_request, daemon=True).start()
    asyncio.run(tell(f"http://127.0.0.1:{server.server_port}/", ("nobody came", "nobody came", "account reset")))
    server.server_close()

    assert got == [{"alarms": {"nobody came": 2, "account reset": 1}}]
