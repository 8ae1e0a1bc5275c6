"""One turn, whole: guard → recognise once → screen → Rasa → replies. No turn ends without words."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.answering import Fitting, danger_kind, without_withdrawn, wording
from bot.errors import AgentNotReady, UnknownButton
from bot.guard import guard
from bot.handoff.in_hand import MESSAGE, OWN_LINE, Step
from bot.handoff.steps import PREFIX, Steps
from bot.hearing import hear
from bot.memory import Conversation, Conversations
from bot.replies import SAFE_REPLY, Reply, Words
from bot.safety.age import band_told, only_an_age
from bot.safety.concern import Concern, ConcernTable
from bot.safety.heard import Heard, is_worry, tapped
from bot.safety.screen import DANGER, OTHER_LANGUAGE, UNSURE, Screened, screen

log = logging.getLogger(__name__)

PATIENCE = 15.0  # seconds before a turn gives the safe reply instead
CHOOSE_WORDS = "choose_words"
_PAYLOAD = re.compile(r"^(?P<topic>[a-z_]+)(?P<entities>\{.*\})?$")
# Responses whose buttons always work, even from a chat that has been forgotten.
_DOORS = ("utter_opening", "utter_which_adult", "utter_unknown_button", "utter_safe_reply", "utter_no_words", "utter_no_pictures")


class Recogniser(Protocol):
    """What a turn needs of Rasa."""

    async def hear(self, text: str) -> Heard:
        """Recognise one message."""

    async def answer(
        self, conversation: str, text: str, topic: str, entities: dict[str, str], notes: dict[str, Any]
    ) -> tuple[list[Reply], str | None]:
        """Answer it; return the replies and the question now open."""


@dataclass(frozen=True)
class Answer:
    """What one turn gives back. `concern` is the level held for the whole conversation."""

    replies: tuple[Reply, ...]
    concern: Concern
    topic: str | None = None
    topics: tuple[str, ...] = ()
    step: Step | None = None


class Turns:
    """Takes whatever was typed or tapped and always answers."""

    def __init__(
        self,
        agent: Recogniser,
        words: Words,
        table: ConcernTable,
        conversations: Conversations,
        patience: float = PATIENCE,
        withdrawn: frozenset[str] = frozenset(),
        handoff: Steps | None = None,
    ) -> None:
        self._agent = agent
        self._words = words
        self._withdrawn = withdrawn
        self._handoff = handoff
        self._table = table
        self._patience = patience
        self._doors = {button.payload for name in _DOORS for button in words.reply(name).buttons}
        # The two buttons that are always there in a talk.
        self._doors |= {f"{PREFIX}wrong", f"{PREFIX}end"} if handoff else set()
        self.conversations = conversations

    def open(self, conversation_id: str | None = None) -> tuple[Conversation, Answer]:
        """Start a conversation with the opening words; Rasa is not needed for it."""
        conversation = self.conversations.open(conversation_id)
        return conversation, self._fixed(conversation, "utter_opening")

    async def say(self, conversation: Conversation, message: object, key: str = "") -> Answer:
        """Answer a typed message, or pass it on while a counsellor holds the conversation. Never raises but for cancellation.

        `key` makes a message to a counsellor that is sent twice one message.
        """
        if self.is_held(conversation) and isinstance(message, str):
            return await self._kindly(conversation, self._relayed(conversation, message, key))
        guarded = guard(message)
        if guarded.instead:
            return self._fixed(conversation, guarded.instead)
        answer = await self._kindly(conversation, self._typed(conversation, guarded.text))
        if guarded.also:
            also = self._words.reply(guarded.also)
            urgent = answer.topic in ("risk_immediate_danger", "risk_suicide")
            replies = (*answer.replies, also) if urgent else (replace(also, buttons=()), *answer.replies)
            answer = replace(answer, replies=replies)
        return answer

    async def tap(self, conversation: Conversation, payload: object, said: tuple[str, ...] = ()) -> Answer:
        """Answer a tapped button. A button nobody offered here gets a kind reply.

        `said` is what they typed so far, which only their own page knows: for the choice to add it to a card.
        """
        try:
            topic, entities = self._offered(conversation, payload)
        except UnknownButton:
            return self._fixed(conversation, "utter_unknown_button")
        if self._handoff and topic.startswith(PREFIX):
            return await self._kindly(
                conversation, self._step(conversation, self._handoff.tap(conversation, topic, entities, said))
            )
        return await self._kindly(conversation, self._tapped(conversation, topic, entities))

    async def leave(self, conversation: Conversation) -> None:
        """Forget a conversation now; what a counsellor has of it ends on this side too."""
        if self._handoff and conversation.hand:
            await self._handoff.leave(conversation)
        self.conversations.leave(conversation.id)

    async def is_urgent(self, conversation: Conversation, message: object) -> bool:
        """True when this message is about danger now, so that nobody waits for a second one.

        Never raises: when it cannot tell, nobody waits either.
        """
        guarded = guard(message)
        if guarded.instead:
            return False
        try:
            heard = await asyncio.wait_for(self._agent.hear(guarded.text), self._patience)
        except Exception as error:
            log.error("Asking whether it is urgent failed with %s", type(error).__name__)
            return True
        return screen(heard, self._table, conversation.asked, conversation.doubted).concern is Concern.IMMEDIATE

    def is_held(self, conversation: Conversation) -> bool:
        """Whether a card is with a counsellor: the bot is silent, and nothing typed waits for a second piece."""
        return bool(self._handoff and conversation.hand and conversation.hand.token)

    async def _relayed(self, conversation: Conversation, text: str, key: str) -> Answer:
        """Pass it on; the bot answers only while they still wait. The safety screen listens, and adds 999 where it must."""
        assert self._handoff is not None
        concern = await self._concern_of(text)
        conversation.concern = max(conversation.concern, concern)
        step = await self._handoff.relay(conversation, key, text, concern)
        if step is not None:
            return self._taken(conversation, step)
        guarded = guard(text)
        if guarded.instead:
            return self._fixed(conversation, guarded.instead)
        return await self._typed(conversation, guarded.text)

    async def _concern_of(self, text: str) -> Concern:
        """What the screen hears in words for a counsellor; what cannot be heard now is passed on all the same."""
        try:
            # Well before the turn's own patience: a listener that hangs must not keep words from a person.
            heard = await asyncio.wait_for(self._agent.hear(text[:2_000]), self._patience / 3)
            return screen(heard, self._table).concern
        except Exception as error:
            log.error("Listening to a talk failed with %s", type(error).__name__)
            return Concern.INFO

    async def _step(self, conversation: Conversation, work: Awaitable[Step]) -> Answer:
        return self._taken(conversation, await work)

    def _taken(self, conversation: Conversation, step: Step) -> Answer:
        """The answer of one step of the handoff; its buttons count as offered here."""
        answer = self._given(conversation, step.replies, None)
        for line in step.card or ():
            conversation.offered |= {line.toggle, *(payload for _, payload in line.hidden)}
        return replace(answer, step=step)

    async def _typed_step(self, conversation: Conversation, meaning: str, text: str) -> Answer:
        """A typed step of the handoff. Words of their own go through the safety screen first; a code is no message."""
        assert self._handoff is not None
        concern = Concern.INFO
        if meaning in (OWN_LINE, MESSAGE):
            heard = await hear(self._agent, text, conversation.recent)
            screened = screen(heard, self._table, conversation.asked, conversation.doubted)
            self._remember(conversation, text, heard, screened)
            concern = screened.concern
            if concern is Concern.IMMEDIATE and meaning == OWN_LINE:
                return await self._answer(conversation, text, screened, {}, heard)
        return await self._step(conversation, self._handoff.typed(conversation, meaning, text, concern))

    async def _typed(self, conversation: Conversation, text: str) -> Answer:
        if self._handoff and (meaning := self._handoff.meaning(conversation, text)):
            return await self._typed_step(conversation, meaning, text)
        band = only_an_age(text) or band_told(text)
        conversation.band = band or conversation.band
        if only_an_age(text):
            return await self._tapped(conversation, CHOOSE_WORDS, {"band": str(band)})
        heard = await hear(self._agent, text, conversation.recent)
        screened = screen(heard, self._table, conversation.asked, conversation.doubted)
        self._remember(conversation, text, heard, screened)
        if screened.topic == OTHER_LANGUAGE:
            return self._fixed(conversation, "utter_other_language", screened)
        return await self._answer(conversation, text, screened, {}, heard)

    async def _tapped(self, conversation: Conversation, topic: str, entities: dict[str, str]) -> Answer:
        asked = {"safe": "asked_safe", "suicide": "asked_suicide"}.get(entities.get("answer", "").split("_")[0])
        screened = screen(tapped(topic), self._table, asked)
        conversation.concern = max(conversation.concern, screened.concern)
        if topic == UNSURE and conversation.last == DANGER:
            conversation.doubted = True  # "that's not what I meant": the danger words do not come again by a guess
        if entities.get("band"):
            conversation.band = None if entities["band"] == "unsaid" else entities["band"]
        if entities.get("easy"):
            conversation.easy = entities["easy"] == "yes"
        return await self._answer(conversation, f"/{topic}", screened, entities, tapped(topic))

    async def _answer(
        self, conversation: Conversation, text: str, screened: Screened, entities: dict[str, str], heard: Heard
    ) -> Answer:
        reader = wording(conversation)
        notes = {
            "concern": screened.concern.word,
            "held": conversation.concern.word,
            "likely": list(conversation.likely),
            "band": conversation.band,
            "put_off": screened.put_off,
            "danger": danger_kind(heard),
            "wording": reader,
            "may_ask_age": conversation.band is None and not conversation.age_asked and bool(conversation.answered),
        }
        replies, asked = await self._agent.answer(conversation.id, text, screened.topic, entities, notes)
        conversation.asked = asked if asked in ("asked_safe", "asked_suicide") else None
        fit = Fitting(self._words, conversation, screened, heard.signals)
        fitted = fit(tuple(replies) or (self._words.reply(SAFE_REPLY, reader),))
        answer = self._given(conversation, fitted, screened)
        self._note_answered(conversation, screened, answer)
        return self._with_offer(conversation, screened, answer)

    def _with_offer(self, conversation: Conversation, screened: Screened, answer: Answer) -> Answer:
        """Offer a counsellor after the answer, where there is one. Danger now gets 999 and nothing beside it."""
        if not self._handoff or screened.concern is Concern.IMMEDIATE:
            return answer
        offered = self._handoff.offer(conversation, screened.topic)
        if not offered:
            return answer
        kept = tuple(reply for reply in answer.replies if reply.response != "utter_ask_for_human")
        return replace(answer, replies=self._given(conversation, (*kept, *offered), screened).replies)

    @staticmethod
    def _note_answered(conversation: Conversation, screened: Screened, answer: Answer) -> None:
        conversation.last = screened.topic
        if is_worry(screened.topic):
            conversation.answered.add(screened.topic)
        if any(reply.response == "utter_ask_band" for reply in answer.replies):
            conversation.age_asked = True

    async def _kindly(self, conversation: Conversation, work: Any) -> Answer:
        """Run a turn; whatever fails, say something kind and true. Only the error's class is logged."""
        try:
            async with conversation.lock:
                conversation.turns += 1
                answer: Answer = await asyncio.wait_for(work, self._patience)
                return answer
        except AgentNotReady:
            work.close()
            return self._fixed(conversation, "utter_one_moment")
        except Exception as error:
            log.error("A turn failed with %s", type(error).__name__)
            return self._fixed(conversation, SAFE_REPLY)
        finally:
            self.conversations.settle(conversation.id)

    def _remember(self, conversation: Conversation, text: str, heard: Heard, screened: Screened) -> None:
        conversation.concern = max(conversation.concern, screened.concern)
        conversation.recent = conversation.recent.after(text, heard)
        conversation.likely = tuple(topic for topic, _ in heard.ranking if is_worry(topic))[:4]
        if "under_13" in heard.signals and conversation.band is None:
            conversation.band = "under_13"

    def _offered(self, conversation: Conversation, payload: object) -> tuple[str, dict[str, str]]:
        found = _PAYLOAD.match(payload) if isinstance(payload, str) and payload in (conversation.offered | self._doors) else None
        if not found:
            raise UnknownButton("This button was not offered in this conversation.")
        return found["topic"], json.loads(found["entities"] or "{}")

    def _fixed(self, conversation: Conversation, response: str, screened: Screened | None = None) -> Answer:
        return self._given(conversation, (self._words.reply(response, wording(conversation)),), screened)

    def _given(self, conversation: Conversation, replies: tuple[Reply, ...], screened: Screened | None) -> Answer:
        replies = without_withdrawn(replies, self._withdrawn, self._words)
        conversation.offered |= {button.payload for reply in replies for button in reply.buttons}
        if screened is None:
            return Answer(replies, conversation.concern)
        return Answer(replies, conversation.concern, screened.topic, screened.topics)
