"""The steps around left messages and return codes. Nothing earlier is shown before "is it safe to read?"."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.errors import HandoffError
from bot.handoff.hide import hide
from bot.handoff.in_hand import CODE_WORDS, MESSAGE, CardLine, Step, hand_of
from bot.handoff.step_parts import StepParts
from bot.memory import Conversation
from bot.safety.concern import Concern


class CodeSteps(StepParts):
    """Leaving something, and coming back for it."""

    async def _keep(self, conversation: Conversation, entities: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.days = int(entities.get("days", "3"))
        hand.code = await asyncio.to_thread(self._codes.offer, self._token(hand))
        return self._said(conversation, "utter_handoff_code_shown", code=hand.code)

    async def _code_kept(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if hand.code:
            if not hand.token:
                raise HandoffError("gone")
            await asyncio.to_thread(self._codes.confirm, hand.token, hand.code, hand.days, hand.returned)
        hand.code = None
        return self._said(conversation, "utter_handoff_code_kept")

    async def _message(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.typing, hand.message = MESSAGE, None
        return self._said(conversation, "utter_handoff_message")

    def _written(self, conversation: Conversation, text: str, concern: Concern) -> Step:
        hand = hand_of(conversation)
        hand.message, hand.typing = hide(text).text, None
        if concern >= Concern.HIGH:
            return self._said(conversation, "utter_handoff_message_urgent")
        return self._check(conversation)

    def _check(self, conversation: Conversation) -> Step:
        line = CardLine(hand_of(conversation).message or "", True, "")
        return replace(self._said(conversation, "utter_handoff_message_check"), card=(line,))

    async def _message_check(self, conversation: Conversation, _: dict[str, str]) -> Step:
        return self._check(conversation)

    async def _message_send(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        opening = self._opening.next_opening()
        if hand.message is None or opening is None:
            raise HandoffError("card_gone")
        message, hand.message = hand.message, None  # one-use: a second tap sends nothing
        until = opening.timestamp() + 24 * 3600
        code = await asyncio.to_thread(self._codes.leave_message, message, conversation.concern, until)
        return self._said(conversation, "utter_handoff_message_sent", code=code)

    async def _code(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand_of(conversation).typing = CODE_WORDS
        return self._said(conversation, "utter_handoff_code")

    async def _come_back(self, conversation: Conversation, text: str) -> Step:
        hand = hand_of(conversation)
        hand.typing = None
        hand.returned = await asyncio.to_thread(self._codes.come_back, text)
        if not hand.returned.text:
            return self._said(conversation, "utter_handoff_no_answer_yet")
        safe = self._said(conversation, "utter_handoff_code_safe")
        if not hand.returned.used_before:
            return safe
        return replace(safe, replies=(self._reply(conversation, "utter_handoff_used_before"), *safe.replies))

    async def _read(self, conversation: Conversation, _: dict[str, str]) -> Step:
        returned = hand_of(conversation).returned
        if returned is None:
            raise HandoffError("gone")
        response = "utter_handoff_answer" if returned.state == "answered" else "utter_handoff_note_shown"
        return self._said(conversation, response, note=returned.text)

    async def _forget(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if hand.returned:
            await asyncio.to_thread(self._codes.forget, hand.returned)
        hand.returned = None
        return self._said(conversation, "utter_handoff_forgotten")

    async def _stay_left(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand_of(conversation).returned = None
        return self._said(conversation, "utter_handoff_stay_left")
