"""Times as they are kept: seconds since 1970, rounded down to five minutes, so that a table tells no more than it must."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDED_TO = 300  # seconds
DAY = 86_400  # seconds

Clock = Callable[[], float]
wall: Clock = time.time


def rounded(at: float) -> int:
    """The five minutes in which `at` lies."""
    return int(at) // ROUNDED_TO * ROUNDED_TO


def day_of(at: float) -> int:
    """The day in which `at` lies, as its first second (UTC)."""
    return int(at) // DAY * DAY
