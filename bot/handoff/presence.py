"""Who is at the desk right now: in memory, from heartbeats that are a round trip and not a mere open socket."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.handoff.states import HEARTBEAT, MOST_CHATS

COUNSELLOR, SUPERVISOR, ADMINISTRATOR = "counsellor", "supervisor", "administrator"
ROLES = (COUNSELLOR, SUPERVISOR, ADMINISTRATOR)


@dataclass
class _There:
    role: str
    on_duty: bool
    heard: float


class Presence:
    """Heartbeats by account. Nothing is written; after a restart the next beats fill it again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._there: dict[str, _There] = {}

    def beat(self, account: str, role: str, on_duty: bool) -> None:
        """A sign of life from a desk page that got our answer to its last one."""
        self._there[account] = _There(role, on_duty, self._clock())

    def gone(self, account: str) -> None:
        """Somebody signed out, or was signed out."""
        self._there.pop(account, None)

    def on_duty(self, role: str | None = None) -> list[str]:
        """Accounts on duty with a live heartbeat."""
        alive = self._clock() - HEARTBEAT
        return [name for name, one in self._there.items() if one.on_duty and one.heard >= alive and role in (None, one.role)]

    def is_on_duty(self, account: str) -> bool:
        """Whether this one is on duty and alive."""
        return account in self.on_duty()

    def is_staffed(self, open_chats: Callable[[str], int]) -> bool:
        """A supervisor can be reached, and a counsellor is there with a free place."""
        return bool(self.on_duty(SUPERVISOR)) and any(open_chats(name) < MOST_CHATS for name in self.on_duty(COUNSELLOR))
