"""Signals: patterns of words that must not be missed, whatever the classifier hears.

The patterns are data (`data/signals/*.yml`, in the language of `bot/nlu/patterns.py`) so that a
safeguarding lead can read and change them. A signal counts unless one of its `unless` patterns is
found in the same message.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from spacy.matcher import Matcher

from bot.content import read_yaml
from bot.errors import ContentError
from bot.nlu.patterns import Tokens, compile_pattern
from bot.nlu.plain_english import PlainEnglish, plain_english
from bot.paths import DATA


def _compiled(lines: list[str]) -> list[Tokens]:
    return [pattern for line in lines for pattern in compile_pattern(line) if pattern]


class Signals:
    """Finds signals in text."""

    def __init__(self, english: PlainEnglish, patterns: dict[str, dict[str, list[str]]]) -> None:
        self._english = english
        self._found = Matcher(english.vocab)
        self._unless = Matcher(english.vocab)
        for name, lines in patterns.items():
            self._found.add(name, _compiled(lines["patterns"]))
            if lines.get("unless"):
                self._unless.add(name, _compiled(lines["unless"]))

    def heard_in(self, text: str) -> list[str]:
        """The names of the signals in `text`, sorted."""
        with self._english.reading(text) as doc:
            found = {doc.vocab.strings[match] for match, _, _ in self._found(doc)}
            cancelled = {doc.vocab.strings[match] for match, _, _ in self._unless(doc)} if len(self._unless) else set()
        return sorted(found - cancelled)


@lru_cache(maxsize=1)
def load_signals(folder: Path = DATA / "signals") -> Signals:
    """Read every file in `folder`. Raises ContentError when a name stands twice or a pattern is wrong."""
    patterns: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, lines in read_yaml(path)["signals"].items():
            if name in patterns:
                raise ContentError(f"The signal {name} stands twice under {folder.name}/. Keep one.")
            patterns[name] = lines
    return Signals(plain_english(), patterns)
