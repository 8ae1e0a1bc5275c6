"""The counsellor's side: who waits, taking somebody, talking, handing on, ending. Own talks only; nothing can be searched.

Every step takes a `Seat`: an account that has signed in, with the private half its sign-in opened.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.alarms import raise_alarm
from bot.handoff.desk_parts import LONGEST, Seat, only
from bot.handoff.events import DESK
from bot.handoff.left_messages import LeftMessages
from bot.handoff.presence import COUNSELLOR, SUPERVISOR
from bot.handoff.queue import in_order
from bot.handoff.room import EVENT, NOTE, SAID, Item
from bot.handoff.side_lines import SideLines
from bot.handoff.states import LEFT, MOST_CHATS, PENDING, TALKING, WAITING
from bot.handoff.young import card_of
from bot.safety.concern import Concern
from bot.store.audit import note
from bot.store.points import reached
from bot.store.tables import accounts, handoffs

LONGEST_NOTE, NOTE_LINES = 300, 3
# How a talk ended: nothing that tells who it was.
OUTCOMES = (
    "listened",
    "gave signposts",
    "going to tell someone",
    "passed to emergency help",
    "young person left",
    "misuse",
    "other",
)


class Desk(LeftMessages, SideLines):
    """The steps of the counsellor's side. Raises HandoffError("not_yours") for a room that is not theirs."""

    def waiting(self, seat: Seat) -> list[dict[str, Any]]:
        """Who waits, whose turn it is first: minutes, and what the card says where this seat can open it."""
        only(seat, COUNSELLOR, SUPERVISOR)
        now = self._office.clock()
        with self._office.db.read() as connection:
            rows = {row.id: row for row in room.waiting(connection)}
            cards = {name: self._card(connection, row, seat) for name, row in rows.items()}
        self._office.concern.update({name: level_of(card) for name, card in cards.items() if card})
        order = in_order(list(rows.values()), now, self._office.concern)
        return [
            {
                "id": name,
                "minutes": int(now - rows[name].since) // 60,
                "away": int(now - rows[name].seen) // 60,
                "out": "out" in room.flags_of(rows[name]),
                "high": bool(rows[name].high),
                "back": "returned" in room.flags_of(rows[name]),
                **{key: cards[name].get(key) for key in ("topics", "concern", "channel")},
            }
            for name in order
        ]

    def claim(self, seat: Seat, name: str) -> None:
        """Take somebody who waits. Two at once: exactly one wins, the other hears HandoffError("taken")."""
        only(seat, COUNSELLOR)
        if not self._office.presence.is_on_duty(seat.account):
            raise HandoffError("off_duty", "Go on duty first.")
        with self._office.db.change() as connection:
            row = room.by_id(connection, name)
            if self._office.chats_of(connection, seat.account) >= MOST_CHATS:
                raise HandoffError("full", f"You have {MOST_CHATS} talks open. End or hand on one first.")
            private = self._private(connection, row, seat) if row.state == WAITING else b""
            if not private or not room.move(connection, row, self._office.clock(), TALKING, claimed_by=seat.account):
                raise HandoffError("taken", "Somebody else has taken this one.")
            room.keep_only(connection, name, room.TOKEN, seat.account)
            self._event(connection, row, seat, "joined")
            note(connection, self._office.clock(), seat.account, "claimed", name)
            reached("claim")
        self._office.concern.pop(name, None)
        self._office.events.changed(name, DESK)

    def open(self, seat: Seat, name: str, after: int = 0) -> dict[str, Any]:
        """One room of this seat: its card, what was said after number `after`, and how it stands."""
        now = self._office.clock()
        with self._office.db.change() as connection:
            row = room.by_id(connection, name)
            private = self._private(connection, row, seat)
            if row.state not in (TALKING, PENDING, LEFT):
                raise HandoffError("not_yours")
            self._office.let_in(connection, row, private)
            if row.state == TALKING:
                room.seen(connection, row, now)
            everything = room.items(connection, self._office.service, name, private)
        return {
            "id": name,
            "state": row.state,
            "mine": row.claimed_by == seat.account,
            "card": card_of(everything),
            "items": [item for item in everything if item.seq > after],
            "typing": self._office.events.is_typing(name, room.YOUNG),
            "flags": sorted(room.flags_of(row)),
            "away": int(now - row.seen) // 60,
        }

    def mine(self, seat: Seat) -> list[dict[str, Any]]:
        """The talks, ended talks and visits of this seat; a supervisor also sees that others' talks are there."""
        with self._office.db.read() as connection:
            wanted = select(handoffs).where(handoffs.c.state.in_((TALKING, PENDING))).order_by(handoffs.c.place)
            names = dict(connection.execute(select(accounts.c.id, accounts.c.name)).all())
            rows = [row for row in connection.execute(wanted) if seat.role == SUPERVISOR or row.claimed_by == seat.account]
            held = {row.id: room.holders(connection, row.id) for row in rows}
        return [
            {
                "id": row.id,
                "state": row.state,
                "mine": row.claimed_by == seat.account,
                "can_open": seat.account in held[row.id],
                "who": names.get(row.claimed_by, ""),
                "high": bool(row.high),
                "flags": sorted(room.flags_of(row)),
            }
            for row in rows
        ]

    def say(self, seat: Seat, name: str, key: str, text: str, confirmed: bool = False) -> int:
        """Say something; return its number once it is safely kept.

        Raises HandoffError("held") with what is doubtful in it, until the counsellor confirms: then it goes, and a
        supervisor sees it too.
        """
        text = text.strip()
        if not text or len(text) > LONGEST:
            raise HandoffError("length", f"Write between 1 and {LONGEST} characters.")
        doubts = self._outgoing.doubts(text)
        if doubts and not confirmed:
            raise HandoffError("held", "; ".join(doubts))
        with self._office.db.change() as connection:
            row, private = self._talk(connection, name, seat)
            item = Item(0, SAID, room.SUPERVISOR if seat.role == SUPERVISOR else room.COUNSELLOR, text, {"name": seat.name})
            seq = room.add(connection, self._office.service, row, item, f"c{key}"[:64])
            room.seen(connection, row, self._office.clock())
            self._office.let_in(connection, row, private)
            if doubts:
                self._tell_supervisors(connection, row, seat, "held", text)
                raise_alarm(connection, self._office.clock(), "held words sent", name)
        self._office.events.stops(name, room.COUNSELLOR)
        self._office.events.changed(name, DESK)
        return seq

    def types(self, seat: Seat, name: str) -> None:
        """They are typing."""
        with self._office.db.read() as connection:
            self._talk(connection, name, seat)
        self._office.events.types(name, room.COUNSELLOR)

    def propose_note(self, seat: Seat, name: str, text: str) -> None:
        """Propose the note that may be kept with a return code: three lines at most, which the young person must agree to."""
        lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
        if not lines or len(lines) > NOTE_LINES or len(text) > LONGEST_NOTE:
            raise HandoffError("length", f"A note has {NOTE_LINES} lines and {LONGEST_NOTE} characters at most.")
        if doubts := self._outgoing.doubts(text):
            raise HandoffError("held", "; ".join(doubts))
        self._put(seat, name, Item(0, NOTE, room.COUNSELLOR, "\n".join(lines), {"name": seat.name}))

    def offer_bot(self, seat: Seat, name: str) -> None:
        """Ask whether they want to go back to the bot; it ends only if they agree."""
        self._put(seat, name, Item(0, EVENT, room.COUNSELLOR, "", {"event": "offers the bot", "name": seat.name}))

    def transfer(self, seat: Seat, name: str, to: str) -> None:
        """Hand a talk on to somebody on duty with a free place, who is named to the young person."""
        if to not in self._office.presence.on_duty(COUNSELLOR) or to == seat.account:
            raise HandoffError("off_duty", "That counsellor is not on duty.")
        with self._office.db.change() as connection:
            row, private = self._talk(connection, name, seat)
            if row.claimed_by != seat.account:
                raise HandoffError("not_yours")
            if self._office.chats_of(connection, to) >= MOST_CHATS:
                raise HandoffError("full", "That counsellor has no free place.")
            room.give_account(connection, name, private, to)
            room.keep_only(connection, name, room.TOKEN, to, row.supervisor or "")
            connection.execute(update(handoffs).where(handoffs.c.id == name).values(claimed_by=to))
            called = connection.execute(select(accounts.c.name).where(accounts.c.id == to)).scalar()
            room.add(
                connection, self._office.service, row, Item(0, EVENT, room.COUNSELLOR, "", {"event": "transfer", "name": called})
            )
            note(connection, self._office.clock(), seat.account, "transferred", name, to)
        self._office.events.changed(name, DESK)

    def join(self, seat: Seat, name: str) -> None:
        """A supervisor joins, visibly. The way in opens with the next thing the young person or counsellor does."""
        only(seat, SUPERVISOR)
        with self._office.db.change() as connection:
            row = room.by_id(connection, name)
            if row.state != TALKING:
                raise HandoffError("gone")
            connection.execute(update(handoffs).where(handoffs.c.id == name).values(supervisor=seat.account))
            self._event(connection, row, seat, "supervisor joined")
            note(connection, self._office.clock(), seat.account, "joined", name)
        self._office.events.changed(name, DESK)

    def close(self, seat: Seat, name: str, outcome: str) -> None:
        """End a talk with an outcome that identifies nobody; what was said waits for the decision about a report."""
        if outcome not in OUTCOMES:
            raise HandoffError("outcome", "Choose how it ended.")
        with self._office.db.change() as connection:
            row, private = self._talk(connection, name, seat)
            if row.claimed_by != seat.account:
                raise HandoffError("not_yours")
            self._event(connection, row, seat, "ended")
            room.move(connection, row, self._office.clock(), PENDING)
            self._office.let_in(connection, room.by_id(connection, name), private)
            if outcome == "misuse":
                raise_alarm(connection, self._office.clock(), "misuse", name)
            note(connection, self._office.clock(), seat.account, "ended", name, outcome)
            reached("close")
        self._office.events.changed(name, DESK)

    def colleagues(self, seat: Seat, on_duty: list[str]) -> list[dict[str, str]]:
        """Other counsellors on duty, to hand a talk on to."""
        with self._office.db.read() as connection:
            wanted = select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(on_duty), accounts.c.role == COUNSELLOR)
            return [{"id": row.id, "name": row.name} for row in connection.execute(wanted) if row.id != seat.account]


def level_of(card: dict[str, Any]) -> Concern:
    """How serious a card says it sounded."""
    return Concern[str(card["concern"]).upper()]
