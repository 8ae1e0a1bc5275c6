"""Put the parts together: the one place where the whole house is built."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.agent.runner import RasaAgent
from bot.content import read_yaml
from bot.handoff.code import Codes
from bot.handoff.decisions import Decisions
from bot.handoff.desk import Desk
from bot.handoff.office import Office
from bot.handoff.opening import Opening
from bot.handoff.outgoing import Outgoing
from bot.handoff.sign_in import SignIn
from bot.handoff.steps import Steps
from bot.handoff.young import YoungPerson
from bot.memory import Conversations
from bot.paths import DATA, ROOT
from bot.replies import load_words
from bot.safety.concern import ConcernTable
from bot.service import Service, load_service
from bot.settings import Settings
from bot.signposts.directory import load_directory
from bot.store.database import Database, sqlite_url
from bot.store.service_key import load_or_create
from bot.turn import Turns


def concern_table() -> ConcernTable:
    """The reviewed table of `data/concern.yml`."""
    return ConcernTable.from_data(read_yaml(DATA / "concern.yml"))


@dataclass(frozen=True)
class Handoff:
    """Both sides of the handoff, over one office."""

    office: Office
    opening: Opening
    young: YoungPerson
    codes: Codes
    desk: Desk
    decisions: Decisions
    sign_in: SignIn

    def steps(self) -> Steps:
        """The young person's steps."""
        return Steps(self.young, self.codes, self.opening, load_words())


def open_office(settings: Settings) -> Office:
    """Open the database and the service key. Raises StoreError or ServiceKeyError saying what stands in the way."""
    key = Path(settings.key_file or ROOT / "keys" / "service.key")
    return Office(Database(settings.database or sqlite_url(ROOT / "var")), load_or_create(key))


def build_handoff(settings: Settings, service: Service) -> Handoff:
    """Everything of the handoff. Raises StoreError or ServiceKeyError."""
    office = open_office(settings)
    return Handoff(
        office, Opening(office, service), YoungPerson(office), Codes(office), Desk(office, Outgoing(load_directory())),
        Decisions(office), SignIn(office),
    )  # fmt: skip


def build(settings: Settings, handoff: Handoff | None = None) -> tuple[RasaAgent, Turns]:
    """Return the agent (still to be loaded) and the turns that use it."""
    agent = RasaAgent()
    conversations = Conversations(
        forget=agent.forget, at_most=settings.conversations, forget_after=settings.forget_after_minutes * 60.0
    )
    steps = handoff.steps() if handoff else None
    return agent, Turns(agent, load_words(), concern_table(), conversations, withdrawn=load_service().withdrawn, handoff=steps)
