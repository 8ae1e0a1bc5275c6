"""Is there somebody for this person, now? Opening hours, a reachable supervisor, a counsellor with a free place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from bot.errors import StoreError
from bot.handoff.office import Office
from bot.handoff.states import STOP_OFFERS_BEFORE_CLOSING
from bot.memory import Conversation
from bot.service import Service
from bot.signposts.hours import LONDON

Now = Callable[[], datetime]


class Opening:
    """Answers for one service."""

    def __init__(self, office: Office, service: Service, now: Now = lambda: datetime.now(timezone.utc)) -> None:
        self._office = office
        self.service = service
        self._now = now

    @property
    def has_desk(self) -> bool:
        """Whether this service has counsellors at all."""
        return bool(self.service.opening_hours)

    def is_open(self) -> bool:
        """True while a person could really come: within hours, not near closing, and somebody is there."""
        hours = self.service.desk_hours
        soon = self._now() + timedelta(seconds=STOP_OFFERS_BEFORE_CLOSING)
        if not self.has_desk or not (hours.open_at(self._now()) and hours.open_at(soon)):
            return False
        try:
            return self._office.is_staffed()
        except StoreError:
            return False

    def next_opening(self) -> datetime | None:
        """When somebody will be there next; now counts when the desk is within its hours."""
        if not self.has_desk:
            return None
        return self._now() if self.service.desk_hours.open_at(self._now()) else self.service.desk_hours.next_opening(self._now())

    def when(self) -> str:
        """The next opening in words, in UK time: "today, 16:00"."""
        opening = self.next_opening()
        if opening is None:
            return "we know when"
        here, today = opening.astimezone(LONDON), self._now().astimezone(LONDON).date()
        days = {0: "today", 1: "tomorrow"}
        day = days.get((here.date() - today).days, f"{here:%A}")
        return f"{day}, {here:%H:%M}" if opening > self._now() else "later today"

    def serves(self, conversation: Conversation) -> bool:
        """Whether this service's counsellors talk with this person; an adult is shown other people."""
        return not any(topic.startswith("adult_") for topic in conversation.answered)
