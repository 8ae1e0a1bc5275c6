"""The desk's door: who may do what, signing in, and what a stranger, a thief or a changed role gets."""

import time

import httpx2 as httpx
import pyotp
import pytest
from serving import Served

from bot.counsellor.access import AT_FIRST, MAY, OPEN
from bot.counsellor.app import DEVICE, SESSION, create_desk
from bot.errors import SignInError
from bot.handoff.presence import ROLES


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("access"))
    made.people = {role: made.house.account(role, role) for role in ROLES}
    yield made
    made.stop()


class Browser:
    """A desk page without the page: keeps the cookies by hand, since plain http would drop them."""

    def __init__(self, served):
        self.served, self.cookies, self.csrf = served, {}, ""

    def post(self, step, said=None, **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"x-csrf": self.csrf, "cookie": cookie, **headers}
        reply = httpx.post(f"{self.served.desk}/desk/api/{step}", json=said or {}, headers=sent)
        for line in reply.headers.get_list("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return reply

    def sign_in(self, role):
        passphrase, secret = self.served.people[role]
        with self.served.house.office.db.change() as connection:
            connection.exec_driver_sql("UPDATE account SET last_step = 0")
        reply = self.post("sign-in", {"login": role, "passphrase": passphrase, "code": self.served.code(secret)})
        assert reply.status_code == 200, reply.text
        self.csrf = self.post("me").json()["csrf"]
        return self


@pytest.fixture
def browser(served):
    return Browser(served)


def test_every_route_of_the_desk_is_in_the_table_of_who_may(served):
    paths = {route.path for route in create_desk(served.parts).routes}

    assert paths == OPEN | {f"/desk/api/{name}" for name in MAY}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_exactly_what_the_table_says(role, browser):
    browser.sign_in(role)
    for step, allowed in MAY.items():
        if step in ("sign-out", "sign-out-everywhere", "events"):
            continue
        status = browser.post(step).status_code
        assert (status != 403 or step == "first-secret") if role in allowed else status == 403, step


@pytest.mark.parametrize("step", sorted(MAY))
def test_a_stranger_may_nothing(step, browser):
    assert browser.post(step).status_code == 401


def test_an_administrator_reads_no_text(browser):
    browser.sign_in("administrator")
    for step in ("look", "open", "say", "side-notes", "claim", "join"):
        assert browser.post(step, {"id": "x", "text": "x", "key": "x"}).status_code == 403


def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(served):
    passphrase, secret = served.people["counsellor"]
    with served.house.office.db.change() as connection:
        connection.exec_driver_sql("UPDATE account SET last_step = 0")
    said = {"login": "counsellor", "passphrase": passphrase, "code": served.code(secret)}
    reply = httpx.post(f"{served.desk}/desk/api/sign-in", json=said)
    for line in reply.headers.get_list("set-cookie"):
        assert line.startswith(("__Host-desk=", "__Host-device="))
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in line.split(";")}


def test_a_step_without_our_own_token_is_refused(browser):
    browser.sign_in("counsellor")
    browser.csrf = "another"
    assert browser.post("look").status_code == 403
    assert browser.post("look", **{"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_code_used_once_is_refused_the_second_time(browser, served):
    passphrase, secret = served.people["supervisor"]
    with served.house.office.db.change() as connection:
        connection.exec_driver_sql("UPDATE account SET last_step = 0")
    said = {"login": "supervisor", "passphrase": passphrase, "code": served.code(secret)}
    assert browser.post("sign-in", said).status_code == 200
    assert Browser(served).post("sign-in", said).status_code == 401


def test_nobody_learns_which_half_was_wrong(browser):
    wrong = [
        browser.post("sign-in", {"login": login, "passphrase": "no", "code": "000000"}) for login in ("counsellor", "nobody")
    ]
    assert wrong[0].status_code == wrong[1].status_code == 401
    assert wrong[0].text == wrong[1].text


def test_a_stranger_who_tries_a_login_cannot_lock_its_owner_out(tmp_path):
    from desk import TestDesk

    house = TestDesk(tmp_path)
    passphrase, secret = house.account("cara")
    house.clock.turn(60)
    own = house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock())))
    for _ in range(6):
        with pytest.raises(SignInError):
            house.sign_in.sign_in("cara", "wrong wrong wrong", "000000")
    house.clock.turn(60)

    with pytest.raises(SignInError, match="Too many"):
        house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock())))
    assert house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock())), own.device)


