"""The directory of services, read from `data/signposts.yml` and `data/routes.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA
from bot.signposts.hours import Hours, parse_hours

FRONT_DOOR = "merseyside_front_door"
# The council's own door for each area a young person can tap. None: no number is sure enough to show.
FRONT_DOORS: Mapping[str, str] = {
    "liverpool": "liverpool_cass",
    "sefton": "sefton_chat",
    "knowsley": "knowsley_mash",
    "st_helens": "st_helens",
    "wirral": "wirral",
    "halton": "halton",
}


@dataclass(frozen=True)
class Contact:
    """One way to reach a service."""

    kind: str
    value: str
    href: str
    hours: Hours
    sure: bool


@dataclass(frozen=True)
class Service:
    """One service, and what the router must respect."""

    id: str
    name: str
    what: str
    audience: frozenset[str]
    age_min: int
    age_max: int
    area: str
    emergency: bool
    police: bool
    needs_name: bool
    caregiver_call: bool
    contacts: tuple[Contact, ...]
    cost: str
    note: str
    sure: bool
    verified: bool
    last_verified: date | None = None

    @property
    def any_age(self) -> bool:
        """True when no age is turned away."""
        return self.age_min == 0 and self.age_max >= 120


@dataclass(frozen=True)
class Directory:
    """All services that may be shown, and the routes from topics to them."""

    services: Mapping[str, Service]
    routes: Mapping[str, tuple[str, ...]]

    def route(self, topic: str) -> tuple[str, ...]:
        """Service ids for a topic, most fitting first."""
        return self.routes.get(topic) or self.routes["ask_services"]


def _service(entry: Mapping[str, Any]) -> Service:
    contacts = tuple(
        Contact(c["kind"], str(c["value"]), str(c["href"]), parse_hours(c["hours"], c["bank_holidays"]), c["sure"] != "unsure")
        for c in entry["contacts"]
    )
    return Service(
        id=entry["id"],
        name=str(entry["name"]),
        what=entry["what"],
        audience=frozenset(entry["audience"]),
        age_min=int(entry["age_min"]),
        age_max=int(entry["age_max"]),
        area=entry["area"],
        emergency=entry["emergency"],
        police=entry["police"],
        needs_name=entry["needs_name"],
        caregiver_call=entry["caregiver_call"],
        contacts=tuple(contact for contact in contacts if contact.sure),
        cost=entry["cost"],
        note=entry["note"] or "",
        sure=entry["sure"] != "unsure",
        verified=bool(entry["verified"]),
        last_verified=entry.get("last_verified"),
    )


@lru_cache(maxsize=1)
def load_directory(folder: Path = DATA) -> Directory:
    """Read the directory; unsure entries and contacts are left out. Raises ContentError when a file does not fit."""
    try:
        services = {entry["id"]: _service(entry) for entry in read_yaml(folder / "signposts.yml")["services"]}
        routes = {topic: tuple(ids) for topic, ids in read_yaml(folder / "routes.yml")["routes"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"data/signposts.yml or data/routes.yml does not fit ({type(error).__name__}: {error}).") from None
    unknown = {name for ids in routes.values() for name in ids} - set(services) - {FRONT_DOOR}
    if unknown:
        raise ContentError(f"data/routes.yml names services that are not in data/signposts.yml: {sorted(unknown)}.")
    shown = {name: service for name, service in services.items() if service.sure and service.contacts}
    return Directory(shown, routes)
