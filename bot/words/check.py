"""Check every text, and the texts together: each written once, none unused, every topic in every wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content import read_yaml
from bot.paths import DATA, ROOT
from bot.signposts.directory import Directory, load_directory
from bot.words.rules import RULES, Shelf
from bot.words.texts import CHILD, EASY, Text, leads_to

STALE_AFTER = 90  # days
# Chance may choose among several wordings of these, for warmth.
_WARM = ("utter_greet", "utter_thank", "utter_goodbye")


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one text."""

    name: str
    says: str


def load_shelf() -> Shelf:
    """The directory and the words never to say. Raises ContentError when one cannot be read."""
    said = read_yaml(DATA / "phrases" / "never_say.yml")
    return Shelf(load_directory(), tuple(said["never"]), tuple(said["hard"]))


def complaints_of(text: Text, shelf: Shelf) -> list[Complaint]:
    """Everything wrong with one text by itself."""
    return [Complaint(text.name, says) for rule in RULES for says in rule(text, shelf)]


def check(texts: list[Text], shelf: Shelf) -> list[Complaint]:
    """Everything wrong with the texts, one by one and together."""
    found = [complaint for text in texts for complaint in complaints_of(text, shelf)]
    return [*found, *_written_twice(texts), *_without_default(texts), *_unused(texts), *_missing_wordings(texts)]


def _written_twice(texts: list[Text]) -> Iterable[Complaint]:
    for (response, wording), count in Counter((text.response, text.wording) for text in texts).items():
        if count > 1 and response not in _WARM:
            yield Complaint(f"{response}/{wording}".rstrip("/"), f"is written {count} times; Rasa would pick one by chance")


def _without_default(texts: list[Text]) -> Iterable[Complaint]:
    everybody = {text.response for text in texts if not text.wording}
    for response in sorted({text.response for text in texts} - everybody):
        yield Complaint(response, "has no wording for everybody, so some would get silence")


def _unused(texts: list[Text]) -> Iterable[Complaint]:
    """A response is used when rules, stories or code name it, or a button of a used one leads to it."""
    topics = _topics()
    used = names_in_use() | {f"utter_{topic}{more}" for topic in topics for more in ("", "_more", "_again")}
    leads: dict[str, set[str]] = {}
    for text in texts:
        leads.setdefault(text.response, set()).update(leads_to(button.payload).split(" ")[0] for button in text.buttons)
    waiting = [response for response in leads if response in used]
    while waiting:
        new = leads.get(waiting.pop(), set()) - used
        used |= new
        waiting += new
    for response in leads:
        if response not in used:
            yield Complaint(response, "is never shown: no rule, story, button or code names it")
    for response in sorted({name for names in leads.values() for name in names if name.startswith("utter_page_")} - set(leads)):
        yield Complaint(response, "is where a button leads, and it is not there")


def names_in_use(root: Path = ROOT) -> set[str]:
    """Every response that rules, stories or code name."""
    places = ("data/rules/*.yml", "data/stories/*.yml", "data/*.yml", "bot/**/*.py")
    return {
        name
        for place in places
        for path in root.glob(place)
        for name in re.findall(r"utter_\w+", path.read_text(encoding="utf-8"))
    }


def _missing_wordings(texts: list[Text]) -> Iterable[Complaint]:
    there = {(text.response, text.wording) for text in texts}
    for topic in _topics():
        if topic.startswith(("worry_", "risk_", "ask_")):
            for wording in ("", CHILD, EASY):
                if (f"utter_{topic}", wording) not in there:
                    yield Complaint(f"utter_{topic}", f"has no wording for {wording or 'everybody'}")


def _topics() -> list[str]:
    return [str(name) for name in read_yaml(ROOT / "domain.yml")["intents"]]


def stale(directory: Directory, today: date) -> list[str]:
    """Services whose facts nobody has checked for 90 days, or ever."""
    found = []
    for service in directory.services.values():
        checked = service.last_verified
        if checked is None:
            found.append(f"{service.id}: never checked")
        elif (today - checked).days > STALE_AFTER:
            found.append(f"{service.id}: last checked {checked.isoformat()}")
    return found
