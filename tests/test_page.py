"""The page as a young person meets it: a real browser, a real server, a real model."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from bot.paths import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.model]
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip
PHONE, DESKTOP = {"width": 375, "height": 720}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def address(model):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "bot", "serve", "--port", str(port)], cwd=ROOT, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    _wait(lambda: urllib.request.urlopen(url, timeout=5).status == 200, 20)  # our own server
    _wait(lambda: b"true" in urllib.request.urlopen(f"{url}/api/ready", timeout=5).read(), 90)  # noqa: S310  # our own server
    yield url
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield started
        started.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    opened.on("console", lambda said: opened.faults.append(said.text) if said.type == "error" else None)
    opened.goto(address)
    opened.wait_for_selector(".said.bot")
    yield opened
    context.close()


def _wait(check, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if check():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server did not come up in time")


def say(page, text, expect):
    page.fill("textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".said.bot:has-text({expect!r})", timeout=15_000)


def test_a_worry_typed_on_a_phone_is_answered_with_numbers_to_tap(page):
    say(page, "this older lad keeps buying me trainers n now he says i owe him", "Someone is giving you things")

    assert page.locator('.log a[href="tel:08001111"]').count() >= 1
    page.get_by_role("button", name="Talk to a person").click()
    page.wait_for_selector(".said.bot:has-text('no counsellor on duty')")
    assert page.faults == []


def test_leaving_and_helplines_stay_in_sight_while_the_chat_scrolls(page):
    say(page, "he keeps asking me for pics", "Childline")

    for selector in ("#leave", ".strip", "textarea"):
        box = page.locator(selector).bounding_box()
        assert 0 <= box["y"] < PHONE["height"], selector
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_whole_chat_works_by_keyboard(page):
    page.keyboard.press("Tab")
    page.locator("textarea").focus()
    page.keyboard.type("i cant say no to him")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".choices button:has-text('Tell me more')", timeout=15_000)
    page.get_by_role("button", name="Tell me more").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.me:has-text('Tell me more')")


def test_someone_at_the_screen_sees_two_plain_lines_and_nothing_of_before(page):
    say(page, "he keeps asking me for pics", "Childline")
    page.fill("textarea", "hes here")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.bot:has-text('You can leave this page now')", timeout=15_000)

    assert page.locator(".said").count() == 1
    assert not page.locator(".strip").is_visible()


def test_messages_sent_in_pieces_are_answered_once(page):
    for piece in ("he keeps", "asking me", "for pics"):
        page.fill("textarea", piece)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
    page.wait_for_selector(".said.bot:has-text('Childline')", timeout=15_000)
    page.wait_for_timeout(1_000)

    assert page.locator(".said.bot:has-text('if you are under 19')").count() == 1


def test_nothing_is_stored_in_the_browser_and_nothing_stands_in_the_address(page, address):
    say(page, "he keeps asking me for pics", "Childline")

    assert page.url.rstrip("/") == address
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_three_shifts_leave_at_once_and_the_server_forgets(page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")

    assert any(url.endswith("/api/leave") for url in asked)


def test_without_script_the_helplines_are_all_there(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    plain = context.new_page()
    plain.goto(address)

    assert plain.locator('a[href="tel:08001111"]').first.is_visible()
    assert plain.locator("#leave").is_visible()
    assert not plain.locator("textarea").is_visible()
    context.close()


def test_a_lost_connection_is_told_truly_with_help_and_another_try(page):
    page.context.set_offline(True)
    page.fill("textarea", "hello")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.bot:has-text('did not get through')")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".said.bot:has-text('program, not a person') >> nth=1", timeout=15_000)


def test_the_server_leaves_no_trace_of_a_message_on_disk(page):
    planted = "zebedeequartermain"
    say(page, f"he keeps asking me for pics his name is {planted}", "Childline")
    found = subprocess.run(
        ["grep", "-rlI", "--exclude-dir=.git", "--exclude-dir=.venv", "--exclude-dir=tests", planted, str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    assert found == ""


def press(page, title, expect):
    page.locator(f"button:has-text('{title}')").last.click()
    page.wait_for_selector(expect)


def test_lines_to_say_no_are_copied_with_one_tap(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "my mates keep giving me sweets at dinner and i dont know if its ok", "someone")
    press(page, "Things to read or try", "button:has-text('Ways to say no')")
    press(page, "Ways to say no", "button:has-text('Meeting up')")
    press(page, "Meeting up", "button.copy")
    line = page.locator("button.copy").first.inner_text()
    page.locator("button.copy").first.click()
    page.wait_for_selector("button.copy:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") in line

    assert page.faults == []


def test_who_runs_this_opens_without_a_script_and_has_no_barrier(browser, address):
    from axe_playwright_python.sync_playwright import Axe

    for size in (PHONE, DESKTOP):
        context = browser.new_context(viewport=size)
        about = context.new_page()
        about.goto(f"{address}/about")
        assert "Nobody yet. This is a test version" in about.inner_text("main")
        found = Axe().run(about).response["violations"]
        assert [one["id"] for one in found] == []
        context.close()
