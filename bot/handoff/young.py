"""The young person's side. Every step takes their token; whoever has no token has no room.

Web page and Telegram use the same steps. Each raises HandoffError with the reason that names the reviewed reply, and
StoreError when the database cannot be used.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.engine import Connection, Row

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.alarms import raise_alarm
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.queue import in_order, minutes_for
from bot.handoff.room import CARD, CHAT, EVENT, SAID, YOUNG, Item
from bot.handoff.states import NOBODY_CAME, PENDING, TALKING, WAITING
from bot.safety.concern import Concern
from bot.store.audit import YOUNG_PERSON, note
from bot.store.clock import day_of
from bot.store.tables import handoffs, receipts, wraps

LONGEST = 2_000  # characters of one message
_SHOWN = (SAID, EVENT, room.NOTE)  # kinds the young person sees in the chat


@dataclass(frozen=True)
class Sight:
    """What the young person's screen shows. `place` and `minutes` are 0 unless they wait."""

    state: str
    place: int = 0
    minutes: int = 0
    late: bool = False
    out: bool = False
    typing: bool = False
    items: tuple[Item, ...] = field(default=(), repr=False)
    flags: frozenset[str] = frozenset()


class YoungPerson:
    """The steps of the young person's side."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def send(self, card: list[dict[str, str]], concern: Concern, wording: str, topics: list[str], channel: str) -> str:
        """Send a card they agreed to; return their token. The receipt says which wording and kinds of line, and the day."""
        now = self._office.clock()
        token = room.new_token()
        chat = [line for line in card if line["kind"] == CHAT]
        lines = [line for line in card if line["kind"] != CHAT]
        more = {"lines": lines, "topics": topics, "concern": concern.word, "channel": channel}
        with self._office.db.change() as connection:
            made, private = room.build(connection, now, WAITING, concern >= Concern.HIGH)
            row = room.by_id(connection, made)
            room.add(connection, self._office.service, row, Item(0, CARD, YOUNG, "", more))
            if chat:
                room.add(connection, self._office.service, row, Item(0, CHAT, YOUNG, chat[0]["text"]))
            room.give_token(connection, made, private, token)
            self._office.let_in(connection, row, private)
            self._receipt(connection, now, wording, card)
            note(connection, now, YOUNG_PERSON, "sent a card", made)
        self._office.concern[made] = concern
        self._office.events.changed(DESK)
        return token

    def look(self, token: str, after: int = 0) -> Sight:
        """What there is to see, with everything said after number `after`; counts as a sign of life."""
        now = self._office.clock()
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            self._office.let_in(connection, row, private)
            room.seen(connection, row, now)
            opened = room.items(connection, self._office.service, row.id, private, after)
            place, minutes = self._place(connection, row, now)
        return Sight(
            state=row.state,
            place=place,
            minutes=minutes,
            late=row.state == WAITING and now - row.since >= NOBODY_CAME,
            out="out" in room.flags_of(row),
            typing=self._office.events.is_typing(row.id, room.COUNSELLOR),
            items=tuple(item for item in opened if item.kind in _SHOWN),
            flags=frozenset(room.flags_of(row)),
        )

    def say(self, token: str, key: str, text: str, concern: Concern = Concern.INFO) -> int:
        """Say something to the counsellor; return its number once it is safely kept. The same `key` twice is one message."""
        if not text.strip() or len(text) > LONGEST:
            raise HandoffError("too_long" if text.strip() else "empty")
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            if row.state != TALKING:
                raise HandoffError("not_talking")
            item = Item(0, SAID, YOUNG, text, {"concern": concern.word} if concern >= Concern.HIGH else {})
            seq = room.add(connection, self._office.service, row, item, f"y{key}"[:64])
            room.seen(connection, row, self._office.clock())
            self._office.let_in(connection, row, private)
            if concern is Concern.IMMEDIATE:
                room.flag(connection, row, "danger")
        self._office.events.stops(row.id, YOUNG)
        self._office.events.changed(row.id, DESK)
        return seq

    def room_of(self, token: str) -> str:
        """The id of the room a token opens, to listen to its changes."""
        with self._office.db.read() as connection:
            row, _ = room.by_token(connection, token)
        return str(row.id)

    def is_going_on(self, token: str) -> bool:
        """Whether what this token opens still waits or talks."""
        with self._office.db.read() as connection:
            try:
                row, _ = room.by_token(connection, token)
            except HandoffError:
                return False
        return row.state in (WAITING, TALKING)

    def types(self, token: str) -> None:
        """They are typing."""
        with self._office.db.read() as connection:
            row, _ = room.by_token(connection, token)
        self._office.events.types(row.id, YOUNG)

    def withdraw(self, token: str) -> None:
        """Take the card back before anybody opened it. Raises HandoffError("opened") when it is too late."""
        with self._office.db.change() as connection:
            row, _ = room.by_token(connection, token)
            if row.state != WAITING:
                raise HandoffError("opened")
            room.erase(connection, row.id)
            note(connection, self._office.clock(), YOUNG_PERSON, "withdrew", row.id)
        self._after_erasing(row.id)

    def step_out(self, token: str, out: bool) -> None:
        """Leave the waiting room and keep the place, or come back."""
        with self._office.db.change() as connection:
            row, _ = room.by_token(connection, token)
            room.flag(connection, row, *(["out"] if out else []), off=() if out else ("out",))
        self._office.events.changed(DESK, row.id)

    def leave(self, token: str, hurried: bool = True) -> None:
        """Leave for good. Waiting: all is gone. Talking: the token dies at once, and the counsellor sees that they left."""
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            if row.state == WAITING:
                room.erase(connection, row.id)
            else:
                self._end(connection, row, private, "left in a hurry" if hurried else "ended by the young person")
            note(connection, self._office.clock(), YOUNG_PERSON, "left", row.id)
        self._after_erasing(row.id)

    def something_feels_wrong(self, token: str) -> None:
        """Tell a supervisor, and never that counsellor."""
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            for account in self._office.supervisors(connection):
                if account != row.claimed_by:
                    room.give_account(connection, row.id, private, account)
            raise_alarm(connection, self._office.clock(), "something feels wrong", row.id)
        self._office.events.changed(DESK)

    def _end(self, connection: Connection, row: Row, private: bytes, how: str) -> None:
        if row.state == TALKING:
            room.add(connection, self._office.service, row, Item(0, EVENT, YOUNG, how, {"event": "left"}))
            room.move(connection, row, self._office.clock(), PENDING)
            self._office.let_in(connection, room.by_id(connection, row.id), private)
        connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(token=None))
        connection.execute(delete(wraps).where(wraps.c.handoff == row.id, wraps.c.holder == room.TOKEN))

    def _place(self, connection: Connection, row: Row, now: float) -> tuple[int, int]:
        if row.state != WAITING:
            return 0, 0
        order = in_order(room.waiting(connection), now, self._office.concern)
        place = order.index(row.id) + 1
        return place, minutes_for(place, self._office.free_counsellors(connection))

    def _receipt(self, connection: Connection, now: float, wording: str, card: list[dict[str, str]]) -> None:
        kinds = " ".join(sorted({line["kind"] for line in card}))
        connection.execute(insert(receipts).values(id=secrets.token_hex(12), wording=wording, kinds=kinds, day=day_of(now)))

    def _after_erasing(self, made: str) -> None:
        self._office.concern.pop(made, None)
        self._office.db.checkpoint()
        self._office.events.changed(DESK, made)


def card_of(items: list[Item]) -> dict[str, Any]:
    """The card among opened items: `lines`, `topics`, `concern`, `channel`."""
    return next((item.more for item in items if item.kind == CARD), {})
