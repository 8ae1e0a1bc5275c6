"""Opening hours in UK time, with daylight saving and the bank holidays of England."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from bot.errors import ContentError

LONDON = ZoneInfo("Europe/London")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Span:
    """Open on weekday `day` (Monday is 0) from `opens` until `closes`."""

    day: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Hours:
    """When a contact can be reached. `known` is False when nobody has told us."""

    always: bool = False
    known: bool = True
    spans: tuple[Span, ...] = ()
    bank_holidays: bool = False

    def open_at(self, now: datetime) -> bool:
        """True when it is surely open at `now` (any time zone)."""
        if self.always:
            return True
        here = now.astimezone(LONDON)
        if not self.bank_holidays and is_bank_holiday(here.date()):
            return False
        return any(span.day == here.weekday() and span.opens <= here.time() < span.closes for span in self.spans)

    def next_opening(self, now: datetime) -> datetime | None:
        """The next time it opens, in UK time, within two weeks; None when always open or unknown."""
        here = now.astimezone(LONDON)
        for ahead in range(15):
            day = here.date() + timedelta(days=ahead)
            if not self.bank_holidays and is_bank_holiday(day):
                continue
            openings = sorted(datetime.combine(day, span.opens, LONDON) for span in self.spans if span.day == day.weekday())
            for opening in openings:
                if opening > here:
                    return opening
        return None


@lru_cache(maxsize=16)
def _bank_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG", years=year)


def is_bank_holiday(day: date) -> bool:
    """True on a public holiday in England."""
    return day in _bank_holidays(day.year)


def parse_hours(hours: Any, bank_holidays: str) -> Hours:
    """Read `hours` as written in data/signposts.yml. Raises ContentError when it does not fit."""
    if hours == "always":
        return Hours(always=True)
    if hours == "unknown":
        return Hours(known=False)
    if not isinstance(hours, list):
        raise ContentError(f"data/signposts.yml: hours must be always, unknown or a list, not {hours!r}.")
    spans = tuple(
        Span(_DAYS.index(day), time.fromisoformat(str(part["open"])), time.fromisoformat(str(part["close"])))
        for part in hours
        for day in part["days"]
    )
    return Hours(spans=spans, bank_holidays=bank_holidays == "open")
