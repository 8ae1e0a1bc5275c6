import json

import pytest
from starlette.testclient import TestClient

from bot.channels.web import create_app
from bot.signposts.directory import load_directory


@pytest.fixture
def client(turns, words):
    return TestClient(create_app(turns, words, load_directory(), lambda: True, window=0.01), base_url="https://chat.example")


def start(client):
    return client.post("/api/open", json={}).json()


def test_the_page_shows_helplines_with_no_script_at_all(client):
    page = client.get("/").text

    for number in ("tel:999", "tel:08001111", "sms:85258", "tel:116123"):
        assert number in page
    assert "press 55" in page


def test_a_message_gets_an_answer_whose_numbers_can_be_tapped(client):
    opened = start(client)

    answer = client.post(
        "/api/say", json={"text": "he buys me things"}, headers={"X-Conversation": opened["conversation"]}
    ).json()

    assert answer["conversation"] == opened["conversation"]
    assert answer["replies"][0]["text"]
    assert opened["replies"][0]["links"] == [{"text": "999", "href": "tel:999"}]


def test_leaving_forgets_and_coming_back_says_so(client, turns):
    opened = start(client)
    header = {"X-Conversation": opened["conversation"]}

    assert client.post("/api/leave", json={}, headers=header).status_code == 204
    assert len(turns.conversations) == 0
    after = client.post("/api/say", json={"text": "hello"}, headers=header).json()

    assert after["conversation"] != opened["conversation"]
    assert after["replies"][0]["response"] == "utter_forgotten"


def test_no_cookie_is_set_and_nothing_may_be_stored_or_framed(client):
    for reply in (client.get("/"), client.post("/api/open", json={}), client.get("/static/chat.css")):
        assert "set-cookie" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"other": 1}', b"\xff\xfe", b"[" * 50_000])
def test_a_broken_body_is_refused_clearly(client, body):
    reply = client.post("/api/say", content=body, headers={"content-type": "application/json"})

    assert reply.status_code == 400
    assert "JSON" in reply.json()["error"]


def test_files_are_refused_before_they_are_read(client):
    reply = client.post("/api/say", files={"picture": ("me.png", b"\x89PNG" * 100)})

    assert reply.status_code == 415


def test_a_huge_body_is_refused(client):
    assert client.post("/api/say", json={"text": "x" * 200_000}).status_code == 413


def test_another_site_cannot_speak_for_the_young_person(client):
    reply = client.post("/api/open", json={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert reply.status_code == 403


def test_a_failure_in_the_server_is_quiet_and_kind(turns, words, caplog):
    app = create_app(turns, words, load_directory(), lambda: True, window=0.01)
    turns.open = None  # any broken part will do
    reply = TestClient(app, raise_server_exceptions=False).post("/api/open", json={})

    assert reply.status_code == 500
    assert "999" in reply.json()["error"]
    assert "Traceback" not in caplog.text


def test_text_that_is_not_text_gets_a_kind_reply(client):
    for text in (None, 5, ["x"], {"a": 1}, ""):
        reply = client.post("/api/say", content=json.dumps({"text": text}), headers={"content-type": "application/json"})
        assert reply.json()["replies"][-1]["text"]
