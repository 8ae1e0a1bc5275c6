"""Signing in at the desk: a passphrase, a code from an app, and a session that only its cookie can open.

Wrong tries are counted for each login and device, in memory. A device that has signed in before has a count of its own, so
that a stranger who tries a login cannot lock its owner out (device cookies, as OWASP describes them).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyotp
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.errors import SignInError
from bot.handoff import accounts as book
from bot.handoff.desk_parts import Seat
from bot.handoff.office import Office
from bot.handoff.states import IDLE_SIGN_OUT, PAIR_LASTS
from bot.store.audit import note
from bot.store.clock import ROUNDED_TO, rounded
from bot.store.sealing import derive, digest, new_key, unwrap, wrap
from bot.store.tables import accounts, desk_sessions, devices, recovery_codes

_TRIES, _PAUSE = 5, 300.0  # wrong tries, then seconds of pause
_WRONG = "That did not fit. Check the login, the passphrase and the code."


@dataclass(frozen=True)
class Opened:
    """A new session: the cookies to set, and what must still be done or shown once."""

    cookie: bytes = field(repr=False)
    device: bytes = field(repr=False)
    first: bool = False


@dataclass(frozen=True)
class Session:
    """A session that was found again: who it is, its CSRF token and what they must do first."""

    seat: Seat
    id: str
    csrf: str = field(repr=False)
    first: bool
    login: str


class Tries:
    """Counts wrong tries. In memory: a restart forgets them, and 60 bits of passphrase do not mind."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[tuple[str, str], list[float]] = {}

    def check(self, login: str, device: str) -> None:
        """Raise SignInError while a login is paused for this device."""
        recent = [at for at in self._wrong.get((login, device), []) if at > self._clock() - _PAUSE]
        if len(recent) >= _TRIES:
            raise SignInError("Too many tries. Wait five minutes, or ask an administrator.")

    def wrong(self, login: str, device: str) -> None:
        """Count one wrong try."""
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        recent = [at for at in self._wrong.get((login, device), []) if at > self._clock() - _PAUSE]
        self._wrong[login, device] = [*recent, self._clock()]


