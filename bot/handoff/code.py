"""Return codes: five words that reopen the way, not the history. The server keeps no code, only what proves one.

`root` = Argon2id(words, salt from the service key); `find` = SHA-256(HKDF(root, "find")) names the row, and HKDF(root,
"code") opens its wrap. 60 bits make guessing pointless, and so there is no lockout, which would be the easier attack;
what costs time is limited instead: two derivations at a time, twenty waiting.
"""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.errors import HandoffError
from bot.handoff import room
from bot.handoff.accounts import readers_of_left_messages
from bot.handoff.events import DESK
from bot.handoff.office import Office
from bot.handoff.room import CARD, CODE, NOTE, SAID, YOUNG, Item
from bot.handoff.states import ANSWERED, DAY, KEEP_NOTE_DAYS, LEFT, SLEEPING
from bot.paths import DATA
from bot.safety.concern import Concern
from bot.store.audit import YOUNG_PERSON, note
from bot.store.clock import rounded
from bot.store.points import reached
from bot.store.sealing import derive, digest, stretch
from bot.store.service_key import ServiceKey
from bot.store.tables import handoffs

WORDS = 5
AT_ONCE, IN_LINE = 2, 20
_derivations = threading.BoundedSemaphore(AT_ONCE)
_line = threading.BoundedSemaphore(AT_ONCE + IN_LINE)


@lru_cache(maxsize=1)
def code_words() -> tuple[str, ...]:
    """The list that codes are made of: at least 4,096 words."""
    lines = (DATA / "phrases" / "code_words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def new_code() -> str:
    """Five random words."""
    return " ".join(secrets.choice(code_words()) for _ in range(WORDS))


def read_code(text: str) -> str | None:
    """The five words somebody typed, in plain form, or None when it is no code. Case, commas and dashes do not matter."""
    found = re.findall(r"[a-z]+", text.lower())
    return " ".join(found) if len(found) == WORDS and set(found) <= set(code_words()) else None


@dataclass(frozen=True)
class Keys:
    """What a code proves and opens, under one service key."""

    find: bytes
    key: bytes = field(repr=False)


def keys_of(service: ServiceKey, code: str, every: bool = False) -> list[Keys]:
    """Derive a code's keys under the present service key, or under `every` earlier one too.

    Takes a tenth of a second or more each. Raises HandoffError("busy") when too many wait.
    """
    if not _line.acquire(blocking=False):
        raise HandoffError("busy")
    try:
        with _derivations:
            salts = service.every("code salt") if every else [service.derive("code salt")]
            roots = [stretch(code, salt) for salt in salts]
    finally:
        _line.release()
    return [Keys(digest(derive(root, "find")), derive(root, "code")) for root in roots]


@dataclass(frozen=True)
class Returned:
    """What a code opened. `text` is the note or the counsellor's answer; it is shown only once it is safe to read."""

    state: str
    room: str
    text: str = field(repr=False)
    used_before: bool
    key: Keys = field(repr=False)
    lines: tuple[dict[str, str], ...] = field(default=(), repr=False)


class Codes:
    """The steps around codes: leaving a message, keeping a note, coming back."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def leave_message(self, text: str, concern: Concern, until: float) -> str:
        """Keep a message for the desk until it is answered, at the latest until `until`; return the code."""
        code = new_code()
        (keys,) = keys_of(self._office.service, code)
        now = self._office.clock()
        with self._office.db.change() as connection:
            high = concern >= Concern.HIGH
            made, private = room.build(connection, now, LEFT, high, until=rounded(until), find=keys.find)
            row = room.by_id(connection, made)
            card = Item(0, CARD, YOUNG, "", {"lines": [], "topics": [], "concern": concern.word, "channel": "message"})
            room.add(connection, self._office.service, row, card)
            room.add(connection, self._office.service, row, Item(0, SAID, YOUNG, text))
            room.give_key(connection, made, private, CODE, keys.key)
            for account in readers_of_left_messages(connection):
                room.give_account(connection, made, private, account)
            note(connection, now, YOUNG_PERSON, "left a message", made)
        self._office.events.changed(DESK)
        return code

    def offer(self, token: str) -> str:
        """Make a code for the note both agreed on. It works once `confirm` has been told that it was kept.

        Raises HandoffError("no_note") when there is no note.
        """
        code = new_code()
        (keys,) = keys_of(self._office.service, code)
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            if not self._note(connection, row.id, private):
                raise HandoffError("no_note")
            room.give_key(connection, row.id, private, "code_next", keys.key)
            connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(find_next=keys.find))
        return code

    def confirm(self, token: str, code: str, days: int, old: Returned | None = None) -> None:
        """They have the code: keep the note asleep for `days`; only now does an older code die."""
        if days not in KEEP_NOTE_DAYS:
            raise HandoffError("days")
        (keys,) = keys_of(self._office.service, code)
        now = self._office.clock()
        with self._office.db.change() as connection:
            row, private = room.by_token(connection, token)
            if row.find_next != keys.find:
                raise HandoffError("code_wrong")
            kept = self._note(connection, row.id, private)
            until = rounded(now) + days * DAY
            made, its_private = room.build(connection, now, SLEEPING, False, until=until, find=keys.find, keep_days=days)
            sleeping = room.by_id(connection, made)
            room.add(connection, self._office.service, sleeping, Item(0, NOTE, YOUNG, kept))
            room.give_key(connection, made, its_private, CODE, keys.key)
            connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(find_next=None))
            reached("code change")
            if old:
                room.erase(connection, old.room)
            note(connection, now, YOUNG_PERSON, "kept a note", made)

    def come_back(self, text: str) -> Returned:
        """Open what a code leads to. Raises HandoffError("code_wrong") for words that are no code or lead nowhere."""
        code = read_code(text)
        if code is None:
            raise HandoffError("code_wrong")
        for keys in keys_of(self._office.service, code, every=True):
            with self._office.db.change() as connection:
                row = connection.execute(select(handoffs).where(handoffs.c.find == keys.find)).one_or_none()
                if row is None or row.until < self._office.clock():
                    continue
                private = room.by_key(connection, row.id, CODE, keys.key)
                said = room.items(connection, self._office.service, row.id, private)
                used = "used" in room.flags_of(row)
                room.flag(connection, row, "used")
                note(connection, self._office.clock(), YOUNG_PERSON, "came back", row.id)
            answers = [item.text for item in said if item.by == room.COUNSELLOR or item.kind == NOTE]
            return Returned(row.state, row.id, answers[-1] if answers else "", used, keys)
        raise HandoffError("code_wrong")

    def forget(self, returned: Returned) -> None:
        """They want what the code led to gone."""
        with self._office.db.change() as connection:
            room.erase(connection, returned.room)
            note(connection, self._office.clock(), YOUNG_PERSON, "had it deleted", returned.room)
        self._office.db.checkpoint()
        self._office.events.changed(DESK)

    def read(self, returned: Returned) -> None:
        """They have read an answer, and it goes."""
        if returned.state == ANSWERED:
            self.forget(returned)

    def _note(self, connection: Connection, name: str, private: bytes) -> str:
        """The note both agreed on: the counsellor's last one, which the young person accepts by keeping it."""
        notes = [item.text for item in room.items(connection, self._office.service, name, private) if item.kind == NOTE]
        return notes[-1] if notes else ""
