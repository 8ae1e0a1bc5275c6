"""Decisions about a report: structured, with no free text about the person. Sources of the choices: docs/safeguarding.md."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.desk_parts import Seat
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.presence import SUPERVISOR
from bot.handoff.states import KEEPING, NO_REPORT, PENDING, REPORT
from bot.store.audit import note
from bot.store.clock import rounded
from bot.store.tables import decisions, handoffs

CHOICES: dict[str, tuple[str, ...]] = {
    "harm": ("none", "sexual", "criminal exploitation", "violence", "neglect", "online", "self-harm or suicide", "other"),
    "duty": ("duty applies", "not a child", "nobody can be identified", "already reported", "no harm or risk"),
    "told": ("nobody", "police", "children's services", "ambulance", "the employer", "other service"),
    "delay": ("none", "waiting for a name or place", "risk if told now", "agreed with the supervisor"),
    "young_told": ("yes", "no", "not safe to"),
}


@dataclass(frozen=True)
class Decision:
    """What was decided. `learned`: when the counsellor learned it (seconds since 1970); `reference`: e.g. an incident number."""

    needed: bool
    learned: float
    harm: str
    duty: str
    told: str
    delay: str
    young_told: str
    reference: str = ""


class Decisions:
    """Records decisions; a supervisor confirms them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def record(self, seat: Seat, name: str, decision: Decision) -> None:
        """Record a decision on an ended talk. Raises HandoffError naming the field that does not fit."""
        for key, allowed in CHOICES.items():
            if getattr(decision, key) not in allowed:
                raise HandoffError("choice", f"Choose {key.replace('_', ' ')} from the list.")
        if len(decision.reference) > 40 or not all(one.isalnum() or one in " -/." for one in decision.reference):
            raise HandoffError("choice", "A reference is letters, digits and dashes, 40 at most.")
        if decision.needed and decision.told == "nobody" and decision.delay == "none":
            raise HandoffError("choice", "A report is needed: say who was told, or why it waits.")
        now = self._office.clock()
        with self._office.db.change() as connection:
            row = room.by_id(connection, name)
            if row.state != PENDING or (seat.account != row.claimed_by and seat.role != SUPERVISOR):
                raise HandoffError("not_yours", "This is not yours to decide.")
            connection.execute(delete(decisions).where(decisions.c.handoff == name))
            values = {**asdict(decision), "learned": rounded(decision.learned)}
            connection.execute(
                insert(decisions).values(id=secrets.token_hex(12), handoff=name, account=seat.account, at=rounded(now), **values)
            )
            kept = KEEPING[REPORT if decision.needed else NO_REPORT]
            connection.execute(update(handoffs).where(handoffs.c.id == name).values(until=rounded(now) + kept.seconds))
            note(connection, now, seat.account, kept.state, name)
        self._office.events.changed(DESK)

    def confirm(self, seat: Seat, decision: str) -> None:
        """A supervisor agrees with somebody else's decision."""
        if seat.role != SUPERVISOR:
            raise HandoffError("not_allowed", "A supervisor confirms decisions.")
        with self._office.db.change() as connection:
            others = (decisions.c.id == decision) & (decisions.c.account != seat.account)
            if not connection.execute(update(decisions).where(others).values(confirmed_by=seat.account)).rowcount:
                raise HandoffError("not_allowed", "Somebody else must have recorded it.")
            note(connection, self._office.clock(), seat.account, "confirmed a decision", about=decision)

    def open_ones(self, seat: Seat) -> list[dict[str, Any]]:
        """Decisions a supervisor has not confirmed."""
        with self._office.db.read() as connection:
            rows = connection.execute(select(decisions).where(decisions.c.confirmed_by.is_(None)).order_by(decisions.c.at))
            return [dict(row._mapping) for row in rows]
