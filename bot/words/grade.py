"""How hard a text is to read. Flesch-Kincaid grade (Kincaid 1975) by textstat, over the words a person has to read."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat imports pkg_resources, which is old
    import textstat

# Below so many words the formula jumps about; short texts are checked by sentence and word instead.
FROM_WORDS = 25
_NUMBER = re.compile(r"\b\d[\d ]*\d\b")
_LINK = re.compile(r"\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_BULLET = re.compile(r"^[•\-]\s*", re.MULTILINE)
_SENTENCE = re.compile(r"[.?!:]+[\"'”’]?(?:\s+|$)|\n+")


def plain(text: str, names: Iterable[str] = ()) -> str:
    """Return `text` without phone numbers, links, bullets and the `names` of services."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "it", text)
    text = _BULLET.sub("", _LINK.sub("it", _NUMBER.sub("", text)))
    # A line that ends without a stop (a list) is a sentence of its own.
    return re.sub(r"(?<![.?!:,])\s*\n+", ". ", text).replace("\n", " ").strip()


def sentences(text: str) -> list[str]:
    """The sentences of a text, lines of a list counting as such."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def words(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[A-Za-z][\w'’]*|\d+", text)


def grade(text: str, names: Iterable[str] = ()) -> float:
    """The Flesch-Kincaid grade of a text, in school years of the United States."""
    return float(textstat.flesch_kincaid_grade(plain(text, names)))
