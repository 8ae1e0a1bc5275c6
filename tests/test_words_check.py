"""Each rule over the words catches a bad example, and the words we have break none."""

from datetime import date, timedelta

import pytest

from bot.errors import ContentError
from bot.service import Service
from bot.signposts.directory import load_directory
from bot.words.check import check, complaints_of, load_shelf, stale
from bot.words.production import not_ready
from bot.words.reviews import Review, read_reviews, signed_off
from bot.words.texts import Text, leads_to, read_texts, texts_of

SHELF = load_shelf()
LONG = (
    "The organisation responsible for safeguarding provision will subsequently undertake a comprehensive evaluation of "
    "considerations relating to your individual circumstances, including accommodation, education and familial relationships."
)


def text(words, response="utter_worry_gifts", wording="", buttons=()):
    return Text(response, wording, words, buttons, "worry_gifts.yml")


def complaints(*args, **more):
    return " | ".join(complaint.says for complaint in complaints_of(text(*args, **more), SHELF))


def test_the_words_we_have_break_no_rule():
    found = check(read_texts(), SHELF)

    assert not [f"{complaint.name}: {complaint.says}" for complaint in found]


def test_a_text_too_hard_to_read_is_caught():
    assert "reads at grade" in complaints(LONG)


def test_a_text_an_eight_year_old_cannot_read_is_caught_for_children_only():
    words = (
        "Somebody asked you to send a picture of your body, and that is not OK. It is never your fault. "
        "You can talk about it with an adult you trust, at any time."
    )

    assert "reads at grade" in complaints(words, wording="child")
    assert "reads at grade" not in complaints(words)


def test_a_text_of_more_than_eighty_words_is_caught():
    assert "81 words; at most 80" in complaints("You are OK. " * 27)


def test_danger_in_more_than_fifty_words_is_caught():
    assert "at most 50" in complaints("Call 999. " * 26, response="utter_risk_immediate_danger")


def test_a_sentence_of_more_than_eighteen_words_is_caught():
    assert "a sentence of 20 words" in complaints("You can go " + "on and " * 8 + "on. " + "It is OK. " * 5)


def test_a_short_text_is_checked_by_its_sentences_and_words():
    assert "a sentence of 15 words" in complaints("You can go on and on and on and on and on and on and.")
    assert "hard word" in complaints("This is inappropriate.")


@pytest.mark.parametrize(
    "words",
    [
        "Well done!",
        "Why did you go there?",
        "You should have told someone.",
        "You are putting yourself at risk.",
        "You are a victim.",
        "I promise it will stop.",
        "Your secret is safe with me.",
        "It is only banter.",
        "You must leave him.",
        "I care about you.",
        "I have called the police for you.",
        "Just say no.",
        "He is a monster.",
        "What is his name?",
        "Did he touch you?",
        "Your boyfriend is not OK.",
        "The police will stop him.",
    ],
)
def test_what_must_never_be_said_is_caught(words):
    assert "never say" in complaints(words)


def test_a_ready_line_in_quotes_may_say_what_the_bot_may_not():
    assert not complaints("You could say: “I love you, and I need help.” That is enough.")


def test_danger_without_999_first_is_caught():
    assert "999 in its first sentence" in complaints("I am sorry. Call 999.", response="utter_risk_suicide")


def test_a_number_that_is_not_in_the_directory_is_caught():
    assert "not in data/signposts.yml" in complaints("You can call 0151 233 3700 today.")


def test_a_link_that_is_not_in_the_directory_is_caught():
    assert "not in data/signposts.yml" in complaints("Look at somewhere.org.uk for help.")


def test_a_line_that_does_not_take_the_reader_is_caught():
    assert "does not take everybody" in complaints("You can call 0808 500 2222 today.")
    assert not complaints("You can call 0808 500 2222 today.", wording="older")


def test_a_response_written_twice_is_caught():
    twice = [text("It is OK."), text("It is fine.")]

    assert any("written 2 times" in complaint.says for complaint in check(twice, SHELF))


def test_a_response_nobody_is_shown_is_caught():
    assert any("never shown" in found.says for found in check([text("It is OK.", response="utter_nowhere")], SHELF))


def test_a_topic_without_words_for_children_is_caught():
    found = check([one for one in read_texts() if one.name != "utter_worry_gifts/child"], SHELF)

    assert [(complaint.name, complaint.says) for complaint in found] == [("utter_worry_gifts", "has no wording for child")]


def test_a_button_to_a_page_that_is_not_there_is_caught():
    without = [one for one in read_texts() if not one.response.startswith("utter_page_tell_who")]

    assert any("where a button leads" in complaint.says for complaint in check(without, SHELF))


def test_a_wording_that_depends_on_anything_else_is_refused(tmp_path):
    (tmp_path / "x.yml").write_text(
        "responses:\n  utter_x:\n  - text: a\n  - condition: [{type: slot, name: band, value: under_13}]\n    text: b\n"
    )

    with pytest.raises(ContentError, match="nothing but the slot `wording`"):
        texts_of(tmp_path / "x.yml")


def test_a_service_nobody_has_checked_for_ninety_days_is_reported():
    directory = load_directory()

    assert len(stale(directory, date(2026, 11, 25))) == len(directory.services)


def test_a_sign_off_is_void_once_a_letter_changes():
    old = text("It is OK.")
    reviews = {old.name: Review(old.checksum, "A. Lead", date(2026, 11, 1))}

    assert signed_off(old, reviews)
    assert not signed_off(text("It is OK, mate."), reviews)


def test_a_sign_off_without_a_name_is_refused(tmp_path):
    (tmp_path / "reviews.yml").write_text("reviews:\n  utter_x: {checksum: ab, reviewed_by: '', reviewed_on: 2026-11-01}\n")

    with pytest.raises(ContentError, match="a person's name and a date"):
        read_reviews(tmp_path / "reviews.yml")


def service(**more):
    empty = dict.fromkeys(("area", "complaints", "registration", "receiving", "keeps_records", "confidentiality", "duty"), "")
    return Service(name="Sidedoor", duty_as_of=None, **{**empty, "run_by": "", **more})


def test_production_refuses_unchecked_services_unsigned_words_and_nobody_in_charge():
    reasons = not_ready(load_directory(), [text("It is OK.")], {}, service(), date.today())

    assert len(reasons) == 3


def test_production_serves_when_all_is_checked_signed_and_run_by_somebody():
    directory = load_directory()
    checked = {
        name: type(found)(**{**vars(found), "verified": True, "last_verified": date.today() - timedelta(days=3)})
        for name, found in directory.services.items()
    }
    one = text("It is OK.")
    reviews = {one.name: Review(one.checksum, "A. Lead", date.today())}

    assert not not_ready(type(directory)(checked, directory.routes), [one], reviews, service(run_by="A charity"), date.today())


def test_a_button_says_where_it_leads():
    assert leads_to('read_page{"page": "ok_start"}') == "utter_page_ok_start"
    assert leads_to('read_page{"page": "adult_parent_today"}') == "utter_adult_parent_today"
    assert leads_to("worry_gifts") == "utter_worry_gifts"
