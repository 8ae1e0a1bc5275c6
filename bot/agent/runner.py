"""Rasa in a thread of its own, so that its work never freezes a page, an event or another person."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.agent.quiet import keep_rasa_quiet
from bot.errors import AgentNotReady, ModelError
from bot.replies import Reply, buttons_of
from bot.safety.heard import Heard, Levels

T = TypeVar("T")

# Must be heard right at start: a broken classifier file would otherwise answer everybody wrongly.
_KNOWN = ("he keeps asking me to send him pictures", "worry_image_request")


class RasaAgent:
    """Hears messages and answers turns. Load it once; use it from any event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rasa", daemon=True)
        self._thread.start()
        self._agent: Any = None
        self._memory: Any = None
        self._channel: Any = None

    @property
    def ready(self) -> bool:
        """True once the model is loaded and has passed its self-check."""
        return self._agent is not None

    async def load(self, model: Path) -> None:
        """Load the model. Raises ModelError when there is none or it does not hear a known sentence."""
        await self._there(self._load(model))

    async def hear(self, text: str) -> Heard:
        """Recognise one message."""
        return await self._there(self._hear(text))

    async def answer(
        self, conversation: str, text: str, topic: str, entities: dict[str, str], notes: dict[str, Any]
    ) -> tuple[list[Reply], str | None]:
        """Answer one turn as `topic`; return the replies and the question now open, if any."""
        return await self._there(self._answer(conversation, text, topic, entities, notes))

    def forget(self, conversation: str) -> None:
        """Forget a conversation's tracker."""
        if self._memory is not None:
            self._loop.call_soon_threadsafe(self._memory.forget, conversation)

    def close(self) -> None:
        """Stop the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _load(self, model: Path) -> None:
        keep_rasa_quiet()
        from rasa.core.agent import Agent

        from bot.agent.for_this_reader import ForThisReader
        from bot.agent.house_actions import house_actions
        from bot.agent.in_process_actions import InProcessActions
        from bot.agent.spoken import Spoken
        from bot.agent.swift import trust_our_own_actions
        from bot.agent.tracker_memory import TrackerMemory

        trust_our_own_actions()
        try:
            agent = Agent.load(str(model), action_endpoint=InProcessActions(house_actions()))
        except Exception as error:
            raise ModelError(
                f"The model {model.name} cannot be loaded ({type(error).__name__}). Run: uv run bot train --force"
            ) from None
        if not agent.is_ready():
            raise ModelError(f"There is no model at {model}. Run: uv run bot train")
        keep_rasa_quiet()
        memory = TrackerMemory(agent.domain)
        agent.tracker_store = agent.processor.tracker_store = memory
        agent.nlg = agent.processor.nlg = ForThisReader(agent.domain.responses)
        self._channel, self._memory = Spoken, memory
        known = _heard(await agent.parse_message(_KNOWN[0]))
        if known.topic != _KNOWN[1]:
            raise ModelError("The model does not hear a known sentence right. Run: uv run bot train --force")
        self._agent = agent

    async def _hear(self, text: str) -> Heard:
        return _heard(await self._here().parse_message(text))

    async def _answer(
        self, conversation: str, text: str, topic: str, entities: dict[str, str], notes: dict[str, Any]
    ) -> tuple[list[Reply], str | None]:
        from rasa.core.channels.channel import UserMessage

        channel = self._channel()
        parsed = {
            "text": text,
            "intent": {"name": topic, "confidence": 1.0},
            "intent_ranking": [],
            "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities.items()],
        }
        message = UserMessage(text, channel, conversation, parse_data=parsed, metadata=notes)
        await self._here().handle_message(message)
        replies = [Reply(said.get("text") or "", buttons_of(said), said.get("utter_action", "")) for said in channel.said]
        return [reply for reply in replies if reply.text], self._memory.close_stage(conversation)

    def _here(self) -> Any:
        if self._agent is None:
            raise AgentNotReady("Rasa is still loading.")
        return self._agent


def _heard(parsed: dict[str, Any]) -> Heard:
    ranking = _pairs(parsed.get("intent_ranking"))
    levels = parsed.get("levels")
    return Heard(
        ranking=ranking or (("nlu_fallback", 1.0),),
        signals=frozenset(parsed.get("signals") or ()),
        other_language=bool(parsed.get("other_language")),
        words=len(str(parsed.get("text") or "").split()),
        there=_pairs(parsed.get("topics")),
        levels=Levels(*levels) if levels else None,
    )


def _pairs(ranked: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((rank["name"], float(rank["confidence"])) for rank in ranked or ())
