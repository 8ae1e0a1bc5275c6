"""Named moments at which a test may stop the process, to prove that nothing accepted is lost. They do nothing in service."""

from __future__ import annotations

from collections.abc import Callable

POINTS = ("before commit", "after commit", "claim", "close", "sweep", "code change")
_stop: Callable[[str], None] | None = None


def reached(point: str) -> None:
    """Say that a named moment is reached."""
    if _stop:
        _stop(point)


def stop_with(stop: Callable[[str], None] | None) -> None:
    """Let a test hear of every moment (None: nobody listens)."""
    global _stop
    _stop = stop
