"""The steps around the card: looking, changing, putting back, agreeing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.answering import wording
from bot.errors import HandoffError
from bot.handoff.card import Card, Line, card_words, first_card
from bot.handoff.in_hand import OWN_LINE, Step, hand_of
from bot.handoff.step_parts import StepParts
from bot.memory import Conversation

_MOST_LINES, _LONGEST_LINE = 40, 500  # of the chat so far: lines, and characters of each


class CardSteps(StepParts):
    """Nothing leaves this conversation before `_send`."""

    async def _show_card(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if self._has_talk(hand):
            return self._said(conversation, "utter_handoff_stay")
        if not self._opening.serves(conversation):
            return self._said(conversation, "utter_handoff_not_for_adults")
        if not self._opening.is_open():
            return Step((self._open_or_closed(conversation),))
        hand.show(hand.fresh_card() or self._first(conversation))
        return self._card_step(conversation)

    def _first(self, conversation: Conversation) -> Card:
        card, returned = first_card(conversation), hand_of(conversation).returned
        if returned and returned.text:
            note = Line("note", "note", f"{card_words().returned} {returned.text}")
            card = Card((*card.lines, note))
        return card

    async def _toggle(self, conversation: Conversation, entities: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(self._card(hand).toggled(entities.get("line", "")))
        return self._card_step(conversation)

    async def _wish(self, conversation: Conversation, entities: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(self._card(hand).with_wish(entities.get("wish", "")))
        return self._card_step(conversation)

    async def _own(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        self._card(hand)
        hand.typing = OWN_LINE
        return self._said(conversation, "utter_handoff_own")

    async def _chat(self, conversation: Conversation, said: tuple[str, ...]) -> Step:
        """Add what they typed so far, hidden like their own line, where they can still take it out."""
        hand = hand_of(conversation)
        card = self._card(hand)
        if any(text.strip() for text in said):
            hand.show(card.with_chat([text[:_LONGEST_LINE] for text in said[-_MOST_LINES:]]))
        return self._card_step(conversation)

    async def _change(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(self._card(hand))
        return replace(self._said(conversation, "utter_handoff_change"), card=self._lines(hand))

    async def _put_back(self, conversation: Conversation, entities: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        self._card(hand)
        hand.put_back = (entities.get("line", ""), int(entities.get("part", "0")))
        return self._said(conversation, "utter_handoff_put_back")

    async def _put_back_yes(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if hand.put_back:
            hand.show(self._card(hand).put_back(*hand.put_back))
            hand.put_back = None
        return self._card_step(conversation)

    async def _got_it(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(self._card(hand))
        hand.checked = True
        return replace(self._said(conversation, "utter_handoff_got_it"), card=self._lines(hand))

    async def _again(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(self._card(hand))
        return replace(self._said(conversation, "utter_handoff_again"), card=self._lines(hand))

    async def _send(self, conversation: Conversation, _: dict[str, str]) -> Step:
        """Send exactly the card on the screen: what has changed since it was shown must be looked at first."""
        hand = hand_of(conversation)
        if self._has_talk(hand):  # tapped twice: one handoff
            return self._said(conversation, "utter_handoff_stay")
        card = self._card(hand)
        if hand.shown != self._consent(conversation, card):
            raise HandoffError("changed")
        if wording(conversation) in ("child", "easy") and not hand.checked:
            return self._card_step(conversation)
        if not self._opening.is_open():
            return Step((self._open_or_closed(conversation),))
        topics = [line.id.removeprefix("topic_") for line in card.lines if line.kind == "topic" and line.goes]
        send = self._young.send
        hand.token = await asyncio.to_thread(
            send, card.sent(), conversation.concern, self._around(conversation), topics, self._channel
        )
        hand.show(None)
        hand.shown = ""
        return Step(token=hand.token)

    async def _not_now(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(None)
        hand.message, hand.returned = None, None
        return self._said(conversation, "utter_handoff_not_now")
