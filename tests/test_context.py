from bot.safety.context import Recent, in_context
from bot.safety.heard import Heard

BLACKMAIL = Recent().after("worry_blackmail", Heard((("worry_blackmail", 0.9), ("worry_image_sent", 0.1)), words=9))


def heard(topic, share, words):
    return Heard(((topic, share),), words=words)


def test_a_vague_message_leans_on_what_was_heard_before():
    assert in_context(heard("out_of_scope", 0.4, 4), BLACKMAIL).topic == "worry_blackmail"


def test_a_long_message_speaks_for_itself():
    assert in_context(heard("worry_home", 0.4, 20), BLACKMAIL).topic == "worry_home"


def test_a_clear_question_is_not_bent_into_a_worry():
    assert in_context(heard("ask_confidential", 0.8, 4), BLACKMAIL).topic == "ask_confidential"


def test_a_yes_stays_a_yes():
    assert in_context(heard("affirm", 0.9, 1), BLACKMAIL).topic == "affirm"


def test_danger_is_never_softened_by_what_came_before():
    assert in_context(heard("risk_immediate_danger", 0.6, 4), BLACKMAIL).topic == "risk_immediate_danger"


def test_with_nothing_before_a_message_is_heard_as_it_is():
    alone = heard("out_of_scope", 0.4, 4)

    assert in_context(alone, Recent()) is alone


def test_chat_in_between_does_not_make_it_forget():
    assert BLACKMAIL.after("thank", heard("thank", 0.9, 1)) is BLACKMAIL


def test_older_turns_fade():
    later = BLACKMAIL.after("worry_home", heard("worry_home", 0.9, 9))

    assert later.topics[0][0] == "worry_home"
    assert dict(later.topics)["worry_blackmail"] > 0
