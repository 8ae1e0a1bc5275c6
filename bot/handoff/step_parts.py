"""What every step of a handoff uses: the words filled in, the card as it is shown, and a kind answer when something fails."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from bot.answering import wording
from bot.errors import HandoffError, StoreError
from bot.handoff.card import Card, Line
from bot.handoff.code import Codes
from bot.handoff.in_hand import CardLine, InHand, Step, hand_of
from bot.handoff.opening import Opening
from bot.handoff.young import YoungPerson
from bot.memory import Conversation
from bot.replies import Reply, Words

log = logging.getLogger(__name__)

_CARD_TEXTS = ("utter_handoff_card", "utter_handoff_change", "utter_handoff_got_it", "utter_handoff_again")
# Reasons of HandoffError and the words for each; "gone", and only that, means that the talk is not there any more.
_REASONS = {
    "opened": "utter_handoff_opened",
    "code_wrong": "utter_handoff_code_wrong",
    "busy": "utter_handoff_busy",
    "too_long": "utter_handoff_too_long",
    "changed": "utter_handoff_card_changed",
    "card_gone": "utter_handoff_card_gone",
    "unknown_line": "utter_handoff_card_gone",
    "no_note": "utter_handoff_stay",
    "days": "utter_handoff_stay",
}


class StepParts:
    """Holds what the steps work with."""

    def __init__(self, young: YoungPerson, codes: Codes, opening: Opening, words: Words, channel: str = "web") -> None:
        self._young, self._codes, self._opening, self._words, self._channel = young, codes, opening, words, channel

    async def _kindly(self, conversation: Conversation, work: Awaitable[Step]) -> Step:
        try:
            return await work
        except HandoffError as error:
            return self._refused(conversation, error)
        except (StoreError, ValueError) as error:
            log.error("A step of the handoff failed with %s", type(error).__name__)
            return self._said(conversation, "utter_handoff_broken")

    def _refused(self, conversation: Conversation, error: HandoffError) -> Step:
        hand = hand_of(conversation)
        if error.reason == "changed":
            step = self._card_step(conversation)
            return replace(step, replies=(self._reply(conversation, "utter_handoff_card_changed"), *step.replies))
        if error.reason in _REASONS:
            return self._said(conversation, _REASONS[error.reason])
        hand.token = None
        return replace(self._said(conversation, "utter_handoff_gone"), ended=True)

    def _open_or_closed(self, conversation: Conversation) -> Reply:
        return self._reply(conversation, "utter_handoff_offer" if self._opening.is_open() else "utter_handoff_closed")

    def _card(self, hand: InHand) -> Card:
        card = hand.fresh_card()
        if card is None:
            raise HandoffError("card_gone")
        return card

    def _has_talk(self, hand: InHand) -> bool:
        """Whether a talk goes on; the token of one that has ended is let go of."""
        if hand.token and not self._young.is_going_on(hand.token):
            hand.token = None
        return bool(hand.token)

    @staticmethod
    def _token(hand: InHand) -> str:
        if not hand.token:
            raise HandoffError("gone")
        return hand.token

    def _card_step(self, conversation: Conversation) -> Step:
        hand = hand_of(conversation)
        card = self._card(hand)
        hand.shown = self._consent(conversation, card)
        name = "utter_handoff_card" if any(line.goes for line in card.lines) else "utter_handoff_empty"
        replies = [self._reply(conversation, "utter_handoff_card")]
        if name == "utter_handoff_empty":
            replies.insert(0, self._reply(conversation, name))
        return Step(tuple(replies), card=self._lines(hand))

    def _lines(self, hand: InHand) -> tuple[CardLine, ...]:
        return tuple(_card_line(line) for line in (hand.card or Card()).lines)

    def _numbered(self, hand: InHand, number: int) -> str:
        lines = (hand.card or Card()).lines
        return lines[number - 1].id if 1 <= number <= len(lines) else ""

    def _consent(self, conversation: Conversation, card: Card) -> str:
        """The hash that consent is bound to: the lines and the reviewed words around them, in this person's wording."""
        return card.hash(self._around(conversation))

    def _around(self, conversation: Conversation) -> str:
        """The version of the wording: all that a receipt keeps, since a hash with the lines in it could be guessed at."""
        around = " ".join(self._reply(conversation, name).text for name in _CARD_TEXTS)
        return hashlib.sha256(around.encode()).hexdigest()

    def _said(self, conversation: Conversation, response: str, **facts: Any) -> Step:
        return Step((self._reply(conversation, response, **facts),))

    def _reply(self, conversation: Conversation, response: str, **facts: Any) -> Reply:
        service = self._opening.service
        known = {
            "receiving": service.receiving or service.run_by or "The people who run this",
            "keeps_records": service.keeps_records,
            "hours": "; ".join(f"{day} {hours}" for day, hours in service.opening_hours.items()),
            "up_to": service.up_to,
            "when": self._opening.when(),
            **facts,
        }
        return filled(self._words.reply(response, wording(conversation)), known)


def filled(reply: Reply, facts: dict[str, Any]) -> Reply:
    """A reply with its {curly} parts filled in; what is not known stays out."""
    return replace(reply, text=re.sub(r" ?\{(\w+)\}", lambda part: _fact(part, facts), reply.text).strip())


def _fact(part: re.Match[str], facts: dict[str, Any]) -> str:
    said = str(facts.get(part[1], ""))
    return (" " if part[0].startswith(" ") else "") + said if said else ""


def _card_line(line: Line) -> CardLine:
    parts = line.hidden.parts if line.hidden else ()
    hidden = tuple(
        (part.kind, f'handoff_put_back{{"line": "{line.id}", "part": "{number}"}}')
        for number, part in enumerate(parts)
        if not part.shown
    )
    return CardLine(line.text, line.goes, f'handoff_line{{"line": "{line.id}"}}', hidden)
