"""Hear an age or a school year told in passing, about the person who writes. Pure; nothing is asked and nothing guessed."""

from __future__ import annotations

import re

BANDS = ("under_13", "13_15", "16_17", "18_over")
_NUMBERS = {
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_AGE = r"(?P<age>\d{1,2}|" + "|".join(_NUMBERS) + ")"
# What a number after "i am" may count instead of years.
_NOT_YEARS = (
    r"(?!\s*(?:%|\.\d|/|(?:weeks?|months?|days?|hours?|hrs?|mins?|minutes?|seconds?|miles?|stone|kg|foot|ft|cm|quid|pounds?|people|"
    r"percent|per cent|out of|in the queue|th|st|nd|rd|points?|goals?|down|up|ahead|behind|late|steps?|away)\b))"
)
_TOLD = re.compile(
    rf"\bi am (?:only |just |nearly |about |actually |now |still |a )*{_AGE}\b{_NOT_YEARS}"
    rf"|\b(?:aged?|my age is) {_AGE.replace('<age>', '<age2>')}\b{_NOT_YEARS}"
    rf"|\bas an? {_AGE.replace('<age>', '<age3>')}(?: |-)(?:year|yr)"
)
_YEAR = re.compile(r"\bi am (?:only |just |still |in )*(?:yr|year|y) ?(?P<year>\d{1,2})\b")
_ONLY_AGE = re.compile(rf"(?:i am |age |aged )?{_AGE}(?: years old| yrs old| years| yo)?")
_ONLY_YEAR = re.compile(r"(?:i am )?(?:in )?(?:yr|year|y) ?(?P<year>\d{1,2})")
_MORE = re.compile(r"\bnot \d|\bwhen i (?:am|was)|\bi (?:will be|was)\b")


def band_told(text: str) -> str | None:
    """Return the band of the age told in `text`, or None when none was told."""
    text = _plainly(text)
    if _MORE.search(text):
        return None
    told = _TOLD.search(text)
    if told:
        return band_of(_number(next(group for group in told.groups() if group)))
    year = _YEAR.search(text)
    return _band_of_year(int(year["year"])) if year else None


def only_an_age(text: str) -> str | None:
    """Return the band when the message is an age or a school year and nothing else, as an answer to "how old"."""
    text = _plainly(text).strip(" .")
    age, year = _ONLY_AGE.fullmatch(text), _ONLY_YEAR.fullmatch(text)
    if age:
        return band_of(_number(age["age"]))
    return _band_of_year(int(year["year"])) if year else None


def band_of(age: int) -> str | None:
    """The band of an age in years; None for an age nobody of our readers has."""
    if not 5 <= age <= 99:
        return None
    return BANDS[0] if age < 13 else BANDS[1] if age < 16 else BANDS[2] if age < 18 else BANDS[3]


def _band_of_year(year: int) -> str | None:
    """Of a school year in England: in year 7 one turns 12, in year 13 one turns 18."""
    return band_of(year + 4) if 1 <= year <= 13 else None


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS[said]


def _plainly(text: str) -> str:
    """Lower case, "im" and "i'm" as "i am", one space between words."""
    return re.sub(r"\bi['’]?m\b", "i am", " ".join(text.lower().split()))
