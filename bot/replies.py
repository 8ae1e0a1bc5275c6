"""The reviewed words of `data/responses/`, for replies given without Rasa (the guard, a failure, "one moment")."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA

SAFE_REPLY = "utter_safe_reply"


@dataclass(frozen=True)
class Button:
    """A choice to tap: its words, and what it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to the young person and the name of the response it came from."""

    text: str
    buttons: tuple[Button, ...] = ()
    response: str = ""


class Words:
    """All responses by name."""

    def __init__(self, responses: dict[str, list[dict[str, Any]]]) -> None:
        self._responses = responses

    def reply(self, name: str, wording: str = "") -> Reply:
        """A response in the `wording` asked for (child, easy, older), or else in the one for everybody.

        Raises ContentError for an unknown name.
        """
        if name not in self._responses:
            raise ContentError(f"The response {name} is not in data/responses/. Write it there.")
        wordings = self._responses[name]
        chosen = next((one for one in wordings if wording and _is_for(one, wording)), wordings[0])
        return Reply(chosen["text"].strip(), buttons_of(chosen), name)

    def names(self) -> set[str]:
        """The names of all responses."""
        return set(self._responses)

    def payloads(self) -> set[str]:
        """Every payload that any button of any response carries."""
        return {button.payload for wordings in self._responses.values() for wording in wordings for button in buttons_of(wording)}


def _is_for(wording: dict[str, Any], reader: str) -> bool:
    return any(condition.get("value") == reader for condition in wording.get("condition") or ())


def buttons_of(message: dict[str, Any]) -> tuple[Button, ...]:
    """The buttons of a response or of Rasa's message; payloads lose Rasa's leading slash."""
    return tuple(Button(button["title"], button["payload"].lstrip("/")) for button in message.get("buttons") or ())


def load_words(folder: Path = DATA / "responses") -> Words:
    """Read every response file. Raises ContentError when a name stands twice (Rasa would keep one silently)."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, wordings in (read_yaml(path).get("responses") or {}).items():
            if name in responses:
                raise ContentError(f"The response {name} is written twice; the second is in {path.name}. Keep one.")
            responses[name] = wordings
    return Words(responses)