def test_a_recovery_code_works_once(tmp_path):
    from desk import TestDesk

    house = TestDesk(tmp_path)
    passphrase, _ = house.account("cara")
    with house.office.db.change() as connection:
        from bot.handoff import accounts as book

        codes = book.new_recovery_codes(connection, book.by_login(connection, "cara").id)
    assert house.sign_in.sign_in("cara", passphrase, codes[0])
    with pytest.raises(SignInError):
        house.sign_in.sign_in("cara", passphrase, codes[0])


def test_before_the_first_sign_in_is_finished_nothing_else_is_possible(browser, served):
    from bot.handoff import accounts as book

    office = served.house.office
    with office.db.change() as connection:
        given = book.add(connection, office.service, time.time(), f"new{time.time_ns() % 10**9}", "New", "counsellor", "test")
    assert browser.post("sign-in", {"login": given.login, "passphrase": given.passphrase, "code": ""}).json() == {"first": True}
    browser.csrf = browser.post("me").json()["csrf"]

    for step in set(MAY) - AT_FIRST - {"events"}:
        assert browser.post(step).status_code == 403, step
    key = browser.post("first-secret").json()["key"]
    short = browser.post("first-finish", {"passphrase": "short", "code": pyotp.TOTP(key).now()})
    assert short.status_code == 403
    done = browser.post("first-finish", {"passphrase": "a long one of my own", "code": served.code(key)})
    assert len(done.json()["recovery"]) == 8
    assert browser.post("first-secret").status_code == 403


def test_a_session_ends_when_the_role_changes_and_when_signed_out_everywhere(browser, served):
    from bot.handoff import accounts as book

    browser.sign_in("counsellor")
    assert browser.post("sign-out-everywhere").status_code == 200
    assert browser.post("look").status_code == 401

    browser.sign_in("counsellor")
    with served.house.office.db.change() as connection:
        book.change_role(connection, time.time(), "counsellor", "counsellor", "test")
    assert browser.post("look").status_code == 401


def test_an_idle_session_ends(tmp_path):
    from desk import TestDesk

    house = TestDesk(tmp_path)
    passphrase, secret = house.account("cara")
    house.clock.turn(60)
    opened = house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock())))
    assert house.sign_in.find(opened.cookie).seat.name == "Cara"
    house.clock.turn(31 * 60)
    with pytest.raises(SignInError, match="Sign in again"):
        house.sign_in.find(opened.cookie)


def test_a_new_weekly_pair_still_opens_what_could_be_opened_before(tmp_path):
    from desk import TestDesk

    house = TestDesk(tmp_path)
    cara = house.seat("cara")
    token, name = house.talk(cara)
    house.young.say(token, "a", "hello")
    passphrase = " ".join(("cara", "has", "a", "long", "passphrase"))
    with house.office.db.read() as connection:
        from bot.handoff import accounts as book

        secret = book.totp_secret(house.office.service, book.by_login(connection, "cara"))
    house.clock.turn(8 * 86_400)
    opened = house.sign_in.sign_in("cara", passphrase, pyotp.TOTP(secret).at(int(house.clock())))

    fresh = house.sign_in.find(opened.cookie).seat
    assert fresh.private != cara.private
    assert house.desk.open(fresh, name)["items"][-1].text == "hello"


@pytest.mark.parametrize("said", [{"login": None}, {"login": "x" * 9_000, "passphrase": "y" * 9_000, "code": "1"}, {}])
def test_a_broken_sign_in_gets_a_clear_answer(said, browser):
    assert browser.post("sign-in", said).status_code in (400, 401)


def test_the_audit_holds_no_words(browser, served):
    browser.sign_in("supervisor")
    rows = browser.post("audit").json()["rows"]

    assert rows
    assert all(set(row) == {"id", "at", "who", "what", "handoff", "about"} for row in rows)
    assert SESSION != DEVICE
