"""The words as one book to print and review: every topic, wording, button, where it leads, and what has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA
from bot.words.grade import FROM_WORDS, grade, words
from bot.words.reviews import Review, signed_off
from bot.words.texts import Text, leads_to

_READERS = {"": "everybody", "child": "under 13", "older": "16 and over", "easy": "easy read"}
# The texts travel inside the page, so that a later book can tell what changed.
_KEPT = re.compile(r'<script type="application/json" id="texts">(?P<texts>.*?)</script>', re.DOTALL)


def write_book(
    target: Path, texts: list[Text], reviews: Mapping[str, Review], names: tuple[str, ...], today: date, earlier: Path | None
) -> None:
    """Write the book to `target`. With an `earlier` book, mark what is new, changed or gone since.

    Raises ContentError when `earlier` is not a book of ours.
    """
    before = earlier_texts(earlier) if earlier else None
    chapters = [_chapter(title, files, texts, reviews, names, before) for title, files in _order(texts)]
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True))
    now = {text.name: text.text for text in texts}
    target.write_text(
        pages.get_template("book.html").render(
            chapters=chapters,
            today=today,
            count=len(texts),
            signed=sum(bool(signed_off(text, reviews)) for text in texts),
            gone=sorted(set(before) - set(now)) if before is not None else [],
            compared=before is not None,
            texts=json.dumps(now, ensure_ascii=True).replace("<", "\\u003c"),
        ),
        encoding="utf-8",
    )


def earlier_texts(path: Path) -> dict[str, str]:
    """The texts an earlier book holds. Raises ContentError when it is not one."""
    try:
        found = _KEPT.search(path.read_text(encoding="utf-8"))
        texts: dict[str, str] = json.loads(found["texts"]) if found else {}
    except (OSError, ValueError) as error:
        raise ContentError(f"{path} cannot be read as an earlier book ({type(error).__name__}).") from None
    if not texts:
        raise ContentError(f"{path} is not a book written by `bot words book`.")
    return texts


def _order(texts: list[Text]) -> list[tuple[str, list[str]]]:
    """Chapters in the order a reviewer thinks: danger first, then worries, questions, adults, pages, the rest."""
    titles = read_yaml(DATA / "phrases" / "topics.yml")["titles"]
    files = list(dict.fromkeys(text.file for text in texts))
    parts = ("risk_", "safety_question", "worry_", "who_is_asking", "ask_", "adult_", "pages_", "")
    taken: set[str] = set()
    chapters = []
    for part in parts:
        for file in files:
            if file.startswith(part) and file not in taken:
                taken.add(file)
                stem = file.removesuffix(".yml")
                chapters.append((str(titles.get(stem, stem.replace("_", " ").capitalize())), [file]))
    return chapters


def _chapter(
    title: str,
    files: list[str],
    texts: list[Text],
    reviews: Mapping[str, Review],
    names: tuple[str, ...],
    before: Mapping[str, str] | None,
) -> dict[str, Any]:
    mine = [text for text in texts if text.file in files]
    return {
        "title": title,
        "file": files[0],
        "responses": [
            {"name": name, "texts": [_entry(text, reviews, names, before) for text in mine if text.response == name]}
            for name in dict.fromkeys(text.response for text in mine)
        ],
    }


def _entry(text: Text, reviews: Mapping[str, Review], names: tuple[str, ...], before: Mapping[str, str] | None) -> dict[str, Any]:
    count = len(words(text.text))
    old = None if before is None else before.get(text.name)
    return {
        "reader": _READERS[text.wording],
        "paragraphs": text.text.split("\n\n"),
        "count": count,
        "grade": grade(text.text, names) if count >= FROM_WORDS else None,
        "buttons": [(button.title, leads_to(button.payload)) for button in text.buttons],
        "review": signed_off(text, reviews),
        "checksum": text.checksum,
        "state": "" if before is None else "new" if old is None else "changed" if old != text.text else "",
        "old": (old or "").split("\n\n") if old is not None and old != text.text else [],
    }
