"""Who did what and when; no content. Rows are only added, until the sweep makes their times coarser."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from bot.store.clock import rounded
from bot.store.tables import audit

YOUNG_PERSON, SWEEP, COMMAND_LINE = "young person", "sweep", "command line"


def note(connection: Connection, at: float, who: str, what: str, handoff: str | None = None, about: str = "") -> None:
    """Add one row in the caller's transaction: what is done and that it was done are kept together or not at all."""
    connection.execute(insert(audit).values(at=rounded(at), who=who, what=what, handoff=handoff, about=about))


def rows(connection: Connection) -> list[dict[str, Any]]:
    """Every row, oldest first, safe to export: ids and verbs only."""
    return [dict(row._mapping) for row in connection.execute(select(audit).order_by(audit.c.id))]
