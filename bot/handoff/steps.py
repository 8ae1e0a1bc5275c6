"""The steps of a handoff as a young person takes them: taps and typed words in, reviewed words out.

Web page and Telegram use these same steps. Nothing here knows HTTP. Whatever fails says so kindly, and bot, helplines and
999 go on.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from bot.errors import HandoffError, StoreError
from bot.handoff.card import Card
from bot.handoff.card_steps import CardSteps
from bot.handoff.code_steps import CodeSteps
from bot.handoff.in_hand import CODE_WORDS, MESSAGE, ON_CARD, OWN_LINE, Step, hand_of
from bot.handoff.wait_steps import WaitSteps
from bot.memory import Conversation
from bot.replies import Reply
from bot.safety.concern import Concern
from bot.safety.heard import is_worry

log = logging.getLogger(__name__)

PREFIX = "handoff_"
# What can be tapped: the name after "handoff_", and the method that takes it.
STEPS = {
    "card": "_show_card",
    "line": "_toggle",
    "wish": "_wish",
    "own": "_own",
    "change": "_change",
    "put_back": "_put_back",
    "put_back_yes": "_put_back_yes",
    "got_it": "_got_it",
    "again": "_again",
    "send": "_send",
    "not_now": "_not_now",
    "withdraw": "_withdraw",
    "out": "_out",
    "in": "_back_in",
    "practise": "_practise",
    "wrong": "_wrong",
    "end": "_end",
    "stay": "_stay",
    "keep": "_keep",
    "code_kept": "_code_kept",
    "message": "_message",
    "message_check": "_message_check",
    "message_send": "_message_send",
    "code": "_code",
    "read": "_read",
    "forget": "_forget",
    "stay_left": "_stay_left",
}
# What somebody may type instead of tapping, while the card is on the screen.
_TYPED = {
    "send": r"(?:yes |ok |just )?send(?: it| this)?(?: now)?",
    "change": r"change(?: it)?|edit(?: it)?",
    "not_now": r"not now|no|no thanks?|nah|cancel|stop|dont send(?: it)?",
    "got_it": r"i get it|got it|i understand",
    "again": r"tell me again|again|explain",
    "own": r"add (?:my own|a|my) line",
}
_HAS_CODE = re.compile(
    r"(?:hi |hello |hey )?(?:ive|i have|i got|ive got|i was given|use|enter|type) (?:a|my|the)? ?(?:return )?code"
)
_NUMBER = re.compile(r"(?:line )?(\d{1,2})")


class Steps(CardSteps, WaitSteps, CodeSteps):
    """All steps, for one service."""

    def offer(self, conversation: Conversation, topic: str) -> tuple[Reply, ...]:
        """The offer to add after an answer, once in a conversation and whenever a person is asked for; else nothing."""
        asked = topic == "ask_for_human"
        hand = hand_of(conversation)
        if not self._opening.has_desk or not (asked or (is_worry(topic) and conversation.concern >= Concern.WORRY)):
            return ()
        try:
            if self._has_talk(hand):
                return ()
        except StoreError:
            return (self._reply(conversation, "utter_handoff_broken"),) if asked else ()
        if not self._opening.serves(conversation):
            return (self._reply(conversation, "utter_handoff_not_for_adults"),) if asked else ()
        if asked:
            return (self._open_or_closed(conversation),)
        if hand.offered or not self._opening.is_open():
            return ()
        hand.offered = True
        return (self._reply(conversation, "utter_handoff_offer"),)

    async def tap(self, conversation: Conversation, payload: str, entities: dict[str, str], said: tuple[str, ...] = ()) -> Step:
        """Take one tapped step. Never raises."""
        name = payload.removeprefix(PREFIX)
        if name == "chat":
            return await self._kindly(conversation, self._chat(conversation, said))
        if name not in STEPS:
            return self._said(conversation, "utter_handoff_gone")
        take: Callable[[Conversation, dict[str, str]], Awaitable[Step]] = getattr(self, STEPS[name])
        return await self._kindly(conversation, take(conversation, entities))

    def meaning(self, conversation: Conversation, text: str) -> str | None:
        """What a typed message means here: a step's name, OWN_LINE, MESSAGE or CODE_WORDS; None: it is for the bot."""
        hand = hand_of(conversation)
        if hand.typing in (OWN_LINE, MESSAGE, CODE_WORDS):
            return hand.typing
        plain = re.sub(r"[^\w ]", "", text.lower()).strip()
        if self._opening.has_desk and _HAS_CODE.fullmatch(plain):
            return "code"
        if hand.typing == ON_CARD and hand.fresh_card():
            if found := next((step for step, pattern in _TYPED.items() if re.fullmatch(pattern, plain)), None):
                return found
            numbered = _NUMBER.fullmatch(plain)
            # A number that no line has may be an age, and is for the bot.
            if numbered and self._numbered(hand, int(numbered[1])):
                return f"line {numbered[1]}"
        return None

    async def typed(self, conversation: Conversation, meaning: str, text: str, concern: Concern) -> Step:
        """Take one typed step, whose text has been through the safety screen (`concern`). Never raises."""
        hand = hand_of(conversation)
        if meaning == OWN_LINE:
            hand.show((hand.card or Card()).with_own(text))
            return self._card_step(conversation)
        if meaning == MESSAGE:
            return self._written(conversation, text, concern)
        if meaning == CODE_WORDS:
            return await self._kindly(conversation, self._come_back(conversation, text))
        if meaning.startswith("line "):
            return await self.tap(conversation, "handoff_line", {"line": self._numbered(hand, int(meaning[5:]))})
        return await self.tap(conversation, f"handoff_{meaning}", {})

    async def relay(self, conversation: Conversation, key: str, text: str, concern: Concern) -> Step | None:
        """Pass a message on to the counsellor; None while nobody has taken the card yet. Never raises.

        The bot says nothing, but for 999 where danger is heard.
        """
        try:
            seq = await asyncio.to_thread(self._young.say, hand_of(conversation).token or "", key, text, concern)
        except HandoffError as error:
            return None if error.reason in ("not_talking", "empty") else self._refused(conversation, error)
        except StoreError as error:
            log.error("A message of a talk failed with %s", type(error).__name__)
            return self._said(conversation, "utter_handoff_not_sent")
        danger = (self._reply(conversation, "utter_handoff_danger"),) if concern is Concern.IMMEDIATE else ()
        return Step(danger, relayed=seq)

    async def leave(self, conversation: Conversation) -> None:
        """They have left in a hurry: what is open ends on their side now. Never raises."""
        hand = hand_of(conversation)
        if hand.token:
            token, hand.token = hand.token, None
            try:
                await asyncio.to_thread(self._young.leave, token)
            except (HandoffError, StoreError) as error:
                log.error("Leaving a handoff failed with %s", type(error).__name__)
