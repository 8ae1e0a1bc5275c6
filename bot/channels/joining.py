"""Hear messages sent in quick succession as one, and answer once.

Young people send a sentence in pieces. Pieces that come within about three seconds are heard
together; buttons never wait, and neither does danger.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.memory import Conversation
from bot.turn import Answer, Turns

WINDOW = 2.8  # seconds of quiet before an answer


@dataclass
class _Pieces:
    texts: list[str] = field(default_factory=list)


class Joining:
    """Collects the pieces of each conversation until it is quiet."""

    def __init__(self, turns: Turns, window: float = WINDOW) -> None:
        self._turns = turns
        self._window = window
        self._waiting: dict[str, _Pieces] = {}

    async def say(self, conversation: Conversation, message: object) -> Answer | None:
        """Answer a typed message, or return None when a later piece will be answered together with it."""
        if not isinstance(message, str):
            return await self._turns.say(conversation, message)
        pieces = self._waiting.setdefault(conversation.id, _Pieces())
        pieces.texts.append(message)
        mine = len(pieces.texts)
        if not await self._turns.is_urgent(conversation, " ".join(pieces.texts)):
            await asyncio.sleep(self._window)
        if self._waiting.get(conversation.id) is not pieces or len(pieces.texts) != mine:
            return None
        del self._waiting[conversation.id]
        return await self._turns.say(conversation, "\n".join(pieces.texts))

    def forget(self, conversation_id: str) -> None:
        """Drop what was waiting for an answer."""
        self._waiting.pop(conversation_id, None)
