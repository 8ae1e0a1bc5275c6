"""What both sides work with: the database, the service key, who is there, what changed, and the clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from bot.handoff import room
from bot.handoff.accounts import readers_of_left_messages
from bot.handoff.events import Events
from bot.handoff.presence import COUNSELLOR, SUPERVISOR, Presence
from bot.handoff.states import LEFT, MOST_CHATS, PENDING, TALKING, WAITING
from bot.safety.concern import Concern
from bot.store.clock import Clock, wall
from bot.store.database import Database
from bot.store.service_key import ServiceKey
from bot.store.tables import accounts, handoffs


@dataclass
class Office:
    """One handoff desk. `concern` is the finer order of the queue, in memory only."""

    db: Database
    service: ServiceKey
    presence: Presence = field(default_factory=Presence)
    events: Events = field(default_factory=Events)
    clock: Clock = wall
    concern: dict[str, Concern] = field(default_factory=dict)
    closing: bool = False  # no new offers: closing time is near

    def chats_of(self, connection: Connection, account: str) -> int:
        """How many talks one account has open."""
        mine = select(func.count()).where(handoffs.c.state == TALKING, handoffs.c.claimed_by == account)
        return int(connection.execute(mine).scalar() or 0)

    def is_staffed(self) -> bool:
        """A supervisor can be reached and a counsellor has a free place. Raises StoreError when nobody can tell."""
        with self.db.read() as connection:
            return self.presence.is_staffed(lambda account: self.chats_of(connection, account))

    def free_counsellors(self, connection: Connection) -> int:
        """How many counsellors on duty could take somebody now."""
        return sum(self.chats_of(connection, name) < MOST_CHATS for name in self.presence.on_duty(COUNSELLOR))

    def let_in(self, connection: Connection, row: Row, private: bytes) -> None:
        """Give a wrap to whoever should have one and came later; possible only while somebody has opened the room."""
        has = room.holders(connection, row.id)
        if row.state == WAITING:
            wanted = self.presence.on_duty(COUNSELLOR) + self.presence.on_duty(SUPERVISOR)
        elif row.state == TALKING:
            wanted = [account for account in (row.claimed_by, row.supervisor) if account]
        elif row.state == PENDING:
            wanted = [row.claimed_by, *self.supervisors(connection)]
        elif row.state == LEFT:
            wanted = readers_of_left_messages(connection)
        else:
            wanted = []
        for account in wanted:
            if account not in has:
                room.give_account(connection, row.id, private, account)

    def supervisors(self, connection: Connection) -> list[str]:
        """Every active supervisor, on duty or not."""
        wanted = select(accounts.c.id).where(accounts.c.role == SUPERVISOR, accounts.c.active)
        return list(connection.execute(wanted).scalars())
