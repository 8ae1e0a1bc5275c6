"""The counsellor's side: who waits, taking somebody, talking, handing on, ending. Own talks only; nothing can be searched.

Every step takes a `Seat`: an account that has signed in, with the private half its sign-in opened.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.errors import CannotOpen, HandoffError
from bot.handoff import room
from bot.handoff.alarms import raise_alarm
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.outgoing import Outgoing
from bot.handoff.presence import COUNSELLOR, SUPERVISOR
from bot.handoff.queue import in_order
from bot.handoff.room import EVENT, NOTE, SAID, Item
from bot.handoff.states import ANSWERED, LEFT, MOST_CHATS, PENDING, TALKING, WAITING
from bot.handoff.young import card_of
from bot.safety.concern import Concern
from bot.store.audit import note
from bot.store.clock import rounded
from bot.store.points import reached
from bot.store.sealing import open_sealed, seal
from bot.store.tables import accounts, handoffs, side_notes

LONGEST = 2_000  # characters
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


@dataclass(frozen=True)
class Seat:
    """Somebody signed in at the desk."""

    account: str
    name: str
    role: str
    private: bytes = field(repr=False)


class Desk:
    """The steps of the counsellor's side. Raises HandoffError("not_yours") for a room that is not theirs."""

    def __init__(self, office: Office, outgoing: Outgoing) -> None:
        self._office = office
        self._outgoing = outgoing

    def waiting(self, seat: Seat) -> list[dict[str, Any]]:
        """Who waits, whose turn it is first: minutes, and what the card says where this seat can open it."""
        _only(seat, COUNSELLOR, SUPERVISOR)
        now = self._office.clock()
        with self._office.db.read() as connection:
            rows = {row.id: row for row in room.waiting(connection)}
            cards = {name: self._card(connection, row, seat) for name, row in rows.items()}
        self._office.concern.update({name: _level(card) for name, card in cards.items() if card})
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
        _only(seat, COUNSELLOR)
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
        _only(seat, SUPERVISOR)
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

    def ask_supervisor(self, seat: Seat, name: str, text: str) -> None:
        """Ask a supervisor privately; sealed to each of them, unseen by the young person."""
        if not text.strip() or len(text) > LONGEST:
            raise HandoffError("length")
        with self._office.db.change() as connection:
            row, _ = self._talk(connection, name, seat)
            self._tell_supervisors(connection, row, seat, "asked", text.strip())
        self._office.events.changed(DESK)

    def colleagues(self, seat: Seat, on_duty: list[str]) -> list[dict[str, str]]:
        """Other counsellors on duty, to hand a talk on to."""
        with self._office.db.read() as connection:
            wanted = select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(on_duty), accounts.c.role == COUNSELLOR)
            return [{"id": row.id, "name": row.name} for row in connection.execute(wanted) if row.id != seat.account]

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
        _only(seat, SUPERVISOR)
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

    def left_messages(self, seat: Seat) -> list[dict[str, Any]]:
        """Left messages that still wait for an answer, with the hours until they are due."""
        _only(seat, COUNSELLOR, SUPERVISOR)
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


def _only(seat: Seat, *roles: str) -> None:
    if seat.role not in roles:
        raise HandoffError("not_allowed", "Your role cannot do this.")


def _level(card: dict[str, Any]) -> Concern:
    return Concern[str(card["concern"]).upper()]
