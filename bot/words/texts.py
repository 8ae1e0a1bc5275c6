"""Every text a person may read, one by one, with who it is for."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA
from bot.replies import Button, buttons_of

# Which wording a text is; "" is the one for everybody whose age we do not know, and for 13 to 15.
CHILD, EASY, OLDER = "child", "easy", "older"
WORDINGS = ("", CHILD, OLDER, EASY)
_PAYLOAD = re.compile(r"^(?P<topic>\w+)(?P<entities>\{.*\})?$")


@dataclass(frozen=True)
class Text:
    """One wording of one response, as it stands in `file`."""

    response: str
    wording: str
    text: str
    buttons: tuple[Button, ...]
    file: str

    @property
    def name(self) -> str:
        """The response and, where it is not the one for everybody, the wording."""
        return f"{self.response}/{self.wording}" if self.wording else self.response

    @property
    def reader(self) -> str:
        """Who it is written for: child, easy, young or adult."""
        if self.response.startswith("utter_adult"):
            return "adult"
        return self.wording if self.wording in (CHILD, EASY) else "young"

    @property
    def checksum(self) -> str:
        """Changes with every letter, so that a sign-off holds for the exact words only."""
        return hashlib.sha256(self.text.strip().encode()).hexdigest()[:16]


def read_texts(folder: Path = DATA / "responses") -> list[Text]:
    """Return every text under `folder`, in the order of its files.

    Raises ContentError for a condition this project does not use (Rasa would pick such a wording by chance).
    """
    return [text for path in sorted(folder.glob("*.yml")) for text in texts_of(path)]


def texts_of(path: Path) -> list[Text]:
    """Return the texts of one file. Raises ContentError as `read_texts`."""
    responses = read_yaml(path).get("responses") or {}
    return [
        Text(name, _wording(name, wording), str(wording["text"]).strip(), buttons_of(wording), path.name)
        for name, wordings in responses.items()
        for wording in wordings
    ]


def _wording(name: str, wording: dict[str, Any]) -> str:
    conditions = wording.get("condition") or []
    if not conditions:
        return ""
    one = conditions[0]
    value = str(one.get("value"))
    if len(conditions) > 1 or one.get("name") != "wording" or value not in WORDINGS[1:]:
        raise ContentError(f"{name}: a wording may depend on nothing but the slot `wording` ({', '.join(WORDINGS[1:])}).")
    return value


def leads_to(payload: str) -> str:
    """Where a button leads, as the name of a response; what it says beside the topic stands in brackets."""
    found = _PAYLOAD.match(payload)
    if not found:
        return payload
    entities = json.loads(found["entities"] or "{}")
    if "page" in entities:
        return f"utter_{entities['page']}" if str(entities["page"]).startswith("adult_") else f"utter_page_{entities['page']}"
    if entities:
        return f"utter_{found['topic']} ({', '.join(f'{name}: {value}' for name, value in entities.items())})"
    return f"utter_{found['topic']}"
