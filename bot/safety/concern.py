"""Levels of concern, and the reviewed table that says where each topic starts.

The levels and lift rules follow docs/safeguarding.md; the table is `data/concern.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bot.errors import ContentError


class Concern(IntEnum):
    """How serious a turn is. Ordered, so that `max` keeps the more serious."""

    INFO = 0
    WORRY = 1
    HIGH = 2
    IMMEDIATE = 3

    @property
    def word(self) -> str:
        """The level's name in files and output."""
        return self.name.lower()


@dataclass(frozen=True)
class ConcernTable:
    """Which topics start where, and which signals lift."""

    topics: Mapping[str, Concern]
    immediate: frozenset[str]
    watching: frozenset[str]
    high: frozenset[str]
    one_up: frozenset[str]
    answered_as: Mapping[str, str]
    over_chat: frozenset[str]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ConcernTable:
        """Build the table from what `data/concern.yml` holds. Raises ContentError for an unknown level."""
        signals = data["signals"]
        return cls(
            topics={topic: _level(topic, level) for topic, level in data["topics"].items()},
            immediate=frozenset(signals["immediate"]),
            watching=frozenset(signals["watching"]),
            high=frozenset(signals["high"]),
            one_up=frozenset(signals["one_up"]),
            answered_as=dict(data["answered_as"]),
            over_chat=frozenset(data["over_chat"]),
        )

    def of(self, topic: str) -> Concern:
        """Where `topic` starts; a topic nobody listed starts at info."""
        return self.topics.get(topic, Concern.INFO)


def _level(topic: str, word: str) -> Concern:
    try:
        return Concern[str(word).upper()]
    except KeyError:
        raise ContentError(f"data/concern.yml: {topic} has the level {word!r}; use info, worry, high or immediate.") from None