class SignIn:
    """Opens, finds and ends sessions."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._tries = Tries()

    def sign_in(self, login: str, passphrase: str, code: str, device: bytes = b"") -> Opened:
        """Open a session. Raises SignInError; it never says which part was wrong.

        At the very first sign-in no code is asked for: the next page shows the QR code, and nothing else is possible.
        """
        login = login.strip().lower()
        with self._office.db.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.login == login, accounts.c.active)).one_or_none()
            known = self._known(connection, row, device)
        self._tries.check(login, known)
        # An unknown login costs as much time as a wrong passphrase.
        made = book.secrets_of(passphrase, row.salt if row else secrets.token_bytes(16))
        if row is None or not secrets.compare_digest(made.verifier, row.verifier):
            self._tries.wrong(login, known)
            raise SignInError(_WRONG)
        with self._office.db.change() as connection:
            if row.totp_seen and not self._code_fits(connection, row, code):
                self._tries.wrong(login, known)
                raise SignInError(_WRONG)
            private = book.private_of(row, made.key)
            if self._office.clock() - row.pair_since > PAIR_LASTS:
                private = book.new_pair_for(connection, row, private, made.key, self._office.clock())
            return self._open(connection, row, private, device if known else b"")

    def find(self, cookie: bytes) -> Session:
        """The session of a cookie. Raises SignInError when there is none, it idled too long or the account was shut."""
        now = self._office.clock()
        with self._office.db.read() as connection:
            wanted = select(desk_sessions, accounts.c.name, accounts.c.role, accounts.c.login, accounts.c.totp_seen)
            wanted = wanted.add_columns(accounts.c.must_change, accounts.c.active).join(accounts)
            row = connection.execute(wanted.where(desk_sessions.c.digest == digest(cookie))).one_or_none()
        if row is None or not row.active or now - row.last > IDLE_SIGN_OUT + ROUNDED_TO:
            raise SignInError("Sign in again.")
        if row.last != rounded(now):
            with self._office.db.change() as connection:
                mine = desk_sessions.c.digest == row.digest
                connection.execute(update(desk_sessions).where(mine).values(last=rounded(now)))
        private = unwrap(derive(cookie, "desk"), row.private, f"sidedoor/1/session/{row.public_id}")
        seat = Seat(row.account, row.name, row.role, private)
        return Session(seat, row.public_id, row.csrf, not row.totp_seen or bool(row.must_change), row.login)

    def secret_for_app(self, seat: Seat) -> str:
        """The address for the QR code, until the first code from the app has been seen."""
        with self._office.db.read() as connection:
            row = self._row(connection, seat)
        if row.totp_seen:
            raise SignInError("The code app is set up. Ask an administrator for a reset if you have lost it.")
        return pyotp.TOTP(book.totp_secret(self._office.service, row)).provisioning_uri(
            name=row.login, issuer_name="Sidedoor desk"
        )

    def finish_first(self, seat: Seat, passphrase: str, code: str) -> list[str]:
        """Set an own passphrase and confirm the code app; return the recovery codes, shown this once."""
        with self._office.db.change() as connection:
            row = self._row(connection, seat)
            if not self._code_fits(connection, row, code):
                raise SignInError("That code did not fit. Wait for the next one in the app.")
            book.set_passphrase(connection, row, seat.private, passphrase)
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(totp_seen=True))
            return book.new_recovery_codes(connection, row.id)

    def is_fresh(self, seat: Seat, code: str) -> None:
        """Ask for a code from the app again, before a change of roles. Raises SignInError."""
        with self._office.db.change() as connection:
            if not self._code_fits(connection, self._row(connection, seat), code):
                raise SignInError("That code did not fit. Wait for the next one in the app.")

    def sign_out(self, session: str, seat: Seat) -> None:
        """End one session of this account."""
        with self._office.db.change() as connection:
            mine = (desk_sessions.c.public_id == session) & (desk_sessions.c.account == seat.account)
            connection.execute(delete(desk_sessions).where(mine))
        self._office.presence.gone(seat.account)

    def sessions(self, seat: Seat) -> list[dict[str, Any]]:
        """This account's sessions: since when, and last used, in rounded times."""
        with self._office.db.read() as connection:
            wanted = select(desk_sessions).where(desk_sessions.c.account == seat.account)
            return [{"id": row.public_id, "since": row.since, "last": row.last} for row in connection.execute(wanted)]

    def _row(self, connection: Connection, seat: Seat) -> Row:
        return connection.execute(select(accounts).where(accounts.c.id == seat.account)).one()

    def _known(self, connection: Connection, row: Row | None, device: bytes) -> str:
        if row is None or not device:
            return ""
        mine = select(devices).where(devices.c.digest == digest(device), devices.c.account == row.id)
        return digest(device).hex() if connection.execute(mine).first() else ""

    def _code_fits(self, connection: Connection, row: Row, code: str) -> bool:
        code = "".join(code.split()).lower()
        if "-" in code:
            used = delete(recovery_codes).where(
                recovery_codes.c.digest == digest(code.encode()), recovery_codes.c.account == row.id
            )
            return bool(connection.execute(used).rowcount)
        totp = pyotp.TOTP(book.totp_secret(self._office.service, row))
        now = int(self._office.clock()) // totp.interval
        for step in (now - 1, now, now + 1):
            if step > row.last_step and secrets.compare_digest(totp.generate_otp(step), code):
                # A used step, and every one before it, is refused from now on.
                newer = (accounts.c.id == row.id) & (accounts.c.last_step < step)
                return bool(connection.execute(update(accounts).where(newer).values(last_step=step)).rowcount)
        return False

    def _open(self, connection: Connection, row: Row, private: bytes, device: bytes) -> Opened:
        cookie, name, now = new_key(), secrets.token_hex(12), self._office.clock()
        if not device:
            device = new_key()
            connection.execute(insert(devices).values(digest=digest(device), account=row.id))
        connection.execute(
            insert(desk_sessions).values(
                digest=digest(cookie), public_id=name, account=row.id, csrf=secrets.token_urlsafe(24),
                private=wrap(derive(cookie, "desk"), private, f"sidedoor/1/session/{name}"),
                since=rounded(now), last=rounded(now),
            )
        )  # fmt: skip
        note(connection, now, row.id, "signed in")
        return Opened(cookie, device, first=not row.totp_seen or bool(row.must_change))
