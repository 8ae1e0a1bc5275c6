"""Whole conversations through the whole turn: guard, recognition, screen, rules, words."""

import asyncio
from pathlib import Path

import pytest

from bot.content import read_yaml

pytestmark = pytest.mark.model
HERE = Path(__file__).parent / "conversations"
CASES = [case for path in sorted(HERE.glob("*.yml")) for case in read_yaml(path)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["conversation"])
def test_conversation(case, house):
    asyncio.run(play(case, house[1]))


async def play(case, turns):
    conversation, answer = turns.open()
    for step in case["steps"]:
        ((kind, value),) = step.items()
        if kind == "they":
            answer = await turns.say(conversation, value)
        elif kind == "tap":
            titles = {button.title: button.payload for reply in answer.replies for button in reply.buttons}
            assert value in titles, f"no button {value!r} among {sorted(titles)}"
            answer = await turns.tap(conversation, titles[value])
        elif kind == "bot":
            said = [reply.response for reply in answer.replies]
            assert [name for name in said if name == value], f"{value} is not among {said}"
        elif kind == "never":
            assert value not in " ".join(reply.text for reply in answer.replies)
        elif kind == "says":
            assert value in " ".join(reply.text for reply in answer.replies)
        elif kind == "concern":
            assert answer.concern.word == value
        else:
            raise AssertionError(f"{kind} is not a step")
    turns.conversations.leave(conversation.id)
