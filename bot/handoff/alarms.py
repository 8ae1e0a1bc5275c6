"""What a supervisor must see: written down without content, and sent on by webhook or e-mail by the server."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from bot.store.clock import rounded
from bot.store.tables import alarms

KINDS = ("nobody came", "something feels wrong", "left message is due", "account reset", "held words sent", "misuse")


def raise_alarm(connection: Connection, now: float, kind: str, handoff: str | None = None) -> bool:
    """Add an alarm, once for each kind and handoff. True when it is new."""
    same = select(alarms.c.id).where(alarms.c.kind == kind, alarms.c.handoff == handoff, alarms.c.seen_by.is_(None))
    if handoff and connection.execute(same).first():
        return False
    connection.execute(insert(alarms).values(id=secrets.token_hex(8), kind=kind, handoff=handoff, at=rounded(now)))
    return True


def open_alarms(connection: Connection) -> list[dict[str, Any]]:
    """Alarms nobody has seen to, oldest first."""
    wanted = select(alarms).where(alarms.c.seen_by.is_(None)).order_by(alarms.c.at)
    return [dict(row._mapping) for row in connection.execute(wanted)]


def see_to(connection: Connection, alarm: str, account: str) -> None:
    """A supervisor has seen to it."""
    connection.execute(update(alarms).where(alarms.c.id == alarm).values(seen_by=account))
