"""A handoff desk for tests: a real database file, real sealing, a clock that can be turned."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp

from bot.handoff import accounts as book
from bot.handoff.code import Codes
from bot.handoff.decisions import Decisions
from bot.handoff.desk import Desk
from bot.handoff.desk_parts import Seat
from bot.handoff.events import Events
from bot.handoff.office import Office
from bot.handoff.opening import Opening
from bot.handoff.outgoing import Outgoing
from bot.handoff.presence import Presence
from bot.handoff.sign_in import SignIn
from bot.handoff.young import YoungPerson
from bot.house import Handoff
from bot.safety.concern import Concern
from bot.service import day_and_night, load_service
from bot.signposts.directory import load_directory
from bot.store.database import Database, sqlite_url
from bot.store.service_key import load_or_create

START = 1_790_000_000.0  # 2026-09-21


@dataclass
class Hand:
    """The hand on the clock."""

    at: float = START

    def __call__(self) -> float:
        return self.at

    def turn(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class TestDesk:
    """Everything of one desk."""

    __test__ = False

    folder: Path
    url: str = ""
    clock: Any = field(default_factory=Hand)
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        db = Database(self.url or sqlite_url(self.folder / "var"))
        service = load_or_create(self.folder / "keys" / "service.key")
        self.office = Office(db, service, Presence(self.clock), Events(), self.clock)
        self.young, self.codes = YoungPerson(self.office), Codes(self.office)
        self.desk = Desk(self.office, Outgoing(load_directory()))
        self.decisions, self.sign_in = Decisions(self.office), SignIn(self.office)
        self.codes_used: dict[str, Any] = {}

    def account(self, login: str, role: str = "counsellor", name: str = "") -> tuple[str, str]:
        """Add an account and go through its first sign-in; return its passphrase and code app's secret."""
        with self.office.db.change() as connection:
            given = book.add(connection, self.office.service, self.clock(), login, name or login.title(), role, "test")
        opened = self.sign_in.sign_in(login, given.passphrase, "")
        session = self.sign_in.find(opened.cookie)
        secret = pyotp.parse_uri(self.sign_in.secret_for_app(session.seat)).secret
        passphrase = f"{login} has a long passphrase"
        self.sign_in.finish_first(session.seat, passphrase, pyotp.TOTP(secret).at(int(self.clock())))
        return passphrase, secret

    def seat(self, login: str, role: str = "counsellor", on_duty: bool = True) -> Seat:
        """Somebody signed in and (unless told otherwise) on duty."""
        passphrase, secret = self.account(login, role)
        self.clock.turn(60)
        opened = self.sign_in.sign_in(login, passphrase, pyotp.TOTP(secret).at(int(self.clock())))
        seat = self.sign_in.find(opened.cookie).seat
        if on_duty:
            self.office.presence.beat(seat.account, role, True)
        return seat

    def parts(self) -> Handoff:
        """The same parts as the server uses, with the desk open day and night."""
        opening = Opening(self.office, day_and_night(load_service()))
        return Handoff(self.office, opening, self.young, self.codes, self.desk, self.decisions, self.sign_in)

    def beat(self, *seats: Seat) -> None:
        for seat in seats:
            self.office.presence.beat(seat.account, seat.role, True)

    def card(self, text: str = "someone at the gym keeps asking me things", concern: Concern = Concern.WORRY) -> str:
        """Send a card with one own line; return the token."""
        lines = [{"kind": "topic", "text": "Someone is giving me things"}, {"kind": "own", "text": text}]
        return self.young.send(lines, concern, "wording-1", ["worry_gifts"], "web")

    def talk(self, seat: Seat, concern: Concern = Concern.WORRY) -> tuple[str, str]:
        """A card sent and taken by `seat`; return token and the room's id."""
        token = self.card(concern=concern)
        name = self.desk.waiting(seat)[-1]["id"]
        self.desk.claim(seat, name)
        return token, name
