"""The safety screen: what a turn will be answered as, and how serious it is.

It looks at recognition *and* signals, since patterns alone miss most ways of saying it and a
classifier alone can miss the one that matters. When unsure between two levels it takes the higher.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.safety.concern import Concern, ConcernTable
from bot.safety.heard import Heard, is_worry

DANGER, WATCHING, SUICIDE, SELF_HARM = ("risk_immediate_danger", "risk_someone_watching", "risk_suicide", "risk_self_harm")
UNSURE, OTHER_LANGUAGE = "nlu_fallback", "other_language"
PUT_OFF, MISHEARD, PLAY_ACTING = "put_off", "misheard", "play_acting"

OFF_TOPIC = "out_of_scope"
# Topics that say nothing about what is wrong.
_CHAT = ("out_of_scope", "greet", "thank", "goodbye", "frustrated", "dont_know")

# Below this likelihood we ask instead of guessing (docs/adr/0003).
MENU_BELOW = 0.30
# Small doubts add up: this much likelihood over topics of high concern makes a worry high.
HIGH_IN_ALL = 0.08
# ... unless it may well be harmless after all.
WORRY_IN_ALL = 0.60
# Urgent topics as likely as this are answered as such.
DANGER_FROM, WATCHING_FROM, SUICIDE_FROM = 0.16, 0.40, 0.30
# A likelihood at which a second topic counts as heard too.
ALSO_HEARD = 0.02
# So sure that it is harmless that a danger pattern is taken for chance ("the pizza man is outside").
SURELY_HARMLESS = 0.75


@dataclass(frozen=True)
class Screened:
    """The decision for one turn."""

    topic: str
    topics: tuple[str, ...]
    concern: Concern
    why: tuple[str, ...]
    put_off: bool = False

    @property
    def outcome(self) -> str:
        """`menu` when we ask what it is about, else `answer`."""
        return "menu" if self.topic == UNSURE else "answer"


def screen(heard: Heard, table: ConcernTable, asked: str | None = None) -> Screened:
    """Decide the topic to answer and the concern of one turn.

    `asked` is the safety question that was open before this turn: "asked_safe", "asked_suicide"
    or None. Pure: the same input always gives the same answer.
    """
    urgent = _urgent(heard, table)
    if urgent:
        topic, why = urgent
        concern = Concern.IMMEDIATE if topic != SUICIDE or heard.signals & table.immediate else Concern.HIGH
        return Screened(topic, _topics(heard, topic), concern, why)
    if heard.other_language:
        return Screened(OTHER_LANGUAGE, (), Concern.WORRY, ("not in English: nobody guesses",))
    concern, reasons = _concern(heard, table)
    answered = _after_question(heard, asked)
    if answered:
        return Screened(heard.topic, (), max(concern, answered), (*reasons, f"answer to {asked}"))
    told = next((topic for signal, topic in table.answered_as.items() if signal in heard.signals), None)
    if told and (_is_unsure(heard) or (heard.topic in _CHAT and heard.signals & table.over_chat)):
        return Screened(told, _topics(heard, told), max(concern, Concern.HIGH), (*reasons, f"a signal: {told}"))
    if PLAY_ACTING in heard.signals and not told and (heard.topic == WATCHING or not is_worry(heard.topic)):
        return Screened(OFF_TOPIC, (), Concern.INFO, ("asked to play a part: kindly declined",))
    if _is_unsure(heard):
        return Screened(UNSURE, _topics(heard), max(concern, Concern.WORRY), (*reasons, "unsure: offers choices"))
    return Screened(heard.topic, _topics(heard), concern, reasons, put_off=PUT_OFF in heard.signals)


def _urgent(heard: Heard, table: ConcernTable) -> tuple[str, tuple[str, ...]] | None:
    """The urgent topic to answer, with reasons, or None."""
    if not is_worry(heard.topic) and heard.confidence >= SURELY_HARMLESS:
        return None
    signals = heard.signals
    about_self = heard.topic not in ("worry_friend", "adult_parent", "adult_professional", "adult_community")
    if "suicide_now" in signals and about_self:
        return SUICIDE, ("signal suicide_now",)
    now = signals & table.immediate - {"suicide_now"}
    if now:
        return DANGER, tuple(f"signal {name}" for name in sorted(now))
    if signals & table.watching and heard.topic != DANGER and heard.likelihood(WATCHING) >= 0.05:
        return WATCHING, ("signal someone_watching",)
    for topic, enough in ((DANGER, DANGER_FROM), (WATCHING, WATCHING_FROM), (SUICIDE, SUICIDE_FROM)):
        if heard.likelihood(topic) >= enough and not (PLAY_ACTING in signals and topic == WATCHING):
            return topic, (f"heard as {topic} ({heard.likelihood(topic):.2f})",)
    if "suicide" in signals and about_self and heard.topic != SELF_HARM:
        return SUICIDE, ("signal suicide",)
    return None


def _concern(heard: Heard, table: ConcernTable) -> tuple[Concern, tuple[str, ...]]:
    likely = [(topic, share) for topic, share in heard.ranking if share >= 0.3] or [heard.ranking[0]]
    concern = max(table.of(topic) for topic, _ in likely)
    reasons = [f"{topic} ({share:.2f}) starts at {table.of(topic).word}" for topic, share in likely]
    if not is_worry(heard.topic) and heard.worry_share() < 0.5:
        return min(concern, Concern.WORRY) if concern else concern, tuple(reasons)
    raised = sorted(heard.signals & table.high)
    if raised:
        concern = max(concern, Concern.HIGH)
        reasons += [f"signal {name}: high" for name in raised]
    grave = sum(share for topic, share in heard.ranking if table.of(topic) >= Concern.HIGH)
    if concern is Concern.WORRY and grave >= HIGH_IN_ALL and heard.worry_share() >= WORRY_IN_ALL:
        concern = Concern.HIGH
        reasons.append(f"topics of high concern together {grave:.2f}")
    lifted = sorted(heard.signals & table.one_up)
    if lifted and concern is Concern.WORRY:
        concern = Concern.HIGH
        reasons += [f"signal {name}: one level up" for name in lifted]
    return concern, tuple(reasons)


def _after_question(heard: Heard, asked: str | None) -> Concern | None:
    """Concern that an answer to a safety question carries. "Don't know" counts as the worse answer.

    "Never mind" answers no question.
    """
    if PUT_OFF in heard.signals:
        return None
    if asked == "asked_safe":
        return {"deny": Concern.IMMEDIATE, "dont_know": Concern.HIGH, "affirm": Concern.INFO}.get(heard.topic)
    if asked == "asked_suicide":
        return {"affirm": Concern.IMMEDIATE, "dont_know": Concern.IMMEDIATE, "deny": Concern.HIGH}.get(heard.topic)
    return None


def _is_unsure(heard: Heard) -> bool:
    if heard.confidence < MENU_BELOW or (heard.topic == "ask_rephrase" and MISHEARD in heard.signals):
        return True
    # Chat on top, but more likely some worry than none: ask rather than miss it.
    return not is_worry(heard.topic) and heard.worry_share() > 0.5


def _topics(heard: Heard, first: str | None = None) -> tuple[str, ...]:
    """Every worry heard, strongest first; `first` leads when given."""
    found = [topic for topic, share in heard.ranking if is_worry(topic) and share >= ALSO_HEARD]
    if first and first not in found:
        found.insert(0, first)
    return tuple(found[:4])
