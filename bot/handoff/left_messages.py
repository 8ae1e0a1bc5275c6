"""Left messages at the desk: what waits for an answer, and answering."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.desk_parts import LONGEST, DeskParts, Seat, only
from bot.handoff.events import DESK
from bot.handoff.presence import COUNSELLOR, SUPERVISOR
from bot.handoff.room import SAID, Item
from bot.handoff.states import ANSWERED, LEFT
from bot.store.audit import note
from bot.store.tables import handoffs


class LeftMessages(DeskParts):
    """From the day somebody left one until its answer lies behind its code."""

    def left_messages(self, seat: Seat) -> list[dict[str, Any]]:
        """Left messages that still wait for an answer, with the hours until they are due."""
        only(seat, COUNSELLOR, SUPERVISOR)
        now = self._office.clock()
        with self._office.db.read() as connection:
            wanted = select(handoffs).where(handoffs.c.state == LEFT).order_by(handoffs.c.high.desc(), handoffs.c.place)
            return [
                {
                    "id": row.id,
                    "high": bool(row.high),
                    "hours": int(row.until - now) // 3600,
                    "can_open": seat.account in room.holders(connection, row.id),
                }
                for row in connection.execute(wanted)
            ]

    def answer_left(self, seat: Seat, name: str, text: str, confirmed: bool = False) -> None:
        """Answer a left message; from then on only its code opens it."""
        doubts = self._outgoing.doubts(text)
        if doubts and not confirmed:
            raise HandoffError("held", "; ".join(doubts))
        if not text.strip() or len(text) > LONGEST:
            raise HandoffError("length")
        with self._office.db.change() as connection:
            row = room.by_id(connection, name)
            if row.state != LEFT:
                raise HandoffError("gone")
            self._private(connection, row, seat)
            room.add(connection, self._office.service, row, Item(0, SAID, room.COUNSELLOR, text.strip(), {"name": seat.name}))
            room.move(connection, row, self._office.clock(), ANSWERED)
            room.keep_only(connection, name, room.CODE)
            note(connection, self._office.clock(), seat.account, "answered a left message", name)
        self._office.events.changed(DESK)
