import asyncio

from bot.hearing import hear
from bot.safety.context import Recent, in_context, leans_on
from bot.safety.heard import Heard, Levels

BLACKMAIL = Recent(("they say they will post it",))


def heard(topic, share, words, **more):
    return Heard(((topic, share),), words=words, **more)


class Hearing:
    """Hears a vague message as nothing much, and the same together with the last ones as blackmail."""

    def __init__(self):
        self.texts = []

    async def hear(self, text):
        self.texts.append(text)
        if "post it" in text:
            return heard("worry_blackmail", 0.9, 10, levels=Levels(1.0, 0.9, 0.1))
        return heard("out_of_scope", 0.4, 4, levels=Levels(0.3, 0.1, 0.0))


def test_a_vague_message_is_heard_together_with_the_last_ones():
    hearing = Hearing()

    found = asyncio.run(hear(hearing, "and they wont stop", BLACKMAIL))

    assert hearing.texts[-1] == "they say they will post it. and they wont stop"
    assert found.topic == "worry_blackmail"
    assert found.levels.high > 0.5


def test_with_nothing_before_a_message_is_heard_as_it_is():
    hearing = Hearing()

    assert asyncio.run(hear(hearing, "and they wont stop", Recent())).topic == "out_of_scope"
    assert len(hearing.texts) == 1


def test_a_long_message_speaks_for_itself():
    assert not leans_on(heard("worry_home", 0.4, 20), BLACKMAIL)


def test_a_clear_question_is_not_bent_into_a_worry():
    assert not leans_on(heard("ask_confidential", 0.8, 4), BLACKMAIL)


def test_a_yes_stays_a_yes():
    assert not leans_on(heard("affirm", 0.9, 1), BLACKMAIL)


def test_danger_is_never_softened_by_what_came_before():
    assert not leans_on(heard("risk_immediate_danger", 0.6, 4), BLACKMAIL)


def test_a_signal_from_an_earlier_message_does_not_sound_again():
    before = heard("worry_threats", 0.9, 9, signals=frozenset({"at_the_door"}))

    assert not in_context(heard("out_of_scope", 0.4, 3), before).signals


def test_only_the_last_two_messages_about_something_are_remembered():
    recent = Recent()
    for text in ("one", "two", "three"):
        recent = recent.after(text, heard("worry_home", 0.5, 1))

    assert recent.after("thanks", heard("thank", 0.9, 1)).texts == ("two", "three")
