"""Turn signposts into the fixed words of `data/phrases/signposts.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from bot.content import read_yaml
from bot.paths import DATA
from bot.signposts.directory import Contact
from bot.signposts.hours import LONDON
from bot.signposts.router import Asker, Signpost

_CONTACTS_SHOWN = 2


@lru_cache(maxsize=1)
def signpost_phrases(path: Path = DATA / "phrases" / "signposts.yml") -> Mapping[str, str]:
    """The short phrases every list is put together from."""
    phrases: Mapping[str, str] = read_yaml(path)["phrases"]
    return phrases


def in_words(chosen: tuple[Signpost, ...], asker: Asker, now: datetime, phrases: Mapping[str, str]) -> str:
    """One paragraph a service: name, who it is for, how to reach it, when, and what to know first."""
    return "\n\n".join(_service_in_words(found, asker, now, phrases) for found in chosen)


def _service_in_words(found: Signpost, asker: Asker, now: datetime, phrases: Mapping[str, str]) -> str:
    service = found.service
    name = phrases["under_19"].format(name=service.name) if service.id == "childline" and asker.age is None else service.name
    lines = [f"{name}. {service.what}"]
    seen: set[str] = set()
    for contact in found.contacts:
        if contact.value not in seen and len(seen) < _CONTACTS_SHOWN:
            seen.add(contact.value)
            lines.append(_contact_in_words(contact, now, phrases))
    if service.cost == "free" and any(contact.kind in ("phone", "text") for contact in found.contacts):
        lines[-1] += " " + phrases["free"]
    if service.note:
        lines.append(service.note)
    return "\n".join(lines)


def _contact_in_words(contact: Contact, now: datetime, phrases: Mapping[str, str]) -> str:
    how = phrases[contact.kind].format(value=contact.value)
    return f"{how} {_when(contact, now, phrases)}".strip()


def _when(contact: Contact, now: datetime, phrases: Mapping[str, str]) -> str:
    if contact.hours.always:
        return phrases["always"] if contact.kind in ("phone", "text", "chat") else ""
    if contact.hours.open_at(now):
        return phrases["open_now"]
    opening = contact.hours.next_opening(now)
    if opening:
        return phrases["opens"].format(day=_day(opening, now, phrases), time=_clock(opening))
    return phrases["hours_unknown"] if contact.kind in ("phone", "text", "walk_in") else ""


def _day(opening: datetime, now: datetime, phrases: Mapping[str, str]) -> str:
    ahead = (opening.date() - now.astimezone(LONDON).date()).days
    return (
        phrases["today"]
        if ahead == 0
        else phrases["tomorrow"]
        if ahead == 1
        else phrases["on_day"].format(day=opening.strftime("%A"))
    )


def _clock(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    minutes = f".{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"
