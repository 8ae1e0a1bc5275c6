"""Conversations in memory: how many, how long, and what is kept of each. Nothing is ever written.

A conversation is forgotten when the young person leaves, when its page has given no sign of life
for ten minutes, when the number kept would pass its bound (the longest silent goes first), and at
restart.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.safety.concern import Concern
from bot.safety.context import Recent

FORGET_AFTER = 600.0  # seconds without a sign of life
AT_MOST = 2_000  # conversations; about 50 kB each with Rasa's tracker


@dataclass
class Conversation:
    """What is remembered of one conversation. Of message text only the last two, to understand the next (`recent`)."""

    id: str
    concern: Concern = Concern.INFO
    asked: str | None = None
    likely: tuple[str, ...] = ()
    recent: Recent = field(default_factory=Recent)
    band: str | None = None
    easy: bool = False
    age_asked: bool = False
    doubted: bool = False
    last: str | None = None
    answered: set[str] = field(default_factory=set)
    who: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    turns: int = 0
    last_sign: float = 0.0
    hand: Any = field(default=None, repr=False)  # what bot/handoff remembers of it (an InHand)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Conversations:
    """The bounded, timed store of conversations."""

    def __init__(
        self,
        forget: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        at_most: int = AT_MOST,
        forget_after: float = FORGET_AFTER,
    ) -> None:
        self._forget = forget
        self._clock = clock
        self._at_most = at_most
        self._forget_after = forget_after
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def open(self, conversation_id: str | None = None) -> Conversation:
        """Start a conversation under a new random id (or the given one, from the command line)."""
        conversation = Conversation(conversation_id or secrets.token_urlsafe(24), last_sign=self._clock())
        self._kept[conversation.id] = conversation
        while len(self._kept) > self._at_most:
            self.leave(next(iter(self._kept)))
        return conversation

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation still remembered, and count this as a sign of life; else None."""
        self.sweep()
        conversation = self._kept.get(conversation_id)
        if conversation:
            conversation.last_sign = self._clock()
            self._kept.move_to_end(conversation_id)
        return conversation

    def leave(self, conversation_id: str) -> None:
        """Forget a conversation now, here and in Rasa. Forgetting twice is fine."""
        if self._kept.pop(conversation_id, None):
            self._forget(conversation_id)

    def settle(self, conversation_id: str) -> None:
        """Forget in Rasa what a turn that ended after its conversation was left has written there."""
        if conversation_id not in self._kept:
            self._forget(conversation_id)

    def sweep(self) -> None:
        """Forget every conversation that has been silent too long (the oldest stand first)."""
        limit = self._clock() - self._forget_after
        while self._kept and next(iter(self._kept.values())).last_sign < limit:
            self.leave(next(iter(self._kept)))
