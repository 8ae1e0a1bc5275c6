"""What may come in: the first look at a message, before anything else reads it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 2_000  # characters; Rasa needs 0.6 s for 10,000
FAR_TOO_LONG = 20_000

_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+[;,]\S*", re.IGNORECASE)
_PICTURE_LINK = re.compile(r"(?:https?://|www\.)\S+\.(?:jpe?g|png|gif|webp|heic|bmp|mp4|mov|webm)\S*", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{160,}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Guarded:
    """Either text to be heard, or the name of the fixed reply to give instead; `also` comes before an answer."""

    text: str = ""
    instead: str | None = None
    also: str | None = None


def guard(message: object) -> Guarded:
    """Look at whatever came in and decide whether there is text to hear. Never raises."""
    if not isinstance(message, str):
        return Guarded(instead="utter_not_text")
    if _is_binary(message):
        return Guarded(instead="utter_not_text")
    if len(message) > FAR_TOO_LONG:
        picture = _DATA_URL.match(message.strip())
        return Guarded(instead="utter_no_pictures" if picture else "utter_too_long")
    text, had_picture = _without_pictures(_clean(message))
    # Rasa takes a leading "/" for a command.
    text = " ".join(_LINK.sub(" ", text).split()).lstrip("/ ")
    if not any(character.isalnum() for character in text):
        return Guarded(instead="utter_no_pictures" if had_picture else _wordless(message))
    also = "utter_no_pictures" if had_picture else None
    if len(text) > LONGEST:
        # The start and the end are heard, so that nothing said last is missed.
        text = text[: LONGEST // 2] + " " + text[-(LONGEST // 2 - 1) :]
        also = also or "utter_long_message"
    return Guarded(text=text, also=also)


def _is_binary(message: str) -> bool:
    odd = sum(
        character == "\ufffd" or (unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co") and character not in "\t\r\n")
        for character in message[:FAR_TOO_LONG]
    )
    return odd > max(3, len(message[:FAR_TOO_LONG]) // 20)


def _clean(message: str) -> str:
    kept = (
        " " if unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp") else character for character in message
    )
    return " ".join("".join(kept).split())


def _without_pictures(text: str) -> tuple[str, bool]:
    bare = _ENCODED.sub(" ", _PICTURE_LINK.sub(" ", _DATA_URL.sub(" ", text)))
    return bare, bare != text


def _wordless(message: str) -> str:
    return "utter_no_words" if message.strip() else "utter_empty"
