"""Choose who to show: by age, place, clock and wishes. Never a closed service first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.signposts.directory import FRONT_DOOR, FRONT_DOORS, Contact, Directory, Service

AT_MOST = 3
_EVERYWHERE = ("uk", "england_wales", "england")  # the service is for Merseyside; other nations must be said
_MERSEYSIDE = ("liverpool", "sefton", "knowsley", "st_helens", "wirral")
_CALLS = ("phone",)


@dataclass(frozen=True)
class Asker:
    """What is known of who asks; nothing has to be."""

    audience: str = "young_person"
    age: tuple[int, int] | None = None
    area: str | None = None
    wishes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Signpost:
    """A chosen service and the contacts to show, open ones first."""

    service: Service
    contacts: tuple[Contact, ...]
    open: bool
    next_opening: datetime | None


def fits(service: Service, asker: Asker) -> bool:
    """True when the service takes this asker as far as we know."""
    if asker.audience not in service.audience and not service.emergency:
        return False
    return _fits_age(service, asker) and _fits_area(service, asker.area) and _fits_wishes(service, asker.wishes)


def _fits_age(service: Service, asker: Asker) -> bool:
    if asker.audience != "young_person" or service.any_age:
        return True
    if asker.age is None:
        # Unknown age: only what turns nobody away, plus Childline, shown as "if you are under 19".
        return service.id == "childline"
    youngest, oldest = asker.age
    return service.age_min <= youngest and oldest <= service.age_max


def _fits_area(service: Service, area: str | None) -> bool:
    if service.area in _EVERYWHERE:
        return True
    if service.area == "merseyside":
        return area in _MERSEYSIDE
    return service.area == area


def _fits_wishes(service: Service, wishes: frozenset[str]) -> bool:
    if service.emergency:
        return True  # no wish ever hides 999
    if ("no_police" in wishes and service.police) or ("no_name" in wishes and service.needs_name):
        return False
    if "no_parents" in wishes and service.caregiver_call:
        return False
    return "no_phone" not in wishes or any(contact.kind not in _CALLS for contact in service.contacts)


def signpost(service: Service, asker: Asker, now: datetime) -> Signpost:
    """Order one service's contacts: open ones first, those whose hours nobody knows last."""
    wanted = [c for c in service.contacts if "no_phone" not in asker.wishes or c.kind not in _CALLS or service.emergency]
    ordered = sorted(wanted, key=lambda c: (not c.hours.open_at(now), not c.hours.known))
    openings = [opening for c in ordered if (opening := c.hours.next_opening(now))]
    return Signpost(service, tuple(ordered), any(c.hours.open_at(now) for c in ordered), min(openings, default=None))


def choose(
    directory: Directory,
    topics: tuple[str, ...],
    asker: Asker,
    now: datetime,
    just_shown: tuple[str, ...] = (),
    at_most: int = AT_MOST,
) -> tuple[Signpost, ...]:
    """Return up to `at_most` signposts for the topics (in that order), 999 first where the route starts with it.

    `just_shown` are the service ids of the answer before: the same list is not shown twice running.
    """
    fitting = [
        signpost(directory.services[name], asker, now)
        for name in dict.fromkeys(name for topic in topics for name in _resolved(directory.route(topic), asker))
        if name in directory.services and fits(directory.services[name], asker)
    ]
    ordered = sorted(fitting, key=lambda found: (not found.service.emergency or found.service.id == "silent_55", not found.open))
    chosen = tuple(ordered[:at_most])
    if just_shown and {found.service.id for found in chosen} == set(just_shown):
        fresh = tuple(found for found in ordered if found.service.id not in just_shown)
        return fresh[:at_most]
    return chosen


def _resolved(route: tuple[str, ...], asker: Asker) -> list[str]:
    """The route with the council's own door in place of the stand-in, and a local place first once it is asked for."""
    door = FRONT_DOORS.get(asker.area or "")
    return [door if name == FRONT_DOOR and door else name for name in route]
