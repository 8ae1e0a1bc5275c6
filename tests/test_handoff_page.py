"""The whole way of a handoff in two real Chromium pages: a young person's phone and a counsellor's desk."""

import re

import pytest
from serving import Served

from bot.safety.heard import Heard

pytestmark = pytest.mark.browser
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE, DESKTOP = {"width": 375, "height": 720}, {"width": 1280, "height": 800}
SOON = 15_000  # ms


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = Served(tmp_path_factory.mktemp("desk"))
    made.people = {login: made.house.account(login, role) for login, role in
                   (("cara", "counsellor"), ("dev", "counsellor"), ("sue", "supervisor"), ("adam", "administrator"))}  # fmt: skip
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def clean_desk(served):
    """Nobody there and nobody waiting when a test begins."""
    yield
    served.recogniser.heard = Heard((("worry_gifts", 0.9),))
    office = served.house.office
    for account in office.presence.on_duty():
        office.presence.gone(account)
    with office.db.change() as connection:
        for table in ("wrap", "words", "side_note", "alarm", "handoff"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608  # our own names


@pytest.fixture
def open_page(browser):
    contexts = []

    def opened(address, size=PHONE):
        context = browser.new_context(viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(SOON)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            assert page.faults == []
        context.close()


@pytest.fixture
def at_desk(served, open_page):
    """Sign somebody in and put them on duty."""

    def sign_in(login, duty=True):
        passphrase, secret = served.people[login]
        with served.house.office.db.change() as connection:
            connection.exec_driver_sql("UPDATE account SET last_step = 0")
        page = open_page(served.desk, DESKTOP)
        page.fill("[name=login]", login)
        page.fill("[name=passphrase]", passphrase)
        page.fill("[name=code]", served.code(secret))
        page.click("button[type=submit]")
        if duty:
            page.wait_for_selector("#duty button[aria-pressed]")
            if page.locator("#duty button[aria-pressed=false]").count():
                page.click("text=Off duty: go on")
            page.wait_for_selector("text=On duty: go off")
        return page

    return sign_in


@pytest.fixture
def desk(at_desk, served):
    """A counsellor at the desk, and a supervisor on duty."""
    page = at_desk("cara")
    sue = served.house.office
    with sue.db.read() as connection:
        account = connection.exec_driver_sql("SELECT id FROM account WHERE login = 'sue'").scalar()
    sue.presence.beat(account, "supervisor", True)
    yield page
    sue.presence.gone(account)


def say(page, words):
    page.fill("#text", words)
    page.press("#text", "Enter")


def tap(page, title):
    page.locator(f"button:has-text('{title}')").last.click()


def card(open_page, served):
    page = open_page(served.page)
    page.wait_for_selector(".said.bot")
    say(page, "he keeps giving me stuff")
    page.wait_for_selector("text=A real person is here now")
    tap(page, "Show me what they would see")
    page.wait_for_selector(".card")
    return page


def sent(open_page, served):
    page = card(open_page, served)
    tap(page, "Send it")
    page.wait_for_selector("text=You are number 1 in line")
    return page


def talking(open_page, served, desk):
    page = sent(open_page, served)
    desk.click(".waiting button:has-text('Talk with them')")
    page.wait_for_selector("text=Cara is here now")
    return page


def answer(desk, words):
    desk.fill("#words", words)
    desk.press("#words", "Enter")


def end(desk):
    desk.click("summary:has-text('End the talk')")
    desk.click("button:text-is('End it')")


def test_from_the_card_to_the_talk_and_to_the_end(open_page, served, desk):
    page = talking(open_page, served, desk)
    assert "Someone is giving me things" in desk.inner_text(".room .card")
    assert page.is_visible("text=We will never ask you to talk somewhere else.")

    say(page, "hiya is this real")
    desk.wait_for_selector("text=hiya is this real")
    answer(desk, "Yes. I am Cara. Take your time.")
    page.wait_for_selector("text=I am Cara")
    assert page.locator(".said.me", has_text="hiya is this real").count() == 1
    assert page.locator(".said.bot >> text=/^words$/").count() == 1  # the bot has said nothing since

    end(desk)
    page.wait_for_selector("text=The talk has ended")
    assert not page.is_visible(".talk")


def test_declined_and_nothing_was_sent(open_page, served, desk):
    page = card(open_page, served)
    tap(page, "Not now")
    page.wait_for_selector("text=Nothing was sent")
    assert desk.inner_text(".waiting ul") == "Nobody"


def test_edited_by_typing_and_tapping_and_only_the_edited_card_is_read(open_page, served, desk):
    page = card(open_page, served)
    say(page, "change it")
    page.wait_for_selector("text=What do you want from the talk?")
    tap(page, "Add my own line")
    page.wait_for_selector("text=Type one line now")
    say(page, "my cousin zainab said to come")
    page.wait_for_selector(".card >> text=my cousin [name hidden] said to come")
    tap(page, "Change it")
    tap(page, "Add what I typed so far")
    page.wait_for_selector(".card >> text=he keeps giving me stuff")
    page.click(".card li:has-text('giving me things') button")
    page.wait_for_selector("text=(taken out)")
    say(page, "send it")
    page.wait_for_selector("text=You are number 1 in line")

    desk.click(".waiting button:has-text('Talk with them')")
    desk.wait_for_selector("text=my cousin [name hidden] said to come")
    assert "giving me things" not in desk.inner_text(".room .card")
    assert "he keeps giving me stuff" in desk.inner_text(".room .log")
    end(desk)


def test_withdrawn_before_anybody_opened_it(open_page, served, desk):
    page = sent(open_page, served)
    tap(page, "Take it back")
    page.wait_for_selector("text=It is gone")
    desk.wait_for_selector(".waiting >> text=Nobody")


def test_reconnected_after_the_network_was_lost_without_losing_or_doubling(open_page, served, desk):
    page = talking(open_page, served, desk)
    page.context.set_offline(True)
    say(page, "are you still there")
    page.wait_for_selector("text=That did not get through")
    answer(desk, "I am still here.")
    page.context.set_offline(False)
    tap(page, "Try again")

    page.wait_for_selector("text=I am still here.")
    desk.wait_for_selector("text=are you still there")
    assert desk.locator(".said.young", has_text="are you still there").count() == 1

    page.reload()
    page.wait_for_selector("text=I am still here.")
    assert page.locator(".said.me", has_text="are you still there").count() == 1
    say(page, "phone died")
    desk.wait_for_selector("text=phone died")
    end(desk)


def test_left_in_a_hurry(open_page, served, desk):
    page = talking(open_page, served, desk)
    page.route(re.compile("bbc.co.uk"), lambda route: route.fulfill(body="weather"))
    page.click("#leave")

    desk.wait_for_selector("text=left in a hurry")
    assert page.evaluate("location.host") != "127.0.0.1"


def test_something_feels_wrong_reaches_the_supervisor_only(open_page, served, desk, at_desk):
    sue = at_desk("sue")
    page = talking(open_page, served, desk)
    page.click("text=Something feels wrong with this chat")
    page.wait_for_selector("text=The counsellor does not see that you did this")

    sue.wait_for_selector(".alarms >> text=something feels wrong")
    assert "wrong" not in desk.inner_text("main")
    end(desk)


def test_handed_on_and_joined_by_a_supervisor_in_the_open(open_page, served, desk, at_desk):
    dev, sue = at_desk("dev"), at_desk("sue")
    page = talking(open_page, served, desk)
    sue.click(".mine button:has-text('Join')")
    page.wait_for_selector("text=Sue has joined")
    desk.click("summary:has-text('Hand on')")
    desk.click("text=Hand on to Dev")
    page.wait_for_selector("text=Dev talks with you from now on")
    dev.click(".mine button:has-text('Open')")
    answer(dev, "Hello, I am Dev.")
    page.wait_for_selector("text=I am Dev")
    end(dev)


def test_held_words_wait_for_a_second_look(open_page, served, desk):
    page = talking(open_page, served, desk)
    answer(desk, "add me on snap")
    desk.wait_for_selector("text=Held: moves the talk somewhere else")
    assert not page.is_visible("text=add me on snap")
    desk.click("text=Change it")
    end(desk)


def test_a_note_and_a_code_bring_somebody_back(open_page, served, desk):
    page = talking(open_page, served, desk)
    desk.click("summary:has-text('A note to keep')")
    desk.fill(".note textarea", "Someone gives things.\nWants to say no.")
    desk.click("text=Propose it")
    page.wait_for_selector("text=Someone gives things.")
    tap(page, "14 days")
    code = page.wait_for_selector("text=These are your five words").inner_text()
    tap(page, "I have them")
    page.wait_for_selector("text=The five words bring you back")
    words = re.search(r"“([a-z ]+)”", page.inner_text(".log").split("These are your five words")[1])[1]
    assert code
    end(desk)
    page.wait_for_selector("text=The talk has ended")

    again = open_page(served.page)
    again.wait_for_selector(".said.bot")
    say(again, "i have a code")
    again.wait_for_selector("text=Type your five words now")
    say(again, words)
    again.wait_for_selector("text=is it safe to read?")
    tap(again, "It is safe to read")
    again.wait_for_selector("text=This is the note you kept")
    tap(again, "Show me the card")
    again.wait_for_selector(".card >> text=May not be the same person")


def test_with_nobody_there_a_message_can_be_left_and_answered(open_page, served, at_desk):
    served.recogniser.heard = Heard((("ask_for_human", 0.99),))
    page = open_page(served.page)
    page.wait_for_selector(".said.bot")
    say(page, "can i talk to a person")
    page.wait_for_selector("text=No counsellor is here right now")
    served.recogniser.heard = Heard((("worry_gifts", 0.9),))
    tap(page, "Leave a message")
    page.wait_for_selector("text=Nobody will read it until")
    say(page, "is it ok that he buys me things")
    page.wait_for_selector("text=This is your message")
    tap(page, "Send it")
    page.wait_for_selector("text=Come back with these five words")
    words = re.findall(r"“([a-z ]+)”", page.inner_text(".log"))[-1]

    cara = at_desk("cara")
    cara.click("text=Read and answer")
    cara.wait_for_selector("text=is it ok that he buys me things")
    answer(cara, "Thank you for asking. It is not OK when he wants something back.")
    cara.wait_for_selector(".left >> text=Nobody")

    back = open_page(served.page)
    back.wait_for_selector(".said.bot")
    served.recogniser.heard = Heard((("ask_for_human", 0.99),))
    say(back, "person")
    back.wait_for_selector("text=counsellor")
    served.recogniser.heard = Heard((("worry_gifts", 0.9),))
    tap(back, "I have a code")
    back.wait_for_selector("text=Type your five words now")
    say(back, words)
    back.wait_for_selector("text=is it safe to read?")
    assert not back.is_visible("text=It is not OK when he wants something back")
    tap(back, "It is safe to read")
    back.wait_for_selector("text=It is not OK when he wants something back")
    tap(back, "I have read it")
    back.wait_for_selector("text=It is deleted from our files")


def test_no_screen_has_a_barrier_that_axe_can_find(open_page, served, desk, at_desk):
    from axe_playwright_python.sync_playwright import Axe

    def barriers(page):
        found = Axe().run(page).response["violations"]
        return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]

    assert barriers(open_page(served.desk, DESKTOP)) == []
    page = card(open_page, served)
    assert barriers(page) == []
    tap(page, "Change it")
    page.wait_for_selector("text=What do you want from the talk?")
    assert barriers(page) == []
    tap(page, "Send it")
    page.wait_for_selector("text=You are number 1 in line")
    assert barriers(page) == []
    assert barriers(desk) == []
    desk.click(".waiting button:has-text('Talk with them')")
    page.wait_for_selector("text=Cara is here now")
    answer(desk, "add me on snap")
    desk.wait_for_selector("text=Held:")
    assert barriers(page) == []
    assert barriers(desk) == []
    end(desk)
    desk.click(".mine button:has-text('Open')")
    desk.wait_for_selector("text=Is a report needed?")
    assert barriers(desk) == []
    assert barriers(at_desk("adam", duty=False)) == []


def test_a_counsellor_practises_with_somebody_made_up_and_nothing_is_sent(desk, served):
    desk.click("summary:has-text('Practise')")
    desk.click("text=Practise with a made-up caller")
    desk.wait_for_selector("text=Practice: nobody real is here")
    answer(desk, "Hello. Take your time.")
    desk.locator(".said.young").nth(1).wait_for()

    with served.house.office.db.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == 0


def test_a_child_says_that_they_get_it_before_anything_is_sent(open_page, served, desk):
    page = open_page(served.page)
    page.wait_for_selector(".said.bot")
    say(page, "im 9")
    say(page, "he keeps giving me stuff")
    page.wait_for_selector("text=Their job is to listen to children")
    tap(page, "Show me")
    page.wait_for_selector("text=A kind grown-up reads it")
    say(page, "send it")
    page.wait_for_selector("button:has-text('I get it')")
    assert desk.inner_text(".waiting ul") == "Nobody"
    tap(page, "I get it")
    page.wait_for_selector("text=Shall I send it?")
    tap(page, "Send it")
    page.wait_for_selector("text=You are number 1 in line")
