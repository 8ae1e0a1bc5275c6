"""Spelling noise, as frightened thumbs make it: the same message mistyped in ways that a reader would still understand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from bot.evaluate.cases import Case


def drop_letters(text: str, chance: random.Random) -> str:
    """Every tenth letter or so is missing."""
    return "".join(letter for letter in text if not letter.isalpha() or chance.random() > 0.1)


def swap_letters(text: str, chance: random.Random) -> str:
    """Neighbouring letters change places now and then."""
    letters = list(text)
    for at in range(len(letters) - 1):
        if letters[at].isalpha() and letters[at + 1].isalpha() and chance.random() < 0.08:
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def double_letters(text: str, chance: random.Random) -> str:
    """A key sticks now and then."""
    return "".join(letter * 2 if letter.isalpha() and chance.random() < 0.1 else letter for letter in text)


def no_vowels(text: str, chance: random.Random) -> str:
    """Words of four letters and more lose the vowels inside them."""
    return " ".join(
        word if len(word) < 4 else word[0] + "".join(letter for letter in word[1:] if letter.lower() not in "aeiou")
        for word in text.split()
    )


def all_caps(text: str, chance: random.Random) -> str:
    """Shouted."""
    return text.upper()


def no_spaces(text: str, chance: random.Random) -> str:
    """Every fourth gap between words is missing."""
    return "".join("" if letter == " " and chance.random() < 0.25 else letter for letter in text)


NOISES: dict[str, Callable[[str, random.Random], str]] = {
    "dropped letters": drop_letters,
    "swapped letters": swap_letters,
    "doubled letters": double_letters,
    "no vowels": no_vowels,
    "all capitals": all_caps,
    "missing spaces": no_spaces,
}


def noisy(cases: list[Case], noise: str) -> list[Case]:
    """Return the cases with every turn mistyped in one way; always the same way for the same case."""
    chance = random.Random(11)  # noqa: S311  # mistakes are no secret
    return [replace(case, turns=tuple(NOISES[noise](turn, chance) for turn in case.turns)) for case in cases]
