"""What the operator decided: who runs this, when, and by which rules (`data/service.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA


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
            **{name: str(said[name]).strip() for name in _TEXTS},
            duty=str(said["reporting_duty"]["text"]).strip(),
            duty_as_of=_date(said["reporting_duty"]["as_of"]),
            opening_hours={str(day): str(hours) for day, hours in (said["opening_hours"] or {}).items()},
            withdrawn=frozenset(str(name) for name in said["withdrawn"] or ()),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"data/service.yml does not fit ({type(error).__name__}: {error}). Compare it with ours.") from None


_TEXTS = ("name", "area", "run_by", "complaints", "registration", "receiving", "keeps_records", "confidentiality")


def _date(value: Any) -> date | None:
    if value is not None and not isinstance(value, date):
        raise ContentError("data/service.yml: reporting_duty.as_of must be a date (2026-11-25) or null.")
    return value
