"""What is over goes: rooms past their time, old receipts, exact times in the audit, sessions nobody uses.

Runs in the server and as `bot purge`. Wraps go first, then words, then rows; at the end SQLite's log is emptied, so that
nothing deleted stays in a file. What a disk may still hold cannot be opened without a token, a code or a passphrase.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from bot.handoff import room
from bot.handoff.alarms import raise_alarm
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.room import EVENT, Item
from bot.handoff.states import AUDIT_EXACT, IDLE_SIGN_OUT, LEFT, NOBODY_CAME, PENDING, RECEIPT_DAYS, TALKING, WAITING
from bot.store.audit import SWEEP, note
from bot.store.clock import DAY, ROUNDED_TO, day_of, rounded
from bot.store.points import reached
from bot.store.tables import alarms, audit, decisions, desk_sessions, handoffs, receipts

_DUE_SOON = 4 * 3600  # seconds before a left message is due at the latest


@dataclass(frozen=True)
class Swept:
    """What a sweep did: rooms gone, talks ended because nobody was there, and kinds of new alarms."""

    gone: int
    ended: int
    alarms: tuple[str, ...]
    clean: bool


def sweep(office: Office) -> Swept:
    """Do everything that is due now. `clean` is False when a reader kept SQLite's log busy: the next sweep tries again."""
    now = office.clock()
    with office.db.change() as connection:
        ended = _end_silent_talks(connection, office, now)
        gone = _erase_past(connection, now)
        raised = _alarms(connection, now)
        _forget_records(connection, now)
        reached("sweep")
    for name in gone:
        office.concern.pop(name, None)
    if gone or ended or raised:
        office.events.changed(DESK, *gone)
    return Swept(len(gone), ended, tuple(raised), office.db.checkpoint())


def _end_silent_talks(connection: Connection, office: Office, now: float) -> int:
    silent = connection.execute(select(handoffs).where(handoffs.c.state == TALKING, handoffs.c.until < now)).all()
    for row in silent:
        room.add(connection, office.service, row, Item(0, EVENT, room.COUNSELLOR, "", {"event": "nobody there"}))
        room.move(connection, row, now, PENDING, token=None)
        keep = [name for name in room.holders(connection, row.id) if name != room.TOKEN]
        room.keep_only(connection, row.id, *keep)
        note(connection, now, SWEEP, "ended: nobody there", row.id)
    return len(silent)


def _erase_past(connection: Connection, now: float) -> list[str]:
    past = list(connection.execute(select(handoffs.c.id).where(handoffs.c.until < now, handoffs.c.state != TALKING)).scalars())
    for name in past:
        room.erase(connection, name)
        note(connection, now, SWEEP, "erased", name)
    return past


def _alarms(connection: Connection, now: float) -> list[str]:
    late = select(handoffs.c.id).where(handoffs.c.state == WAITING, handoffs.c.since < now - NOBODY_CAME)
    due = select(handoffs.c.id).where(handoffs.c.state == LEFT, handoffs.c.until < now + _DUE_SOON)
    found = [("nobody came", name) for name in connection.execute(late).scalars()]
    found += [("left message is due", name) for name in connection.execute(due).scalars()]
    return [kind for kind, name in found if raise_alarm(connection, now, kind, name)]


def _forget_records(connection: Connection, now: float) -> None:
    connection.execute(delete(receipts).where(receipts.c.day < day_of(now) - RECEIPT_DAYS * DAY))
    connection.execute(delete(alarms).where(alarms.c.seen_by.is_not(None), alarms.c.at < now - RECEIPT_DAYS * DAY))
    connection.execute(delete(decisions).where(decisions.c.at < now - RECEIPT_DAYS * DAY))
    connection.execute(delete(desk_sessions).where(desk_sessions.c.last < rounded(now) - IDLE_SIGN_OUT - ROUNDED_TO))
    exact = select(audit.c.id, audit.c.at).where(audit.c.at < now - AUDIT_EXACT, audit.c.at % DAY != 0)
    for row in connection.execute(exact).all():
        connection.execute(update(audit).where(audit.c.id == row.id).values(at=day_of(row.at)))
