"""The steps of waiting and talking: stepping out, taking back, saying that something feels wrong, ending."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.handoff.in_hand import Step, hand_of
from bot.handoff.step_parts import StepParts
from bot.memory import Conversation


class WaitSteps(StepParts):
    """Every step of somebody who has sent a card."""

    async def _withdraw(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        await asyncio.to_thread(self._young.withdraw, self._token(hand))
        hand.token = None
        return replace(self._said(conversation, "utter_handoff_withdrawn"), ended=True)

    async def _out(self, conversation: Conversation, _: dict[str, str]) -> Step:
        await asyncio.to_thread(self._young.step_out, self._token(hand_of(conversation)), True)
        return self._said(conversation, "utter_handoff_out")

    async def _back_in(self, conversation: Conversation, _: dict[str, str]) -> Step:
        await asyncio.to_thread(self._young.step_out, self._token(hand_of(conversation)), False)
        return Step()

    async def _practise(self, conversation: Conversation, _: dict[str, str]) -> Step:
        return self._said(conversation, "utter_handoff_practise")

    async def _wrong(self, conversation: Conversation, _: dict[str, str]) -> Step:
        await asyncio.to_thread(self._young.something_feels_wrong, self._token(hand_of(conversation)))
        return self._said(conversation, "utter_handoff_wrong")

    async def _end(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        await asyncio.to_thread(self._young.leave, self._token(hand), False)
        hand.token = None
        return replace(self._said(conversation, "utter_handoff_ended"), ended=True)

    async def _stay(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand_of(conversation).code = None
        return self._said(conversation, "utter_handoff_stay")
