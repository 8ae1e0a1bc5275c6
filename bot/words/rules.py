"""What makes a text fit to be read: one small rule each. A rule takes a text and returns what is wrong, in plain words.

The limits are docs/safeguarding.md's: UK advice puts public health texts at the reading age of 9 to 11 (NHS service
manual); grade 5 of the Flesch-Kincaid formula is about age 10, grade 3 about age 8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.signposts.directory import Directory, Service
from bot.words.grade import FROM_WORDS, grade, sentences, words
from bot.words.texts import CHILD, OLDER, Text

MAX_GRADE = {"child": 3.0, "easy": 3.0, "young": 5.0, "adult": 8.0}
MAX_WORDS, MAX_SENTENCE, MAX_SHORT_SENTENCE = 80, 18, 14
# 999 stands in the first sentence of these.
FIRST_999 = re.compile(r"^utter_risk_(immediate_danger|suicide|medical|someone_else)$|^utter_suicide_yes$")
MAX_IMMEDIATE = 50  # words, where danger is now
IMMEDIATE = re.compile(r"^utter_risk_(immediate_danger|someone_watching|medical|someone_else)$")
# Each wording's readers, youngest and oldest; for everybody the age is unknown.
_AGES = {CHILD: (8, 12), OLDER: (16, 24)}
_DIGITS = re.compile(r"(?<![\w£])\+?\d[\d ]{1,}\d\b")
_LINKS = re.compile(r"\b(?:[\w-]+\.)+(?:uk|org|com|net|ncmec\.org|police\.uk)\b(?:/[\w/.-]*)?")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_YEAR = re.compile(r"(19|20)\d\d")
# Not contacts: what one presses or how long something takes.
_NO_CONTACT = {"55", "24", "18", "16", "13", "12", "19", "17", "15", "14", "10", "20", "30", "45", "25", "35", "21", "11", "90"}


@dataclass(frozen=True)
class Shelf:
    """What the rules look things up in: the directory and the words never to say."""

    directory: Directory
    never: tuple[Mapping[str, Any], ...]
    hard: tuple[Mapping[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of services, which nobody can make easier to read."""
        return tuple(service.name for service in self.directory.services.values())


Rule = Callable[[Text, Shelf], Iterable[str]]


def easy_enough(text: Text, shelf: Shelf) -> Iterable[str]:
    """The reading grade of the whole reply fits its reader (from 25 words up)."""
    if len(words(text.text)) >= FROM_WORDS:
        found = grade(text.text, shelf.names)
        if found > MAX_GRADE[text.reader]:
            yield f"reads at grade {found:.1f}; at most {MAX_GRADE[text.reader]:.0f} for {text.reader}"


def short_enough(text: Text, shelf: Shelf) -> Iterable[str]:
    """At most 80 words in all (50 where danger is now)."""
    most = MAX_IMMEDIATE if IMMEDIATE.match(text.response) else MAX_WORDS
    count = len(text.text.split())
    if count > most:
        yield f"has {count} words; at most {most}"


def short_sentences(text: Text, shelf: Shelf) -> Iterable[str]:
    """No sentence of more than 18 words; 14 in a text too short to grade."""
    most = MAX_SENTENCE if len(words(text.text)) >= FROM_WORDS else MAX_SHORT_SENTENCE
    for sentence in sentences(text.text):
        if len(sentence.split()) > most:
            yield f"has a sentence of {len(sentence.split())} words (at most {most}): {sentence[:60]}…"


def says_nothing_forbidden(text: Text, shelf: Shelf) -> Iterable[str]:
    """Nothing of data/phrases/never_say.yml."""
    ours = _QUOTED.sub(" ", text.text)  # ready lines are for the reader to say, not for us
    for rule in shelf.never:
        said = ours if rule.get("quoted") == "allowed" else text.text
        if _holds_for(rule, text) and re.search(rule["pattern"], said, re.IGNORECASE):
            yield f"says what we never say ({rule['pattern']}); say {rule['say']}"


def no_hard_words(text: Text, shelf: Shelf) -> Iterable[str]:
    """No word of the list of hard words."""
    for rule in shelf.hard:
        if _holds_for(rule, text) and re.search(rf"\b{rule['word']}", text.text, re.IGNORECASE):
            yield f"uses the hard word {rule['word']!r}; say {rule['say']}"


def starts_with_999(text: Text, shelf: Shelf) -> Iterable[str]:
    """Where it must, 999 stands in the first sentence."""
    if FIRST_999.match(text.response) and "999" not in sentences(text.text)[0]:
        yield "must have 999 in its first sentence"


def known_contacts(text: Text, shelf: Shelf) -> Iterable[str]:
    """Every number and link stands in data/signposts.yml and takes whoever reads this wording."""
    by_digits: dict[str, list[Service]] = {}
    by_link: dict[str, list[Service]] = {}
    for service in shelf.directory.services.values():
        for contact in service.contacts:
            for digits in _DIGITS.findall(contact.value) or [contact.value]:
                by_digits.setdefault(re.sub(r"\D", "", digits), []).append(service)
            by_link.setdefault(contact.value.lower().removeprefix("www.").rstrip("/"), []).append(service)
    for found in _DIGITS.findall(text.text):
        digits = re.sub(r"\D", "", found)
        if digits not in _NO_CONTACT and not _YEAR.fullmatch(digits):
            yield from _fits(found, by_digits.get(digits), text)
    for found in _LINKS.findall(text.text):
        link = found.lower().removeprefix("www.").rstrip("/.")
        yield from _fits(found, next((services for known, services in by_link.items() if known.startswith(link)), None), text)


def _fits(contact: str, services: list[Service] | None, text: Text) -> Iterable[str]:
    if services is None:
        yield f"names {contact}, which is not in data/signposts.yml"
    elif text.reader != "adult" and not any(_takes(service, text) for service in services):
        yield f"names {contact}, which does not take everybody who reads this wording"


def _takes(service: Service, text: Text) -> bool:
    if service.any_age or re.search(r"\b(under|over|if you are) \d\d\b|\d\d (or|and) over", text.text):
        return True  # the text itself says for whom it is
    youngest, oldest = _AGES.get(text.wording, (13, 18))
    return service.age_min <= youngest and oldest <= service.age_max


def _holds_for(rule: Mapping[str, Any], text: Text) -> bool:
    return text.reader in rule.get("for", (text.reader,))


RULES: tuple[Rule, ...] = (
    easy_enough,
    short_enough,
    short_sentences,
    says_nothing_forbidden,
    no_hard_words,
    starts_with_999,
    known_contacts,
)
