"""Who signed off which text. A sign-off is bound to the very words by their checksum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA
from bot.words.texts import Text


@dataclass(frozen=True)
class Review:
    """One sign-off."""

    checksum: str
    reviewed_by: str
    reviewed_on: date


def read_reviews(path: Path = DATA / "reviews.yml") -> dict[str, Review]:
    """Return the sign-offs by the text's name. Raises ContentError for one that does not fit."""
    found = {}
    for name, said in (read_yaml(path).get("reviews") or {}).items():
        try:
            review = Review(str(said["checksum"]), str(said["reviewed_by"]).strip(), said["reviewed_on"])
        except (KeyError, TypeError):
            raise ContentError(f"data/reviews.yml: {name} needs checksum, reviewed_by and reviewed_on.") from None
        if not review.reviewed_by or not isinstance(review.reviewed_on, date):
            raise ContentError(f"data/reviews.yml: {name} needs a person's name and a date.")
        found[str(name)] = review
    return found


def signed_off(text: Text, reviews: Mapping[str, Review]) -> Review | None:
    """The sign-off that holds for this very text, or None."""
    review = reviews.get(text.name)
    return review if review and review.checksum == text.checksum else None
