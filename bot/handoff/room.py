"""What both sides of a handoff share: rows, wraps and sealed words, each inside the caller's transaction.

The server can always write into a room, since it has the public half. It can read only while a request carries a token, a
cookie or a code that opens a wrap of the private half.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.errors import HandoffError
from bot.handoff.states import KEEPING, TALKING, WAITING
from bot.store.clock import rounded
from bot.store.sealing import derive, digest, new_key, new_pair, open_sealed, seal, tag, unwrap, wrap
from bot.store.service_key import ServiceKey
from bot.store.tables import accounts, handoffs, side_notes, words, wraps

TOKEN, CODE = "token", "code"
CARD, SAID, EVENT, NOTE, CHAT = "card", "said", "event", "note", "chat"
YOUNG, COUNSELLOR, SUPERVISOR = "young", "counsellor", "supervisor"


@dataclass(frozen=True)
class Item:
    """One thing said or done in a room, opened. `text` is in no `repr`."""

    seq: int
    kind: str
    by: str
    text: str = field(repr=False)
    more: dict[str, Any] = field(default_factory=dict, repr=False)


def new_token() -> str:
    """A young person's token: 32 random bytes as text for a header."""
    return base64.urlsafe_b64encode(new_key()).decode().rstrip("=")


def token_bytes(token: str) -> bytes:
    """The bytes of a token. Raises HandoffError("gone") for what is none."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise HandoffError("gone") from None
    if len(raw) != 32:
        raise HandoffError("gone")
    return raw


def build(connection: Connection, now: float, state: str, high: bool, **columns: Any) -> tuple[str, bytes]:
    """Add a room with a key pair of its own; return its random id and the private half, which is kept nowhere."""
    private, public = new_pair()
    room = secrets.token_hex(12)
    last = connection.execute(select(func.max(handoffs.c.place))).scalar() or 0
    row = {
        "until": rounded(now) + KEEPING[state].seconds,
        "id": room,
        "place": last + 1,
        "state": state,
        "high": high,
        "public": public,
        "since": rounded(now),
        "seen": rounded(now),
        **columns,
    }
    connection.execute(insert(handoffs).values(row))
    return room, private


def by_id(connection: Connection, room: str) -> Row:
    """The row of a room. Raises HandoffError("gone")."""
    row = connection.execute(select(handoffs).where(handoffs.c.id == room)).one_or_none()
    if row is None:
        raise HandoffError("gone")
    return row


def by_token(connection: Connection, token: str) -> tuple[Row, bytes]:
    """The row a token belongs to and the private half it opens. Raises HandoffError("gone")."""
    raw = token_bytes(token)
    row = connection.execute(select(handoffs).where(handoffs.c.token == digest(raw))).one_or_none()
    if row is None:
        raise HandoffError("gone")
    return row, _opened(connection, row.id, TOKEN, derive(raw, "token"))


def give_token(connection: Connection, room: str, private: bytes, token: str) -> None:
    """Let a token open a room."""
    raw = token_bytes(token)
    connection.execute(update(handoffs).where(handoffs.c.id == room).values(token=digest(raw)))
    put_wrap(connection, room, TOKEN, wrap(derive(raw, "token"), private, _place(room, TOKEN)))


def give_key(connection: Connection, room: str, private: bytes, holder: str, key: bytes) -> None:
    """Let a 32-byte key (of a code) open a room."""
    put_wrap(connection, room, holder, wrap(key, private, _place(room, holder)))


def by_key(connection: Connection, room: str, holder: str, key: bytes) -> bytes:
    """The private half that a key opens. Raises HandoffError("gone")."""
    return _opened(connection, room, holder, key)


def give_account(connection: Connection, room: str, private: bytes, account: str) -> None:
    """Let an account open a room, by its public half."""
    public = connection.execute(select(accounts.c.public).where(accounts.c.id == account, accounts.c.active)).scalar()
    if public:
        put_wrap(connection, room, account, seal(public, private, _place(room, account)))


def by_account(connection: Connection, room: str, account: str, account_private: bytes) -> bytes:
    """The private half an account can open. Raises HandoffError("not_yours")."""
    blob = connection.execute(select(wraps.c.blob).where(wraps.c.handoff == room, wraps.c.holder == account)).scalar()
    if blob is None:
        raise HandoffError("not_yours")
    return open_sealed(account_private, blob, _place(room, account))


def put_wrap(connection: Connection, room: str, holder: str, blob: bytes) -> None:
    """Keep a wrap in the place of an earlier one of the same holder."""
    connection.execute(delete(wraps).where(wraps.c.handoff == room, wraps.c.holder == holder))
    connection.execute(insert(wraps).values(handoff=room, holder=holder, blob=blob))


def holders(connection: Connection, room: str) -> set[str]:
    """Who can open a room."""
    return set(connection.execute(select(wraps.c.holder).where(wraps.c.handoff == room)).scalars())


def keep_only(connection: Connection, room: str, *holder: str) -> None:
    """Take every other wrap away."""
    connection.execute(delete(wraps).where(wraps.c.handoff == room, wraps.c.holder.not_in(holder)))


def add(connection: Connection, service: ServiceKey, row: Row, item: Item, key: str | None = None) -> int:
    """Seal one item into a room and return its number; the same `key` again returns the number it has already."""
    key = key or secrets.token_hex(8)
    known = connection.execute(select(words.c.seq).where(words.c.handoff == row.id, words.c.key == key)).scalar()
    if known is not None:
        return int(known)
    seq = (connection.execute(select(func.max(words.c.seq)).where(words.c.handoff == row.id)).scalar() or 0) + 1
    plain = json.dumps({"by": item.by, "text": item.text, "more": item.more}, ensure_ascii=False).encode()
    blob = seal(row.public, plain, _words_place(row.id, seq, item.kind))
    proof = _proof(service.derive("row"), row.id, seq, item.kind, blob)
    connection.execute(insert(words).values(handoff=row.id, seq=seq, key=key, kind=item.kind, blob=blob, tag=proof))
    return seq


def items(connection: Connection, service: ServiceKey, room: str, private: bytes, after: int = 0) -> list[Item]:
    """Everything in a room after number `after`, opened. A row that we did not write ourselves is left out."""
    rows = connection.execute(select(words).where(words.c.handoff == room, words.c.seq > after).order_by(words.c.seq))
    return [_item(row, private) for row in rows if _is_ours(service, row)]


def move(connection: Connection, row: Row, now: float, state: str, **columns: Any) -> bool:
    """Bring a room from the state it has in `row` into another. False when somebody was faster."""
    at = rounded(now)
    values = {"until": at + KEEPING[state].seconds, "state": state, "since": at, "seen": at, **columns}
    same = (handoffs.c.id == row.id) & (handoffs.c.state == row.state)
    done = connection.execute(update(handoffs).where(same).values(values))
    return bool(done.rowcount == 1)


def seen(connection: Connection, row: Row, now: float) -> None:
    """Note that somebody is there; a talk lives as long as somebody is."""
    if row.seen == rounded(now):
        return
    more = {"until": rounded(now) + KEEPING[TALKING].seconds} if row.state == TALKING else {}
    connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(seen=rounded(now), **more))


def flag(connection: Connection, row: Row, *names: str, off: tuple[str, ...] = ()) -> None:
    """Put up flags of a room and take down others. Flags hold no words."""
    flags = (flags_of(row) | set(names)) - set(off)
    connection.execute(update(handoffs).where(handoffs.c.id == row.id).values(flags=" ".join(sorted(flags))))


def flags_of(row: Row) -> set[str]:
    """The flags of a room."""
    return set(row.flags.split())


def erase(connection: Connection, room: str) -> None:
    """Wraps first, then words, then the row: from the first step on nobody can open what is left."""
    connection.execute(delete(wraps).where(wraps.c.handoff == room))
    connection.execute(delete(words).where(words.c.handoff == room))
    connection.execute(delete(side_notes).where(side_notes.c.handoff == room))
    connection.execute(delete(handoffs).where(handoffs.c.id == room))


def waiting(connection: Connection) -> list[Row]:
    """Rooms that wait, in the order in which they came."""
    return list(connection.execute(select(handoffs).where(handoffs.c.state == WAITING).order_by(handoffs.c.place)))


def _opened(connection: Connection, room: str, holder: str, key: bytes) -> bytes:
    blob = connection.execute(select(wraps.c.blob).where(wraps.c.handoff == room, wraps.c.holder == holder)).scalar()
    if blob is None:
        raise HandoffError("gone")
    return unwrap(key, blob, _place(room, holder))


def _item(row: Row, private: bytes) -> Item:
    said = json.loads(open_sealed(private, row.blob, _words_place(row.handoff, row.seq, row.kind)))
    return Item(row.seq, row.kind, said["by"], said["text"], said["more"])


def _is_ours(service: ServiceKey, row: Row) -> bool:
    return any(
        secrets.compare_digest(row.tag, _proof(key, row.handoff, row.seq, row.kind, row.blob)) for key in service.every("row")
    )


def _proof(key: bytes, room: str, seq: int, kind: str, blob: bytes) -> bytes:
    return tag(key, room.encode(), str(seq).encode(), kind.encode(), blob)


def _place(room: str, holder: str) -> str:
    return f"sidedoor/1/wrap/{room}/{holder}"


def _words_place(room: str, seq: int, kind: str) -> str:
    return f"sidedoor/1/words/{room}/{seq}/{kind}"
