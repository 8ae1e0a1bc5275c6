"""Messages by someone who had not seen the examples: at least four of five reach each topic's words."""

import asyncio
from pathlib import Path

import pytest

from bot.content import read_yaml

pytestmark = pytest.mark.model
FRESH = read_yaml(Path(__file__).parent / "fresh" / "first_messages.yml")


@pytest.mark.parametrize("topic", FRESH)
def test_four_of_five_fresh_messages_reach_the_words_of_their_topic(topic, house):
    reached = [message for message in FRESH[topic] if asyncio.run(first_responses(message, house[1])) & words_of(topic)]

    assert len(reached) >= 4, set(FRESH[topic]) - set(reached)


@pytest.mark.parametrize("topic", FRESH)
def test_the_same_message_ten_times_running_is_answered_each_time(topic, house):
    assert all(asyncio.run(ten_times(FRESH[topic][0], house[1])))


async def first_responses(message, turns):
    """The first words; where they are 999 because it sounds like danger now, the topic's own words after them too."""
    conversation, _ = turns.open()
    answer = await turns.say(conversation, message)
    turns.conversations.leave(conversation.id)
    first = [reply.response for reply in answer.replies[:2]]
    return set(first if first[0] == "utter_risk_immediate_danger" else first[:1])


async def ten_times(message, turns):
    conversation, _ = turns.open()
    answers = [await turns.say(conversation, message) for _ in range(10)]
    turns.conversations.leave(conversation.id)
    return [answer.replies and answer.replies[0].response != "utter_safe_reply" for answer in answers]


def words_of(topic):
    return {
        "ask_services": {"utter_ask_services"},
        "deny": {"utter_not_now", "utter_deny"},
        "affirm": {"utter_affirm"},
        "dont_know": {"utter_dont_know"},
        "ask_rephrase": {"utter_ask_rephrase", "utter_offer_topics"},
    }.get(topic, {f"utter_{topic}"})
