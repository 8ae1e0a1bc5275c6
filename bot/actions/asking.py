"""What an action may know of the turn and of who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from bot.safety.heard import is_worry
from bot.signposts.router import Asker

_SERIOUS = ("high", "immediate")
_AUDIENCES = {"adult_parent": "parent", "adult_professional": "professional", "adult_community": "community"}
# Youngest and oldest of each band. Under 13 starts at 8, the youngest we write for; over 18 ends in the early 20s.
_AGES = {"under_13": (8, 12), "13_15": (13, 15), "16_17": (16, 17), "18_over": (18, 24)}


@dataclass(frozen=True)
class Asking:
    """One turn, as an action sees it."""

    intent: str
    topic: str | None
    stage: str | None
    concern: str
    held: str
    likely: tuple[str, ...]
    put_off: bool
    danger: str
    may_ask_age: bool
    wording: str
    entities: dict[str, str]
    asker: Asker

    @property
    def serious(self) -> bool:
        """True when the conversation has reached high concern; it never falls again."""
        return self.held in _SERIOUS or self.worrying

    @property
    def worrying(self) -> bool:
        """True when this very turn is of high concern."""
        return self.concern in _SERIOUS


def asking(tracker: Tracker) -> Asking:
    """Read a tracker. Outside our own turn (`rasa shell`) there is no metadata; then nothing is assumed."""
    latest: dict[str, Any] = tracker.latest_message
    notes = latest.get("metadata") or {}
    intent = (latest.get("intent") or {}).get("name") or ""
    topic = intent if is_worry(intent) else tracker.get_slot("topic")
    entities = {entity["entity"]: str(entity["value"]) for entity in latest.get("entities") or []}
    wishes = set(tracker.get_slot("wishes") or []) | ({entities["wish"]} if "wish" in entities else set())
    band = tracker.get_slot("band") or notes.get("band") or ""
    return Asking(
        intent=intent,
        topic=topic,
        stage=tracker.get_slot("stage"),
        concern=notes.get("concern", "info"),
        held=notes.get("held", "info"),
        likely=tuple(notes.get("likely", ())),
        put_off=bool(notes.get("put_off")),
        danger=str(notes.get("danger", "now")),
        may_ask_age=bool(notes.get("may_ask_age")),
        wording=str(notes.get("wording", "everybody")),
        entities=entities,
        asker=Asker(_AUDIENCES.get(topic or "", "young_person"), _AGES.get(band), tracker.get_slot("area"), frozenset(wishes)),
    )
