"""A guard on what a counsellor sends: whatever may move a young person somewhere else is held until confirmed.

Held: a number, handle or link that is not in the directory, and words that ask to meet, for pictures, or for secrecy
(`data/phrases/outgoing.yml`). A confirmed text goes, and a supervisor sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.content import read_yaml
from bot.paths import DATA
from bot.signposts.directory import Directory
from bot.signposts.links import link_finder

_CONTACT = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|uk|net|me|gg|io|app|ly|co)\b(?:/\S*)?"
    r"|[\w.+-]+@[\w.-]+|(?<!\w)@\w{2,}|(?<![\w£])\+?\d(?:[\s().\-]{0,2}\d){4,}(?!\w)",
    re.I,
)


class Outgoing:
    """Looks at one text and says what is doubtful in it."""

    def __init__(self, directory: Directory) -> None:
        self._links: Callable[[str], list[dict[str, str]]] = link_finder(directory)
        said: dict[str, Any] = read_yaml(DATA / "phrases" / "outgoing.yml")
        self._kinds = {
            str(kind["say"]): re.compile("|".join(rf"\b(?:{pattern})" for pattern in kind["patterns"]), re.I)
            for kind in said["held"]
        }

    def doubts(self, text: str) -> list[str]:
        """What is doubtful in `text`, in words for the counsellor; empty when nothing is."""
        plain = text.replace("’", "'")
        for link in self._links(plain):
            plain = plain.replace(link["text"], " ")
        found = ["a number, handle or link that is not in the directory"] if _CONTACT.search(plain) else []
        return found + [say for say, pattern in self._kinds.items() if pattern.search(plain)]
