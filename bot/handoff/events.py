"""Who wants to know when something changed: a small bus in this process. It carries names of handoffs, never words.

More processes later bring another implementation of the same three methods.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable

DESK = "desk"  # everybody at the desk
_TYPING_FOR = 6.0  # seconds a sign of typing lasts


class Events:
    """Tells listeners of a subject that something about it changed. `changed` may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._listeners: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(set)
        self._typing: dict[tuple[str, str], float] = {}
        self._clock = clock

    def listen(self, subject: str) -> Listener:
        """Return a listener; use it as a context."""
        return Listener(self._listeners, subject)

    def changed(self, *subjects: str) -> None:
        """Wake everybody who listens to one of the subjects."""
        for subject in subjects:
            for loop, event in list(self._listeners.get(subject, ())):
                loop.call_soon_threadsafe(event.set)

    def types(self, handoff: str, who: str) -> None:
        """Somebody ("young" or "counsellor") is typing in a handoff."""
        now = self._clock()
        self._typing = {key: until for key, until in self._typing.items() if until > now}
        self._typing[handoff, who] = now + _TYPING_FOR
        self.changed(handoff)

    def stops(self, handoff: str, who: str) -> None:
        """What they typed has been said, or the talk is over."""
        self._typing.pop((handoff, who), None)

    def is_typing(self, handoff: str, who: str) -> bool:
        """Whether that one typed within the last seconds."""
        return self._typing.get((handoff, who), 0.0) > self._clock()


class Listener:
    """Waits for the next change of one subject."""

    def __init__(self, listeners: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]], subject: str) -> None:
        self._all, self._subject = listeners, subject
        self._mine = (asyncio.get_running_loop(), asyncio.Event())

    def __enter__(self) -> Listener:
        self._all[self._subject].add(self._mine)
        return self

    def __exit__(self, *_: object) -> None:
        self._all[self._subject].discard(self._mine)
        if not self._all[self._subject]:
            del self._all[self._subject]

    async def wait(self, seconds: float) -> bool:
        """True when something changed, False after `seconds` of quiet."""
        event = self._mine[1]
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        event.clear()
        return True
