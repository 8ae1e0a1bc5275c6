"""Private lines between the people of the desk, each sealed to its reader and unseen by the young person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.desk_parts import LONGEST, DeskParts, Seat, only
from bot.handoff.events import DESK
from bot.handoff.presence import SUPERVISOR
from bot.store.sealing import open_sealed
from bot.store.tables import accounts, side_notes


class SideLines(DeskParts):
    """Asking a supervisor, and being answered."""

    def side_notes(self, seat: Seat) -> list[dict[str, Any]]:
        """Private lines for this reader: questions and held words for a supervisor, answers for a counsellor."""
        with self._office.db.read() as connection:
            names = dict(connection.execute(select(accounts.c.id, accounts.c.name)).all())
            found = connection.execute(select(side_notes).where(side_notes.c.reader == seat.account).order_by(side_notes.c.at))
            return [
                {
                    "id": row.id,
                    "talk": row.handoff,
                    "kind": row.kind,
                    "from": names.get(row.sender, ""),
                    "text": open_sealed(seat.private, row.blob, f"sidedoor/1/side/{row.id}/{seat.account}").decode(),
                }
                for row in found
            ]

    def reply_side(self, seat: Seat, note_id: str, text: str) -> None:
        """A supervisor answers a private line; only who asked can read it."""
        only(seat, SUPERVISOR)
        if not text.strip() or len(text) > LONGEST:
            raise HandoffError("length")
        with self._office.db.change() as connection:
            asked = connection.execute(
                select(side_notes).where(side_notes.c.id == note_id, side_notes.c.reader == seat.account)
            ).one_or_none()
            if asked is None:
                raise HandoffError("gone")
            row = room.by_id(connection, asked.handoff)
            self._tell(connection, row, seat, "answered", text.strip(), [asked.sender])
        self._office.events.changed(DESK)

    def ask_supervisor(self, seat: Seat, name: str, text: str) -> None:
        """Ask a supervisor privately; sealed to each of them, unseen by the young person."""
        if not text.strip() or len(text) > LONGEST:
            raise HandoffError("length")
        with self._office.db.change() as connection:
            row, _ = self._talk(connection, name, seat)
            self._tell_supervisors(connection, row, seat, "asked", text.strip())
        self._office.events.changed(DESK)
