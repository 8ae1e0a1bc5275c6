"""The card: the exact lines a counsellor would see. The young person removes, changes and adds; nothing else is sent.

It lives in memory with its conversation until it is sent or thrown away. Consent is bound to a hash of everything that was
on the screen: the lines, and the wording around them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from bot.content import read_yaml
from bot.errors import HandoffError
from bot.handoff.hide import Hidden, hide
from bot.memory import Conversation
from bot.paths import DATA
from bot.safety.concern import Concern

TOPIC, BAND, CONCERN, WISH, OWN, CHAT = "topic", "band", "concern", "wish", "own", "chat"
_LONGEST_OWN = 300  # characters


@dataclass(frozen=True)
class Line:
    """One line: what it says (hidden parts already hidden), whether it goes, and what was hidden in it."""

    id: str
    kind: str
    text: str
    goes: bool = True
    hidden: Hidden | None = None


@dataclass(frozen=True)
class Card:
    """The lines in order. Every change gives a new card."""

    lines: tuple[Line, ...] = ()

    def toggled(self, line: str) -> Card:
        """The card with one line taken out, or put back. Raises HandoffError for a line that is not there."""
        self._line(line)
        return Card(tuple(replace(one, goes=not one.goes) if one.id == line else one for one in self.lines))

    def with_wish(self, wish: str) -> Card:
        """The card with what they want from the talk; another wish takes its place."""
        words = card_words().wishes
        if wish not in words:
            raise HandoffError("unknown_line")
        return self._with(Line(WISH, WISH, words[wish]))

    def with_own(self, text: str) -> Card:
        """The card with one line of their own; names, numbers, handles, addresses and schools hidden before it is shown."""
        hidden = hide(" ".join(text.split())[:_LONGEST_OWN])
        return self._with(Line(OWN, OWN, hidden.text, hidden=hidden))

    def with_chat(self, said: list[str]) -> Card:
        """The card with what they typed so far, hidden alike; a choice of its own that starts unticked."""
        hidden = hide("\n".join(said))
        return self._with(Line(CHAT, CHAT, hidden.text, hidden=hidden))

    def put_back(self, line: str, number: int) -> Card:
        """The card with one hidden part of a line shown again, which they were warned about."""
        one = self._line(line)
        if one.hidden is None or not 0 <= number < len(one.hidden.parts):
            raise HandoffError("unknown_line")
        hidden = one.hidden.shown_again(number)
        return self._with(replace(one, text=hidden.text, hidden=hidden))

    def without(self, line: str) -> Card:
        """The card without a line they added."""
        return Card(tuple(one for one in self.lines if one.id != line))

    def sent(self) -> list[dict[str, str]]:
        """What goes: the kind and words of each line that was not taken out."""
        return [{"kind": line.kind, "text": line.text} for line in self.lines if line.goes]

    def hash(self, around: str) -> str:
        """What consent is bound to: these lines and the words `around` them."""
        shown = json.dumps([around, self.sent()], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:32]

    def _line(self, line: str) -> Line:
        for one in self.lines:
            if one.id == line:
                return one
        raise HandoffError("unknown_line")

    def _with(self, line: Line) -> Card:
        kept = tuple(line if one.id == line.id else one for one in self.lines)
        return Card(kept if line in kept else (*kept, line))


@dataclass(frozen=True)
class CardWords:
    """The reviewed words of `data/card.yml`."""

    topics: Mapping[str, str]
    bands: Mapping[str, str]
    concern: Mapping[str, str]
    wishes: Mapping[str, str]
    returned: str
    start_left_out: frozenset[str] = field(default_factory=frozenset)


@lru_cache(maxsize=1)
def card_words() -> CardWords:
    """Read `data/card.yml`."""
    said: dict[str, Any] = read_yaml(DATA / "card.yml")
    words = {name: {str(key): str(text) for key, text in said[name].items()} for name in ("topics", "bands", "concern", "wishes")}
    return CardWords(**words, returned=str(said["returned"]), start_left_out=frozenset(said["start_left_out"]))


def first_card(conversation: Conversation) -> Card:
    """What the bot would say of this conversation: topics, how it sounded, and the age band if it was told."""
    words = card_words()
    topics = [topic for topic in words.topics if topic in conversation.answered]
    lines = [Line(f"{TOPIC}_{topic}", TOPIC, words.topics[topic], topic not in words.start_left_out) for topic in topics]
    if conversation.concern >= Concern.WORRY:
        lines.append(Line(CONCERN, CONCERN, words.concern[conversation.concern.word]))
    if conversation.band:
        lines.append(Line(BAND, BAND, words.bands[conversation.band]))
    return Card(tuple(lines))
