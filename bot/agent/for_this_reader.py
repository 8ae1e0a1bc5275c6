"""Rasa's own choice of a response's wording, told who reads it.

Rasa chooses by slots. Who reads is decided by our turn before Rasa runs and travels in the message's metadata; put into
a slot by an event, it would become one more thing that rules and stories have to match.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker


class ForThisReader(TemplatedNaturalLanguageGenerator):
    """Fills the slot `wording` for the choice, and leaves the tracker as it is."""

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response in the wording for this reader (None when there is no such response)."""
        notes = tracker.latest_message.metadata if tracker.latest_message else {}
        slots = {**tracker.current_slot_values(), "wording": (notes or {}).get("wording")}
        found: dict[str, Any] | None = self.generate_from_slots(utter_action, slots, output_channel, **kwargs)
        return found
