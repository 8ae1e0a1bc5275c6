import pytest

from bot.house import concern_table
from bot.safety.concern import Concern
from bot.safety.heard import Heard, Levels, tapped
from bot.safety.screen import screen

TABLE = concern_table()


def heard(topic, share=0.9, *signals, also=()):
    return Heard(((topic, share), *also), frozenset(signals))


def test_every_topic_of_the_domain_has_a_level():
    from bot.content import read_yaml
    from bot.paths import ROOT

    assert set(read_yaml(ROOT / "domain.yml")["intents"]) == set(TABLE.topics)


@pytest.mark.parametrize("signal", sorted(TABLE.immediate - {"suicide_now"}))
def test_a_signal_of_danger_now_is_answered_as_danger_whatever_the_topic(signal):
    decided = screen(heard("worry_home", 0.95, signal), TABLE)

    assert (decided.topic, decided.concern) == ("risk_immediate_danger", Concern.IMMEDIATE)
    assert "worry_home" in decided.topics


def test_danger_is_heard_in_a_message_whose_language_nobody_knows():
    decided = screen(Heard((("worry_home", 0.3),), frozenset({"hurt_now"}), other_language=True), TABLE)

    assert decided.concern is Concern.IMMEDIATE


def test_a_chance_pattern_in_a_surely_harmless_message_raises_no_alarm():
    assert screen(heard("out_of_scope", 0.95, "at_the_door"), TABLE).concern is Concern.INFO


def test_wanting_to_die_is_answered_as_that_even_when_another_topic_is_louder():
    decided = screen(heard("worry_blackmail", 0.8, "suicide"), TABLE)

    assert decided.topic == "risk_suicide"
    assert decided.concern >= Concern.HIGH


def test_a_suicide_plan_for_now_is_immediate():
    assert screen(heard("risk_suicide", 0.9, "suicide_now"), TABLE).concern is Concern.IMMEDIATE


def test_a_friend_who_wants_to_die_is_still_a_worry_about_a_friend():
    decided = screen(heard("worry_friend", 0.8, "suicide"), TABLE)

    assert decided.topic == "worry_friend"
    assert decided.concern is Concern.HIGH


@pytest.mark.parametrize("signal", sorted(TABLE.one_up))
def test_a_lift_signal_takes_a_worry_one_level_up(signal):
    assert screen(heard("worry_gifts"), TABLE).concern is Concern.WORRY
    assert screen(heard("worry_gifts", 0.9, signal), TABLE).concern is Concern.HIGH


def test_a_question_of_fact_stays_information_whatever_the_age():
    assert screen(heard("ask_law", 0.9, "under_13"), TABLE).concern is Concern.INFO


def test_between_two_levels_the_higher_is_taken():
    assert screen(heard("worry_parties", 0.5, also=(("worry_made_to_do_things", 0.4),)), TABLE).concern is Concern.HIGH


def test_unsure_offers_choices_instead_of_guessing():
    assert screen(heard("worry_gifts", 0.2), TABLE).outcome == "menu"


def test_chat_on_top_of_many_small_worries_is_asked_about_and_never_brushed_off():
    decided = screen(heard("thank", 0.4, also=(("worry_home", 0.3), ("worry_touched", 0.25))), TABLE)

    assert decided.outcome == "menu"
    assert decided.concern >= Concern.WORRY


@pytest.mark.parametrize(
    ("asked", "answer", "at_least"),
    [
        ("asked_safe", "deny", Concern.IMMEDIATE),
        ("asked_safe", "dont_know", Concern.HIGH),
        ("asked_suicide", "affirm", Concern.IMMEDIATE),
        ("asked_suicide", "dont_know", Concern.IMMEDIATE),
        ("asked_suicide", "deny", Concern.HIGH),
    ],
)
def test_an_answer_to_a_safety_question_carries_its_level(asked, answer, at_least):
    assert screen(tapped(answer), TABLE, asked).concern >= at_least


def test_a_no_with_no_question_open_means_nothing_about_safety():
    assert screen(tapped("deny"), TABLE).concern is Concern.INFO


def test_more_than_one_worry_is_listed_strongest_first():
    decided = screen(heard("worry_gifts", 0.5, also=(("worry_image_request", 0.4), ("thank", 0.05))), TABLE)

    assert decided.topics == ("worry_gifts", "worry_image_request")


def test_a_child_and_an_adult_named_with_their_ages_is_never_taken_for_chat():
    decided = screen(heard("out_of_scope", 0.9, "adult_and_child"), TABLE)

    assert (decided.topic, decided.concern) == ("worry_older_partner", Concern.HIGH)


def test_when_many_topics_are_equally_likely_a_signal_decides_the_words():
    decided = screen(heard("worry_past_abuse", 0.2, "forced"), TABLE)

    assert (decided.topic, decided.concern) == ("worry_made_to_do_things", Concern.HIGH)


def test_asking_the_bot_to_play_a_part_is_declined_and_raises_nothing():
    decided = screen(heard("risk_someone_watching", 0.6, "play_acting"), TABLE)

    assert (decided.topic, decided.concern) == ("out_of_scope", Concern.INFO)


def test_never_mind_is_not_heard_as_no_i_am_not_safe():
    assert screen(heard("deny", 0.9, "put_off"), TABLE, "asked_safe").concern is Concern.INFO


def sounding(topic, share=0.9, worry=1.0, high=0.0, immediate=0.0):
    return Heard(((topic, share),), levels=Levels(worry, high, immediate))


def test_words_that_sound_grave_make_a_mild_topic_high():
    assert screen(sounding("worry_gifts"), TABLE).concern is Concern.WORRY
    assert screen(sounding("worry_gifts", high=0.9), TABLE).concern is Concern.HIGH


def test_words_that_sound_like_danger_now_make_any_topic_immediate():
    assert screen(sounding("worry_meeting_someone", high=0.95, immediate=0.9), TABLE).concern is Concern.IMMEDIATE


def test_a_grave_topic_stays_high_unless_the_words_are_clearly_mild():
    assert screen(sounding("worry_home", high=0.3), TABLE).concern is Concern.HIGH
    assert screen(sounding("worry_home", high=0.01), TABLE).concern is Concern.WORRY


def test_harmless_words_raise_nothing_even_with_a_strong_word_in_them():
    assert screen(sounding("out_of_scope", 0.97, worry=0.02), TABLE).concern is Concern.INFO


def test_being_told_to_play_a_part_by_somebody_is_a_worry_and_never_declined():
    decided = screen(heard("worry_made_to_do_things", 0.5, "play_acting"), TABLE)

    assert decided.topic == "worry_made_to_do_things"
    assert decided.concern >= Concern.HIGH
