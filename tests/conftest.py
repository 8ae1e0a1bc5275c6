"""Fakes at the edge, real parts where the young person would meet them."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.house import concern_table
from bot.memory import Conversations
from bot.replies import Button, Reply, Words, load_words
from bot.safety.heard import Heard
from bot.turn import Turns

TEST_ALL = os.environ.get("SIDEDOOR_TEST_ALL") == "1"


def missing(what: str) -> None:
    """Skip a test that needs something this machine lacks; in CI that is a failure."""
    if TEST_ALL:
        pytest.fail(f"{what} is missing, and SIDEDOOR_TEST_ALL=1 says every test must run")
    pytest.skip(f"{what} is not on this machine")


class FakeRecogniser:
    """Hears what the test says is heard, and answers with the topic's first words."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.heard = Heard((("worry_gifts", 0.9),))
        self.texts: list[str] = []
        self.answered: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.stage: str | None = None
        self.fails: Exception | None = None
        self.slow = 0.0

    async def hear(self, text: str) -> Heard:
        self.texts.append(text)
        if self.fails:
            raise self.fails
        return self.heard

    async def answer(
        self, conversation: str, text: str, topic: str, entities: dict[str, str], notes: dict[str, Any]
    ) -> tuple[list[Reply], str | None]:
        await asyncio.sleep(self.slow)
        if self.fails:
            raise self.fails
        self.answered.append((topic, entities, notes))
        return [Reply("words", (Button("More", 'affirm{"answer": "more"}'),), f"utter_{topic}")], self.stage


@pytest.fixture(scope="session")
def words() -> Words:
    return load_words()


@pytest.fixture
def recogniser(words: Words) -> FakeRecogniser:
    return FakeRecogniser(words)


@pytest.fixture
def turns(recogniser: FakeRecogniser, words: Words) -> Turns:
    return Turns(recogniser, words, concern_table(), Conversations(), patience=0.5)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model for the files as they are; trained first when there is none."""
    from bot.cli.train import trained_model

    return trained_model()


@pytest.fixture(scope="session")
def house(model: Path) -> Any:
    """The real agent and turns, with a window onto both."""
    from bot.house import build
    from bot.settings import Settings

    agent, real_turns = build(Settings())
    asyncio.run(agent.load(model))
    yield agent, real_turns
    agent.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        missing("Chromium")
    return str(found)
