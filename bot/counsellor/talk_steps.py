"""The steps of talking, waiting, deciding and overseeing: what the page sends in, what it gets back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.content import read_yaml
from bot.handoff.alarms import open_alarms, see_to
from bot.handoff.card import card_words
from bot.handoff.decisions import CHOICES, Decision
from bot.handoff.desk import OUTCOMES
from bot.handoff.desk_parts import Seat
from bot.handoff.events import DESK
from bot.handoff.presence import COUNSELLOR, SUPERVISOR
from bot.handoff.sign_in import Session
from bot.handoff.states import KEEPING
from bot.house import Handoff
from bot.paths import DATA
from bot.signposts.directory import load_directory
from bot.store.audit import rows

Handler = Callable[["Asked"], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Asked:
    """One step asked for: by whom, and what the page sent. Words of people are in no `repr`."""

    session: Session
    said: dict[str, Any] = field(repr=False)

    @property
    def seat(self) -> Seat:
        """Who asks."""
        return self.session.seat

    def text(self, name: str) -> str:
        """A text the page sent. Raises ValueError when it sent none."""
        value = self.said[name]
        if not isinstance(value, str) or len(value) > 5_000:
            raise ValueError(name)
        return value


class TalkSteps:
    """Everything around talks."""

    def __init__(self, handoff: Handoff) -> None:
        self._handoff, self._desk, self._office = handoff, handoff.desk, handoff.office
        self._asked_back: dict[str, str] = {}  # session -> what its next heartbeat must bring back

    def handlers(self) -> dict[str, Handler]:
        """Step name -> handler."""
        return {
            "me": self.me, "beat": self.beat, "look": self.look, "open": self.open, "say": self.say, "typing": self.typing,
            "claim": self.claim, "note": self.note, "offer-bot": self.offer_bot, "transfer": self.transfer, "join": self.join,
            "close": self.close, "ask-supervisor": self.ask, "answer-left": self.answer_left, "decide": self.decide,
            "confirm": self.confirm, "see-to": self.see_to, "side-notes": self.side_notes, "reply-side": self.reply_side,
            "audit": self.audit,
        }  # fmt: skip

    async def me(self, asked: Asked) -> dict[str, Any]:
        """Who I am, my CSRF token, and the fixed lists the page needs."""
        services = load_directory().services.values()
        return {
            "name": asked.seat.name,
            "role": asked.seat.role,
            "login": asked.session.login,
            "csrf": asked.session.csrf,
            "first": asked.session.first,
            "on_duty": self._office.presence.is_on_duty(asked.seat.account),
            "topics": dict(card_words().topics),
            "outcomes": OUTCOMES,
            "choices": CHOICES,
            "phrases": read_yaml(DATA / "phrases" / "desk.yml")["phrases"],
            "practice": read_yaml(DATA / "phrases" / "practice.yml")["callers"],
            "signposts": [_signpost(service) for service in services if any(contact.href for contact in service.contacts)],
            "keeping": {state: kept.until for state, kept in KEEPING.items()},
        }

    async def beat(self, asked: Asked) -> dict[str, Any]:
        """A sign of life; nobody goes off duty with an open talk.

        It counts only when it brings back what we answered to the last one: a line that only sends is no sign of life.
        """
        wants, seat = bool(asked.said.get("on_duty")), asked.seat
        if seat.role not in (COUNSELLOR, SUPERVISOR):
            return {"on_duty": False, "open": 0}
        with self._office.db.read() as connection:
            talks = self._office.chats_of(connection, seat.account)
        was, session = self._office.presence.is_on_duty(seat.account), asked.session.id
        if asked.said.get("back") == self._asked_back.get(session) or not was:
            self._office.presence.beat(seat.account, seat.role, wants or bool(talks))
        if was != wants:
            self._office.events.changed(DESK)
        self._asked_back[session] = secrets.token_hex(8)
        return {"on_duty": wants or bool(talks), "open": talks, "bring_back": self._asked_back[session]}

    async def look(self, asked: Asked) -> dict[str, Any]:
        """Everything on the desk at a glance; no words but those on cards."""
        return await asyncio.to_thread(self._look, asked.seat)

    def _look(self, seat: Seat) -> dict[str, Any]:
        on_duty = self._office.presence.on_duty()
        seen: dict[str, Any] = {
            "waiting": self._desk.waiting(seat),
            "mine": self._desk.mine(seat),
            "left": self._desk.left_messages(seat),
            "staffed": self._office.is_staffed(),
            "open": self._handoff.opening.is_open(),
            "colleagues": self._desk.colleagues(seat, on_duty),
        }
        if seat.role == SUPERVISOR:
            with self._office.db.read() as connection:
                seen["alarms"] = open_alarms(connection)
            seen["decisions"] = self._handoff.decisions.open_ones(seat)
        return seen

    async def open(self, asked: Asked) -> dict[str, Any]:
        """One talk, from number `after` on."""
        found = await asyncio.to_thread(self._desk.open, asked.seat, asked.text("id"), int(asked.said.get("after", 0)))
        return {**found, "items": [asdict(item) for item in found["items"]]}

    async def say(self, asked: Asked) -> dict[str, Any]:
        """Say something; the number it got comes back only once it is kept."""
        confirmed = asked.said.get("confirmed") is True
        said = (asked.seat, asked.text("id"), asked.text("key"), asked.text("text"), confirmed)
        return {"seq": await asyncio.to_thread(self._desk.say, *said)}

    async def typing(self, asked: Asked) -> dict[str, Any]:
        """Typing."""
        await asyncio.to_thread(self._desk.types, asked.seat, asked.text("id"))
        return {}

    async def claim(self, asked: Asked) -> dict[str, Any]:
        """Take somebody."""
        await asyncio.to_thread(self._desk.claim, asked.seat, asked.text("id"))
        return {}

    async def note(self, asked: Asked) -> dict[str, Any]:
        """Propose a note to keep."""
        await asyncio.to_thread(self._desk.propose_note, asked.seat, asked.text("id"), asked.text("text"))
        return {}

    async def offer_bot(self, asked: Asked) -> dict[str, Any]:
        """Offer to go back to the bot."""
        await asyncio.to_thread(self._desk.offer_bot, asked.seat, asked.text("id"))
        return {}

    async def transfer(self, asked: Asked) -> dict[str, Any]:
        """Hand a talk on."""
        await asyncio.to_thread(self._desk.transfer, asked.seat, asked.text("id"), asked.text("to"))
        return {}

    async def join(self, asked: Asked) -> dict[str, Any]:
        """Join visibly."""
        await asyncio.to_thread(self._desk.join, asked.seat, asked.text("id"))
        return {}

    async def close(self, asked: Asked) -> dict[str, Any]:
        """End a talk."""
        await asyncio.to_thread(self._desk.close, asked.seat, asked.text("id"), asked.text("outcome"))
        return {}

    async def ask(self, asked: Asked) -> dict[str, Any]:
        """Ask a supervisor."""
        await asyncio.to_thread(self._desk.ask_supervisor, asked.seat, asked.text("id"), asked.text("text"))
        return {}

    async def answer_left(self, asked: Asked) -> dict[str, Any]:
        """Answer a left message."""
        confirmed = asked.said.get("confirmed") is True
        await asyncio.to_thread(self._desk.answer_left, asked.seat, asked.text("id"), asked.text("text"), confirmed)
        return {}

    async def decide(self, asked: Asked) -> dict[str, Any]:
        """Record a decision about a report."""
        fields = {name: asked.text(name) for name in (*CHOICES, "reference")}
        decision = Decision(needed=asked.said["needed"] is True, learned=float(asked.said["learned"]), **fields)
        await asyncio.to_thread(self._handoff.decisions.record, asked.seat, asked.text("id"), decision)
        return {}

    async def confirm(self, asked: Asked) -> dict[str, Any]:
        """Confirm somebody else's decision."""
        await asyncio.to_thread(self._handoff.decisions.confirm, asked.seat, asked.text("id"))
        return {}

    async def see_to(self, asked: Asked) -> dict[str, Any]:
        """An alarm is seen to."""
        with self._office.db.change() as connection:
            see_to(connection, asked.text("id"), asked.seat.account)
        self._office.events.changed(DESK)
        return {}

    async def side_notes(self, asked: Asked) -> dict[str, Any]:
        """Private lines between the desk's people, for this reader."""
        return {"notes": await asyncio.to_thread(self._desk.side_notes, asked.seat)}

    async def reply_side(self, asked: Asked) -> dict[str, Any]:
        """A supervisor answers a private line."""
        await asyncio.to_thread(self._desk.reply_side, asked.seat, asked.text("id"), asked.text("text"))
        return {}

    async def audit(self, asked: Asked) -> dict[str, Any]:
        """Who did what and when; no content."""
        with self._office.db.read() as connection:
            return {"rows": rows(connection)}


def _signpost(service: Any) -> dict[str, str]:
    first = next(contact for contact in service.contacts if contact.href)
    return {"name": service.name, "what": service.what, "contact": first.value}
