"""Hear one typed message: alone, and where that is not enough together with the last ones."""

from __future__ import annotations

from typing import Protocol

from bot.safety.context import Recent, in_context, leans_on
from bot.safety.heard import Heard


class Hears(Protocol):
    """Whatever recognises one text."""

    async def hear(self, text: str) -> Heard:
        """Recognise one text."""


async def hear(recogniser: Hears, text: str, recent: Recent) -> Heard:
    """Return what is heard in `text`. Raises whatever the recogniser raises."""
    alone = await recogniser.hear(text)
    if not leans_on(alone, recent):
        return alone
    return in_context(alone, await recogniser.hear(recent.before(text)))
