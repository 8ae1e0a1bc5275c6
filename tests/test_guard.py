import base64

import pytest

from bot.guard import LONGEST, guard


def test_ordinary_words_go_through_as_they_are():
    assert guard("  he keeps   asking\n for pics ").text == "he keeps asking for pics"


@pytest.mark.parametrize("message", ["", "   ", "\n\t"])
def test_an_empty_message_gets_kind_words_instead_of_a_guess(message):
    assert guard(message).instead == "utter_empty"


@pytest.mark.parametrize("message", [None, 7, ["help"], {"text": "help"}, b"help", True])
def test_what_is_not_text_is_not_heard(message):
    assert guard(message).instead == "utter_not_text"


def test_binary_is_not_heard():
    assert guard("\x00\x01\x02\x03PNG\x1a\x00\x00\x00" * 20).instead == "utter_not_text"


def test_emoji_alone_are_answered_gently_and_never_guessed_at():
    assert guard("👀🍑").instead == "utter_no_words"


@pytest.mark.parametrize("command", ["/restart", "/worry_gifts", '/affirm{"answer": "safe_yes"}', "///restart"])
def test_a_typed_slash_is_no_command(command):
    assert not guard(command).text.startswith("/")


def test_a_long_message_is_heard_at_its_start_and_its_end():
    heard = guard("first words " + "x " * 4000 + "last words")

    assert len(heard.text) <= LONGEST
    assert heard.text.startswith("first words")
    assert heard.text.endswith("last words")
    assert heard.also == "utter_long_message"


def test_a_hundred_kilobytes_are_not_read():
    assert guard("help " * 20_000).instead == "utter_too_long"


def test_a_picture_as_text_is_refused_and_no_part_of_it_is_heard():
    picture = "data:image/png;base64," + base64.b64encode(bytes(range(256)) * 8).decode()

    assert guard(picture).instead == "utter_no_pictures"
    both = guard(f"is this bad {picture}")
    assert both.text == "is this bad"
    assert both.also == "utter_no_pictures"


def test_links_are_never_followed_nor_kept():
    assert guard("he sent https://example.org/a?b=c to me").text == "he sent to me"
    assert guard("https://example.org/me.jpg").instead == "utter_no_pictures"
