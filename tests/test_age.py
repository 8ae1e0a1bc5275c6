import pytest

from bot.safety.age import band_told, only_an_age


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("im 9 and a man asked me to keep a secret", "under_13"),
        ("i am only twelve", "under_13"),
        ("im in y6 and he wont stop", "under_13"),
        ("im in year 9", "13_15"),
        ("he's 31 and im 13", "13_15"),
        ("i'm 15 btw", "13_15"),
        ("im 17", "16_17"),
        ("im 19 is it too late", "18_over"),
        ("as a 14 year old lad", "13_15"),
    ],
)
def test_an_age_or_school_year_told_in_passing_is_heard(text, band):
    assert band_told(text) == band


@pytest.mark.parametrize(
    "text",
    [
        "im 10 mins away",
        "im 12 weeks pregnant",
        "hes 31",
        "my daughter is 14",
        "when i was 8 it started",
        "im 5 foot 4",
        "im not 18 yet",
        "i was 11 then",
        "im in 9 different groupchats",
        "im 3rd",
    ],
)
def test_a_number_that_is_no_age_of_the_one_who_writes_is_not_taken_for_one(text):
    assert band_told(text) is None


@pytest.mark.parametrize(
    ("text", "band"), [("14", "13_15"), ("im 12", "under_13"), ("year 10", "13_15"), ("y6", "under_13"), ("sixteen", "16_17")]
)
def test_a_message_that_is_only_an_age_answers_how_old(text, band):
    assert only_an_age(text) == band


@pytest.mark.parametrize("text", ["14 men", "no", "he is 14", "999", "1"])
def test_other_short_messages_do_not_answer_how_old(text):
    assert only_an_age(text) is None
