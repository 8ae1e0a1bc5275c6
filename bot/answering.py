"""Fit an answer to who reads it and to what was said before: small, fixed changes to the replies Rasa gave.

Every word still comes from `data/responses/`; here it is only chosen, added or left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.memory import Conversation
from bot.replies import SAFE_REPLY, Reply, Words
from bot.safety.concern import Concern
from bot.safety.heard import Heard, is_worry
from bot.safety.screen import DANGER, SUICIDE, WATCHING, Screened

EVERYBODY = "everybody"
# What somebody said of themselves, in the order in which it is answered; one line a turn.
WHO = (
    "utter_who_asylum", "utter_who_in_care", "utter_who_disabled", "utter_who_faith",
    "utter_who_lgbt", "utter_who_boy", "utter_who_new_english", "utter_who_over_18",
)  # fmt: skip
_SAY_NO, _SAY_NO_UNSAFE = "utter_ask_how_to_say_no", "utter_say_no_unsafe"
LOOKUP = "asks_about_child"


def wording(conversation: Conversation) -> str:
    """Which wording this person reads: child, easy, older, or everybody."""
    if conversation.band == "under_13":
        return "child"
    if conversation.easy:
        return "easy"
    return "older" if conversation.band in ("16_17", "18_over") else EVERYBODY


@dataclass(frozen=True)
class Fitting:
    """Fits replies to one turn of one conversation."""

    words: Words
    conversation: Conversation
    screened: Screened
    signals: frozenset[str] = frozenset()

    def __call__(self, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """Return the replies as this person should read them."""
        topic = self.screened.topic
        replies = self._instead(replies)
        if is_worry(topic):
            replies = self._said_again(replies, topic)
        if self.screened.concern is Concern.IMMEDIATE and is_worry(topic) and topic not in (DANGER, WATCHING, SUICIDE):
            return (replace(self._reply(f"utter_{DANGER}"), buttons=()), *replies)
        if is_worry(topic) and topic not in (DANGER, WATCHING, SUICIDE):
            replies = self._with_who(replies)
        return replies

    def _reply(self, name: str) -> Reply:
        return self.words.reply(name, wording(self.conversation))

    def _instead(self, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """Lines for saying no are not given where saying no may not be safe; nobody can be looked up."""
        swaps = {}
        if self.conversation.concern >= Concern.HIGH:
            swaps[_SAY_NO] = _SAY_NO_UNSAFE
        if LOOKUP in self.signals:
            swaps["utter_adult_parent"] = "utter_adult_lookup"
        return tuple(self._reply(swaps[reply.response]) if reply.response in swaps else reply for reply in replies)

    def _said_again(self, replies: tuple[Reply, ...], topic: str) -> tuple[Reply, ...]:
        """The same thing told again is answered in other words, never in weaker ones."""
        first, again = f"utter_{topic}", f"utter_{topic}_again"
        if topic not in self.conversation.answered or again not in self.words.names():
            return replies
        return tuple(
            replace(self._reply(again), buttons=reply.buttons) if reply.response == first else reply for reply in replies
        )

    def _with_who(self, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
        """Add one line for what somebody said of themselves, once in a conversation; never guessed."""
        new = [name for name in WHO if name.removeprefix("utter_") in self.signals and name not in self.conversation.who]
        if not new or not replies:
            return replies
        self.conversation.who.add(new[0])
        return (replies[0], self._reply(new[0]), *replies[1:])


def without_withdrawn(replies: tuple[Reply, ...], withdrawn: frozenset[str], words: Words) -> tuple[Reply, ...]:
    """A text the operator has withdrawn is not shown; the general safe answer takes its place, once."""
    if not any(reply.response in withdrawn for reply in replies):
        return replies
    kept = [reply for reply in replies if reply.response not in withdrawn]
    return (words.reply(SAFE_REPLY), *kept)


def danger_kind(heard: Heard) -> str:
    """Which of the reviewed wordings for danger fits: "medical", "someone_else" or "now"."""
    if "medical_now" in heard.signals:
        return "medical"
    others = ("worry_friend", "adult_parent", "adult_professional", "adult_community")
    if heard.topic in others or any(topic in others and share >= 0.5 for topic, share in heard.there):
        return "someone_else"
    return "now"
