"""Rasa's trackers, kept as objects in memory and never longer than a few turns.

Rasa replays a tracker's events at every action: a turn grows from 24 to 144 ms by turn 120 unless
the events are capped. The slots stay; only old events go.
"""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 3
_STAGE = "stage"


class TrackerMemory(TrackerStore):
    """A TrackerStore without a store."""

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        self._trackers: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the last turns of a tracker."""
        self._trackers[tracker.sender_id] = self._shortened(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker, if this conversation is still remembered."""
        return self._trackers.get(sender_id)

    async def keys(self) -> list[str]:
        """The conversations remembered."""
        return list(self._trackers)

    def forget(self, sender_id: str) -> None:
        """Drop a tracker. Dropping twice is fine."""
        self._trackers.pop(sender_id, None)

    def __len__(self) -> int:
        return len(self._trackers)

    def close_stage(self, sender_id: str) -> str | None:
        """Return the question this turn left open; one left open by an earlier turn is closed."""
        tracker = self._trackers.get(sender_id)
        if tracker is None:
            return None
        for event in reversed(tracker.events):
            if isinstance(event, SlotSet) and event.key == _STAGE:
                return str(event.value) if event.value else None
            if isinstance(event, UserUttered):
                tracker.update(SlotSet(_STAGE, None))
                break
        return None

    def _shortened(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        events = list(tracker.events)
        listens = [i for i, e in enumerate(events) if isinstance(e, ActionExecuted) and e.action_name == ACTION_LISTEN_NAME]
        if len(listens) <= TURNS_KEPT + 1:
            return tracker
        kept: list[Any] = events[listens[-(TURNS_KEPT + 1)] :]
        slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value is not None]
        short = DialogueStateTracker(tracker.sender_id, self.domain.slots)
        for event in [*slots, *kept, *slots]:
            short.update(event, self.domain)
        return short
