"""What a conversation remembers of its handoff, in memory and with the conversation's time limit."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from bot.handoff.card import Card
from bot.handoff.code import Returned
from bot.handoff.states import CARD_IDLE
from bot.memory import Conversation
from bot.replies import Reply

# What a typed message means at this moment; None: nothing special, the bot answers.
OWN_LINE, MESSAGE, CODE_WORDS, ON_CARD = "own line", "message", "code words", "card"


@dataclass
class InHand:
    """One conversation's handoff. Texts and secrets are in no `repr`."""

    token: str | None = field(default=None, repr=False)
    card: Card | None = field(default=None, repr=False)
    shown: str = field(default="", repr=False)  # hash of the card on the screen
    touched: float = 0.0
    typing: str | None = None
    put_back: tuple[str, int] | None = None
    message: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    days: int = 0
    returned: Returned | None = field(default=None, repr=False)
    offered: bool = False
    checked: bool = False  # a child, or somebody who reads easy words, has said "I get it"

    def show(self, card: Card | None) -> None:
        """Put a card on the screen."""
        self.card, self.touched, self.typing = card, time.monotonic(), ON_CARD if card else None
        self.checked = self.checked and card is not None

    def fresh_card(self) -> Card | None:
        """The card on the screen, unless it lay there too long."""
        if self.card and time.monotonic() - self.touched > CARD_IDLE:
            self.card, self.shown = None, ""
        return self.card


@dataclass(frozen=True)
class CardLine:
    """A line of the card as a page shows it; each tap is a payload."""

    text: str
    goes: bool
    toggle: str
    hidden: tuple[tuple[str, str], ...] = ()  # (what kind was hidden, the payload that shows it again)


@dataclass(frozen=True)
class Step:
    """What a step of the handoff gives back: replies, and what a page must know beside them."""

    replies: tuple[Reply, ...] = ()
    card: tuple[CardLine, ...] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    relayed: int = 0  # the number of a message that went to the counsellor
    ended: bool = False


def hand_of(conversation: Conversation) -> InHand:
    """What a conversation remembers of its handoff."""
    if conversation.hand is None:
        conversation.hand = InHand()
    hand: InHand = conversation.hand
    return hand
