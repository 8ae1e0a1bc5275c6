"""Collects what Rasa says in one turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class Spoken(OutputChannel):
    """An output channel that only remembers."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa. No response has a channel variation."""
        return "sidedoor"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message whole: text, buttons and the name of its response."""
        self.said.append(message)
