"""Put the parts together: the one place where the whole house is built."""

from __future__ import annotations

from bot.agent.runner import RasaAgent
from bot.content import read_yaml
from bot.memory import Conversations
from bot.paths import DATA
from bot.replies import load_words
from bot.safety.concern import ConcernTable
from bot.service import load_service
from bot.settings import Settings
from bot.turn import Turns


def concern_table() -> ConcernTable:
    """The reviewed table of `data/concern.yml`."""
    return ConcernTable.from_data(read_yaml(DATA / "concern.yml"))


def build(settings: Settings) -> tuple[RasaAgent, Turns]:
    """Return the agent (still to be loaded) and the turns that use it."""
    agent = RasaAgent()
    conversations = Conversations(
        forget=agent.forget, at_most=settings.conversations, forget_after=settings.forget_after_minutes * 60.0
    )
    return agent, Turns(agent, load_words(), concern_table(), conversations, withdrawn=load_service().withdrawn)
