"""The order in which people are seen: concern, then time, and nobody without end. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.handoff.states import MINUTES_A_TALK, NOBODY_WAITS_BEHIND
from bot.safety.concern import Concern


class Waiting(Protocol):
    """What the order needs to know of a room. Only the priority bit is kept; the finer concern lives in memory."""

    id: Any
    high: Any
    place: Any
    since: Any


def in_order(rooms: Sequence[Waiting], now: float, concern: Mapping[str, Concern]) -> list[str]:
    """Ids of waiting rooms, whose turn it is first.

    A wait of twenty minutes counts as much as the highest concern, so that a stream of urgent ones cannot keep anybody
    waiting for ever.
    """

    def rank(room: Waiting) -> tuple[int, int]:
        if now - room.since >= NOBODY_WAITS_BEHIND:
            return -int(Concern.IMMEDIATE), room.place
        level = concern.get(room.id, Concern.HIGH if room.high else Concern.WORRY)
        return -int(level), room.place

    return [room.id for room in sorted(rooms, key=rank)]


def minutes_for(place: int, counsellors: int) -> int:
    """An honest guess of the wait in minutes for number `place` (1 is next), rounded up to five."""
    rounds = (place - 1) // max(counsellors, 1) + (0 if place <= counsellors else 1)
    return max(5, -(-rounds * MINUTES_A_TALK // 5) * 5)
