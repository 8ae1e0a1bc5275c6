"""Accounts of the desk: made and reset by an administrator or the command line, never from outside.

A passphrase never leaves its request: what is kept is a verifier and the counsellor's private half wrapped under it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.errors import SignInError
from bot.handoff import room
from bot.handoff.alarms import raise_alarm
from bot.handoff.presence import COUNSELLOR, ROLES, SUPERVISOR
from bot.handoff.states import LEFT
from bot.store.audit import note
from bot.store.sealing import derive, digest, new_pair, open_sealed, seal, stretch, unwrap, wrap
from bot.store.service_key import ServiceKey
from bot.store.tables import accounts, desk_sessions, devices, handoffs, recovery_codes, wraps

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,30}")
SHORTEST = 12  # characters of a passphrase
_RECOVERY = 8  # codes
_SALT = 16  # bytes


@dataclass(frozen=True)
class Given:
    """What a new or reset account is told once: a passphrase to be changed at the first sign-in, and how many rooms nobody
    else can open (`lost`)."""

    login: str
    passphrase: str = field(repr=False)
    lost: int = 0


@dataclass(frozen=True)
class Secrets:
    """What a passphrase makes: the verifier that is kept, and the key that wraps the private half."""

    salt: bytes
    verifier: bytes
    key: bytes = field(repr=False)


def secrets_of(passphrase: str, salt: bytes) -> Secrets:
    """Derive both from one stretched root, under different labels."""
    root = stretch(passphrase, salt)
    return Secrets(salt, digest(derive(root, "sign-in")), derive(root, "private"))


def add(connection: Connection, service: ServiceKey, now: float, login: str, name: str, role: str, by: str) -> Given:
    """Add an account. Raises SignInError for a login, name or role that cannot be used."""
    login, name = login.strip().lower(), " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise SignInError("A login is 2 to 31 small letters, digits, dots or dashes, and starts with a letter.")
    if not 1 <= len(name) <= 60:
        raise SignInError("A name is 1 to 60 characters: what the young person will see.")
    if role not in ROLES:
        raise SignInError(f"A role is one of: {', '.join(ROLES)}.")
    if connection.execute(select(accounts.c.id).where(accounts.c.login == login)).first():
        raise SignInError(f"There is an account {login} already.")
    made, passphrase = secrets.token_hex(12), _first_passphrase()
    connection.execute(
        insert(accounts).values(id=made, login=login, name=name, role=role, active=True, **_fresh(service, made, passphrase, now))
    )
    note(connection, now, by, "added an account", about=made)
    return Given(login, passphrase)


def reset(connection: Connection, service: ServiceKey, now: float, login: str, by: str) -> Given:
    """Give an account a new passphrase, key pair and code app, and sign it out everywhere.

    What only this account could open is lost, and counted; everything else is wrapped anew when somebody next opens it.
    """
    row = by_login(connection, login)
    lost = _only_they_can_open(connection, row.id)
    passphrase = _first_passphrase()
    sign_out_everywhere(connection, row.id)
    for table in (recovery_codes, devices):
        connection.execute(delete(table).where(table.c.account == row.id))
    connection.execute(delete(wraps).where(wraps.c.holder == row.id))
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(**_fresh(service, row.id, passphrase, now)))
    raise_alarm(connection, now, "account reset")
    note(connection, now, by, "reset an account", about=row.id)
    return Given(row.login, passphrase, lost)


def disable(connection: Connection, now: float, login: str, by: str) -> None:
    """Shut an account: signed out everywhere, and it can open nothing any more."""
    row = by_login(connection, login)
    sign_out_everywhere(connection, row.id)
    connection.execute(delete(wraps).where(wraps.c.holder == row.id))
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(active=False))
    note(connection, now, by, "disabled an account", about=row.id)


def change_role(connection: Connection, now: float, login: str, role: str, by: str) -> None:
    """Give another role; the person signs in again with it."""
    if role not in ROLES:
        raise SignInError(f"A role is one of: {', '.join(ROLES)}.")
    row = by_login(connection, login)
    sign_out_everywhere(connection, row.id)
    connection.execute(delete(wraps).where(wraps.c.holder == row.id))
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(role=role))
    note(connection, now, by, f"made {role}", about=row.id)


def everybody(connection: Connection) -> list[Row]:
    """All accounts by login."""
    return list(connection.execute(select(accounts).order_by(accounts.c.login)))


def by_login(connection: Connection, login: str) -> Row:
    """The account with a login. Raises SignInError when there is none."""
    row = connection.execute(select(accounts).where(accounts.c.login == login.strip().lower())).one_or_none()
    if row is None:
        raise SignInError(f"There is no account {login}. See: bot counsellor list")
    return row


def set_passphrase(connection: Connection, row: Row, private: bytes, passphrase: str) -> None:
    """Change the passphrase of somebody who is signed in. Raises SignInError when it is too short."""
    if len(passphrase) < SHORTEST:
        raise SignInError(f"Choose {SHORTEST} characters or more; a few words are best.")
    made = secrets_of(passphrase, secrets.token_bytes(_SALT))
    values = {
        "salt": made.salt,
        "verifier": made.verifier,
        "private": wrap(made.key, private, _place(row.id)),
        "must_change": False,
    }
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(**values))


def private_of(row: Row, key: bytes) -> bytes:
    """The private half of an account, opened with the key its passphrase makes."""
    return unwrap(key, row.private, _place(row.id))


def totp_secret(service: ServiceKey, row: Row) -> str:
    """The secret of an account's code app. It lies wrapped under the service key."""
    last: Exception | None = None
    for key in service.every("totp"):
        try:
            return unwrap(key, row.totp, f"sidedoor/1/totp/{row.id}").decode()
        except Exception as error:
            last = error
    raise SignInError("The service key does not fit this database.") from last


