"""The steps of a handoff as a young person takes them: taps and typed words in, reviewed words out.

Web page and Telegram use these same steps. Nothing here knows HTTP. Whatever fails says so kindly, and bot, helplines and
999 go on.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.answering import wording
from bot.errors import HandoffError, StoreError
from bot.handoff.card import Card, Line, first_card
from bot.handoff.code import Codes
from bot.handoff.hide import hide
from bot.handoff.in_hand import CODE_WORDS, MESSAGE, ON_CARD, OWN_LINE, CardLine, InHand, Step
from bot.handoff.opening import Opening
from bot.handoff.young import YoungPerson
from bot.memory import Conversation
from bot.replies import Reply, Words
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
_MOST_LINES, _LONGEST_LINE = 40, 500  # of the chat so far: lines, and characters of each
_NUMBER = re.compile(r"(?:line )?(\d{1,2})")
_CARD_TEXTS = ("utter_handoff_card", "utter_handoff_change", "utter_handoff_got_it", "utter_handoff_again")
# Reasons of HandoffError that have words of their own; any other means that the talk is not there any more.
_REASONS = {
    "opened": "utter_handoff_opened",
    "code_wrong": "utter_handoff_code_wrong",
    "busy": "utter_handoff_busy",
    "too_long": "utter_handoff_too_long",
    "changed": "utter_handoff_card_changed",
    "card_gone": "utter_handoff_card_gone",
}


class Steps:
    """All steps, for one service."""

    def __init__(self, young: YoungPerson, codes: Codes, opening: Opening, words: Words, channel: str = "web") -> None:
        self._young, self._codes, self._opening, self._words, self._channel = young, codes, opening, words, channel

    # -- offering

    def offer(self, conversation: Conversation, topic: str) -> tuple[Reply, ...]:
        """The offer to add after an answer, once in a conversation and whenever a person is asked for; else nothing."""
        asked = topic == "ask_for_human"
        hand = hand_of(conversation)
        if hand.token or not self._opening.has_desk or not (asked or (is_worry(topic) and conversation.concern >= Concern.WORRY)):
            return ()
        if not self._opening.serves(conversation):
            return (self._reply(conversation, "utter_handoff_not_for_adults"),) if asked else ()
        if asked:
            return (self._open_or_closed(conversation),)
        if hand.offered or not self._opening.is_open():
            return ()
        hand.offered = True
        return (self._reply(conversation, "utter_handoff_offer"),)

    # -- taps and typed words

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
            if _NUMBER.fullmatch(plain):
                return f"line {_NUMBER.fullmatch(plain)[1]}"  # type: ignore[index]  # it matched on the line above
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

    # -- the card

    async def _show_card(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if hand.token:
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
            note = Line("note", "note", f"Came back with a code. May not be the same person. {returned.text}")
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
        if hand.token:  # tapped twice: one handoff
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
        hand.token = await asyncio.to_thread(send, card.sent(), conversation.concern, hand.shown, topics, self._channel)
        hand.show(None)
        hand.shown = ""
        return Step(token=hand.token)

    async def _not_now(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.show(None)
        hand.message, hand.returned = None, None
        return self._said(conversation, "utter_handoff_not_now")

    # -- waiting and talking

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

    # -- codes and left messages

    async def _keep(self, conversation: Conversation, entities: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        hand.days = int(entities.get("days", "3"))
        hand.code = await asyncio.to_thread(self._codes.offer, self._token(hand))
        return self._said(conversation, "utter_handoff_code_shown", code=hand.code)

    async def _code_kept(self, conversation: Conversation, _: dict[str, str]) -> Step:
        hand = hand_of(conversation)
        if hand.code and hand.token:
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

    # -- parts of the above

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
        around = " ".join(self._reply(conversation, name).text for name in _CARD_TEXTS)
        return card.hash(hashlib.sha256(around.encode()).hexdigest())

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


def hand_of(conversation: Conversation) -> InHand:
    """What a conversation remembers of its handoff."""
    if conversation.hand is None:
        conversation.hand = InHand()
    hand: InHand = conversation.hand
    return hand


def _card_line(line: Line) -> CardLine:
    parts = line.hidden.parts if line.hidden else ()
    hidden = tuple(
        (part.kind, f'handoff_put_back{{"line": "{line.id}", "part": "{number}"}}')
        for number, part in enumerate(parts)
        if not part.shown
    )
    return CardLine(line.text, line.goes, f'handoff_line{{"line": "{line.id}"}}', hidden)
