"""What every step at the desk uses: who sits there, which room is theirs, and lines to other people of the desk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from bot.errors import CannotOpen, HandoffError
from bot.handoff import room
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.outgoing import Outgoing
from bot.handoff.room import EVENT, Item
from bot.handoff.states import TALKING
from bot.handoff.young import card_of
from bot.store.clock import rounded
from bot.store.sealing import seal
from bot.store.tables import accounts, side_notes

LONGEST = 2_000  # characters of one text


@dataclass(frozen=True)
class Seat:
    """Somebody signed in at the desk."""

    account: str
    name: str
    role: str
    private: bytes = field(repr=False)


class DeskParts:
    """Holds what the steps work with."""

    def __init__(self, office: Office, outgoing: Outgoing) -> None:
        self._office = office
        self._outgoing = outgoing

    def _put(self, seat: Seat, name: str, item: Item) -> None:
        with self._office.db.change() as connection:
            row, _ = self._talk(connection, name, seat)
            room.add(connection, self._office.service, row, item)
        self._office.events.changed(name, DESK)

    def _event(self, connection: Connection, row: Row, seat: Seat, what: str) -> None:
        item = Item(0, EVENT, room.COUNSELLOR, "", {"event": what, "name": seat.name})
        room.add(connection, self._office.service, row, item)

    def _talk(self, connection: Connection, name: str, seat: Seat) -> tuple[Row, bytes]:
        row = room.by_id(connection, name)
        if row.state != TALKING:
            raise HandoffError("ended", "This talk has ended.")
        if seat.account not in (row.claimed_by, row.supervisor):
            raise HandoffError("not_yours")
        return row, self._private(connection, row, seat)

    def _private(self, connection: Connection, row: Row, seat: Seat) -> bytes:
        return room.by_account(connection, row.id, seat.account, seat.private)

    def _card(self, connection: Connection, row: Row, seat: Seat) -> dict[str, Any]:
        try:
            private = self._private(connection, row, seat)
            return card_of(room.items(connection, self._office.service, row.id, private))
        except (HandoffError, CannotOpen):
            return {}

    def _tell_supervisors(self, connection: Connection, row: Row, seat: Seat, kind: str, text: str) -> None:
        self._tell(connection, row, seat, kind, text, self._office.supervisors(connection))

    def _tell(self, connection: Connection, row: Row, seat: Seat, kind: str, text: str, readers: list[str]) -> None:
        """Leave a private line for each reader, sealed to them alone."""
        wanted = select(accounts.c.id, accounts.c.public).where(accounts.c.id.in_(readers))
        for reader, public in connection.execute(wanted).all():
            made = secrets.token_hex(12)
            connection.execute(
                insert(side_notes).values(
                    id=made,
                    handoff=row.id,
                    sender=seat.account,
                    reader=reader,
                    kind=kind,
                    blob=seal(public, text.encode(), f"sidedoor/1/side/{made}/{reader}"),
                    at=rounded(self._office.clock()),
                )
            )


def only(seat: Seat, *roles: str) -> None:
    """Raise HandoffError unless the seat has one of the roles."""
    if seat.role not in roles:
        raise HandoffError("not_allowed", "Your role cannot do this.")
