"""The tables. Plain columns hold random ids, states, one priority bit and times rounded to five minutes; words are sealed.

The same schema on SQLite and PostgreSQL; `migrations/` brings an older file up to it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()
_big = BigInteger().with_variant(Integer, "sqlite")


def _id(name: str = "id", **more: Any) -> Column[str]:
    return Column(name, String(32), primary_key=True, **more)


accounts = Table(
    "account", metadata, _id(),
    Column("login", String(64), unique=True, nullable=False),
    Column("name", String(64), nullable=False),  # as the counsellor chooses to be called
    Column("role", String(16), nullable=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("salt", LargeBinary, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),  # wrapped under the passphrase
    Column("pair_since", BigInteger, nullable=False),
    Column("totp", LargeBinary, nullable=False),  # wrapped under the service key
    Column("totp_seen", Boolean, nullable=False, default=False),  # the QR code was confirmed with a first code
    Column("last_step", BigInteger, nullable=False, default=0),
    Column("must_change", Boolean, nullable=False, default=True),
)  # fmt: skip

recovery_codes = Table(
    "recovery_code", metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
)  # fmt: skip

desk_sessions = Table(
    "desk_session", metadata,
    Column("digest", LargeBinary, primary_key=True),  # of the cookie
    _id("public_id", unique=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("private", LargeBinary, nullable=False),  # the counsellor's private half, wrapped under the cookie
    Column("csrf", String(64), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
)  # fmt: skip

devices = Table(
    "device", metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
)  # fmt: skip

handoffs = Table(
    "handoff", metadata, _id(),
    Column("place", _big, unique=True, nullable=False),  # the order in which they came
    Column("state", String(16), nullable=False, index=True),
    Column("high", Boolean, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("since", BigInteger, nullable=False),  # of this state, rounded
    Column("seen", BigInteger, nullable=False),  # last sign of anybody, rounded
    Column("until", BigInteger, nullable=False),  # gone after this at the latest
    Column("token", LargeBinary, unique=True),
    Column("find", LargeBinary, unique=True),
    Column("find_next", LargeBinary, unique=True),  # a new code, until the young person confirms it
    Column("claimed_by", String(32)),
    Column("supervisor", String(32)),
    Column("keep_days", Integer, nullable=False, default=0),
    Column("flags", String(200), nullable=False, default=""),
)  # fmt: skip

wraps = Table(
    "wrap", metadata,
    Column("handoff", ForeignKey("handoff.id", ondelete="CASCADE"), primary_key=True),
    Column("holder", String(48), primary_key=True),  # "token", "code", "code_next" or an account's id
    Column("blob", LargeBinary, nullable=False),
)  # fmt: skip

words = Table(
    "words", metadata,
    Column("handoff", ForeignKey("handoff.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("key", String(64), nullable=False),  # what makes a repeat harmless
    Column("kind", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("tag", LargeBinary, nullable=False),
    UniqueConstraint("handoff", "key"),
)  # fmt: skip

# Words from one person at the desk to another (a supervisor asked, a text held back), sealed to the reader alone.
side_notes = Table(
    "side_note", metadata, _id(),
    Column("handoff", ForeignKey("handoff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sender", String(32), nullable=False),
    Column("reader", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("blob", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)  # fmt: skip

receipts = Table(
    "receipt", metadata, _id(),
    Column("wording", String(64), nullable=False),
    Column("kinds", String(200), nullable=False),
    Column("day", Integer, nullable=False),
)  # fmt: skip

decisions = Table(
    "decision", metadata, _id(),
    Column("handoff", String(32), nullable=False, unique=True),
    Column("account", String(32), nullable=False),
    Column("needed", Boolean, nullable=False),
    Column("learned", BigInteger, nullable=False),
    Column("harm", String(32), nullable=False),
    Column("duty", String(32), nullable=False),
    Column("told", String(32), nullable=False),
    Column("reference", String(64), nullable=False),
    Column("delay", String(32), nullable=False),
    Column("young_told", String(16), nullable=False),
    Column("confirmed_by", String(32)),
    Column("at", BigInteger, nullable=False),
)  # fmt: skip

alarms = Table(
    "alarm", metadata, _id(),
    Column("kind", String(32), nullable=False),
    Column("handoff", String(32)),
    Column("at", BigInteger, nullable=False),
    Column("seen_by", String(32)),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    Column("id", _big, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(32), nullable=False),  # an account's id, "young person", "sweep" or "command line"
    Column("what", String(48), nullable=False),
    Column("handoff", String(32)),
    Column("about", String(48), nullable=False, default=""),  # another account, an outcome: never words
)  # fmt: skip
