"""What the operator decided: who runs this, when, and by which rules (`data/service.yml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA
from bot.signposts.hours import Hours, Span


@dataclass(frozen=True)
class Service:
    """The operator's own facts. Empty means not decided."""

    name: str
    area: str
    run_by: str
    complaints: str
    registration: str
    receiving: str
    keeps_records: str
    confidentiality: str
    duty: str
    duty_as_of: date | None
    opening_hours: Mapping[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    up_to: int = 25
    always_open: bool = False

    @property
    def desk_hours(self) -> Hours:
        """The counsellors' hours, to ask whether they are open; closed on bank holidays unless `bank_holidays` says otherwise."""
        return (
            Hours(always=True)
            if self.always_open
            else Hours(spans=tuple(_span(day, hours) for day, hours in self.opening_hours.items()))
        )

    def facts(self) -> list[tuple[str, str]]:
        """What "Who runs this" shows: (label, words), only what has been decided."""
        told = [
            ("Who runs this", self.run_by or "Nobody yet. This is a test version and not for real use."),
            ("Where", self.area),
            ("Real people are here", "; ".join(f"{day}: {hours}" for day, hours in self.opening_hours.items())),
            ("Who they work for", self.receiving),
            ("How long they keep records", self.keeps_records),
            ("What they may have to do", self.confidentiality),
            ("The law on telling", f"{self.duty} (checked {self.duty_as_of})" if self.duty else ""),
            ("If something was not right", self.complaints),
            ("Registration", self.registration),
        ]
        return [(label, words) for label, words in told if words]


@lru_cache(maxsize=1)
def load_service(path: Path = DATA / "service.yml") -> Service:
    """Read the file. Raises ContentError naming what does not fit."""
    said = read_yaml(path)
    try:
        return Service(
            **{name: str(said[name]).strip() for name in _TEXTS},  # type: ignore[arg-type]  # _TEXTS are its text fields
            duty=str(said["reporting_duty"]["text"]).strip(),
            duty_as_of=_date(said["reporting_duty"]["as_of"]),
            opening_hours={str(day): str(hours) for day, hours in (said["opening_hours"] or {}).items()},
            withdrawn=frozenset(str(name) for name in said["withdrawn"] or ()),
            up_to=int(said["serves_up_to"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"data/service.yml does not fit ({type(error).__name__}: {error}). Compare it with ours.") from None


def day_and_night(service: Service) -> Service:
    """The same service with its desk open at all hours, to try it out."""
    return replace(service, opening_hours={"Every day": "day and night"}, always_open=True)


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = re.compile(r"(?P<opens>\d\d:\d\d)\s*(?:-|–|to)\s*(?P<closes>\d\d:\d\d)")
_TEXTS = ("name", "area", "run_by", "complaints", "registration", "receiving", "keeps_records", "confidentiality")


def _span(day: str, hours: str) -> Span:
    """One line of the opening hours: a day's name and "16:00-21:00"."""
    found = _HOURS.fullmatch(hours.strip())
    if day.strip().lower() not in _DAYS or not found:
        raise ContentError(f'data/service.yml: opening_hours need lines like Monday: "16:00-21:00", not {day}: {hours}.')
    return Span(_DAYS.index(day.strip().lower()), time.fromisoformat(found["opens"]), time.fromisoformat(found["closes"]))


def _date(value: Any) -> date | None:
    if value is not None and not isinstance(value, date):
        raise ContentError("data/service.yml: reporting_duty.as_of must be a date (2026-11-25) or null.")
    return value
