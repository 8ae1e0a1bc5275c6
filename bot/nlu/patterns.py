"""The small language in which signals are written, turned into spaCy Matcher patterns.

he (is|s)? at the door            words; `(a|b)` is one of several, each one word or more;
                                  `?` makes a word or a group optional
locked ... in                     `...` is up to three words of any kind
i am <number>                     a number, as a digit or a word
"""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from bot.errors import ContentError

Tokens = list[dict[str, Any]]

_PIECE = re.compile(r"\s*(?:(?P<gap>\.\.\.)|\((?P<group>[^()]+)\)(?P<maybe>\?)?|(?P<word>[^\s()|?]+)(?P<may>\?)?)(?=\s|$)")


def compile_pattern(line: str) -> list[Tokens]:
    """Return the Matcher patterns one line stands for. Raises ContentError for a line it cannot read."""
    line, at, choices = line.lower().strip(), 0, []
    while at < len(line):
        piece = _PIECE.match(line, at)
        if not piece:
            raise ContentError(f"A signal pattern cannot be read at {line[at:]!r}: see the top of bot/nlu/patterns.py.")
        choices.append(_ways(piece))
        at = piece.end()
    return [[token for way in ways for token in way] for ways in product(*choices)]


def _ways(piece: re.Match[str]) -> list[Tokens]:
    """The ways in which one piece of a line may be said."""
    if piece["gap"]:
        return [[{"OP": "?"}] * 3]
    if piece["word"]:
        return [[_word(piece["word"]) | ({"OP": "?"} if piece["may"] else {})]]
    said = [alternative.split() for alternative in piece["group"].split("|")]
    single = [words[0] for words in said if len(words) == 1]
    ways: list[Tokens] = [[_word(word) for word in words] for words in said if len(words) != 1]
    if single:
        ways.append([{"NORM": {"IN": single}} | ({"OP": "?"} if piece["maybe"] else {})])
    elif piece["maybe"]:
        ways.append([])
    return ways


def _word(word: str) -> dict[str, Any]:
    return {"LIKE_NUM": True} if word == "<number>" else {"NORM": word}