def new_pair_for(connection: Connection, row: Row, private: bytes, key: bytes, now: float) -> bytes:
    """A fresh key pair for somebody who has just signed in; what they could open they still can. Returns the private half."""
    fresh, public = new_pair()
    for held in connection.execute(select(wraps).where(wraps.c.holder == row.id)).all():
        place = f"sidedoor/1/wrap/{held.handoff}/{row.id}"
        blob = seal(public, open_sealed(private, held.blob, place), place)
        room.put_wrap(connection, held.handoff, row.id, blob)
    values = {"public": public, "private": wrap(key, fresh, _place(row.id)), "pair_since": int(now)}
    connection.execute(update(accounts).where(accounts.c.id == row.id).values(**values))
    return fresh


def new_recovery_codes(connection: Connection, account: str) -> list[str]:
    """Codes for the day the phone is lost, each good once; only their digests are kept."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(_RECOVERY)]
    connection.execute(insert(recovery_codes), [{"digest": digest(code.encode()), "account": account} for code in codes])
    return codes


def sign_out_everywhere(connection: Connection, account: str) -> None:
    """End every session of an account."""
    connection.execute(delete(desk_sessions).where(desk_sessions.c.account == account))


def readers_of_left_messages(connection: Connection) -> list[str]:
    """Every active account that may answer a left message."""
    wanted = select(accounts.c.id).where(accounts.c.role.in_((COUNSELLOR, SUPERVISOR)), accounts.c.active)
    return list(connection.execute(wanted).scalars())


def _fresh(service: ServiceKey, account: str, passphrase: str, now: float) -> dict[str, object]:
    private, public = new_pair()
    made = secrets_of(passphrase, secrets.token_bytes(_SALT))
    totp = wrap(service.derive("totp"), pyotp.random_base32().encode(), f"sidedoor/1/totp/{account}")
    return {
        "salt": made.salt, "verifier": made.verifier, "public": public, "private": wrap(made.key, private, _place(account)),
        "pair_since": int(now), "totp": totp, "totp_seen": False, "last_step": 0, "must_change": True,
    }  # fmt: skip


def _first_passphrase() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(4))


def _only_they_can_open(connection: Connection, account: str) -> int:
    mine = connection.execute(
        select(handoffs.c.id).join(wraps, wraps.c.handoff == handoffs.c.id).where(wraps.c.holder == account)
    ).scalars()
    alone = [name for name in mine if not room.holders(connection, name) - {account, "code"}]
    left = {row.id for row in connection.execute(select(handoffs.c.id).where(handoffs.c.state == LEFT))}
    return len([name for name in alone if name not in left or room.holders(connection, name) == {account}])


def _place(account: str) -> str:
    return f"sidedoor/1/account/{account}"
