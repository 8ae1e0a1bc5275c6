"""The safety screen: what a turn will be answered as, and how serious it is.

It looks at recognition *and* signals, since patterns alone miss most ways of saying it and a
classifier alone can miss the one that matters. When unsure between two levels it takes the higher.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.safety.concern import Concern, ConcernTable
from bot.safety.heard import Heard, is_worry

DANGER, WATCHING, SUICIDE, SELF_HARM = ("risk_immediate_danger", "risk_someone_watching", "risk_suicide", "risk_self_harm")
UNSURE, OTHER_LANGUAGE = "nlu_fallback", "other_language"
PUT_OFF, MISHEARD, PLAY_ACTING = "put_off", "misheard", "play_acting"

OFF_TOPIC = "out_of_scope"
# Topics that say nothing about what is wrong.
_CHAT = ("out_of_scope", "greet", "thank", "goodbye", "frustrated", "dont_know")

# Below this likelihood we ask instead of guessing (docs/adr/0003). The figures here were set on the development
# messages of docs/adr/0004 and then corrected on the totals of the benchmark, so its rates flatter a little.
MENU_BELOW = 0.22
# The words alone sound like this level with at least this likelihood.
HIGH_FROM, IMMEDIATE_FROM = 0.36, 0.05
# A topic whose own level is high counts as such unless the words sound milder than this.
MILD_BELOW = 0.30
# Urgent topics as likely as this are answered as such. Danger less likely than the topic itself still makes it
# immediate from DANGER_TOO_FROM on: 999 first, then the topic's own words.
DANGER_FROM, WATCHING_FROM, SUICIDE_FROM = 0.35, 0.30, 0.09
DANGER_TOO_FROM = 0.08
DANGER_AGAIN_FROM = 0.70
# A likelihood at which a further topic counts as heard too.
ALSO_HEARD = 0.05
# Less likely than this to be any worry (by topics and by tone), a message is taken as harmless ...
HARMLESS_BELOW = 0.60
# ... with less than this, nothing but a signal or very grave words raise it above a worry ...
DOUBTFUL_BELOW, GRAVE_WORDS = 0.74, 0.85
# ... and so unlikely that even a danger pattern is taken for chance ("the pizza man is outside").
SURELY_HARMLESS = 0.25


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


def screen(heard: Heard, table: ConcernTable, asked: str | None = None, doubted: bool = False) -> Screened:
    """Decide the topic to answer and the concern of one turn.

    `asked` is the safety question that was open before this turn: "asked_safe", "asked_suicide"
    or None. `doubted`: the young person has said that danger was not what they meant, so that it is
    answered as such again only for a signal or when it is heard clearly. Pure: the same input always
    gives the same answer.
    """
    if doubted and heard.likelihood(DANGER) < DANGER_AGAIN_FROM:
        heard = _without_danger(heard)
    urgent = _urgent(heard, table)
    # In another language only a sure pattern counts: what was learned from English would be a guess.
    if urgent and not (heard.other_language and not heard.signals & (table.immediate | {"suicide"})):
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
    # A plain health question is no worry, but it has its own answer.
    plain_question = is_worry(heard.topic) and table.of(heard.topic) is Concern.INFO
    if is_harmless(heard) and concern is Concern.INFO and not plain_question:
        return Screened(_without_worry(heard), (), concern, reasons, put_off=PUT_OFF in heard.signals)
    return Screened(heard.topic, _topics(heard), concern, reasons, put_off=PUT_OFF in heard.signals)


def _without_danger(heard: Heard) -> Heard:
    left = tuple(pair for pair in heard.ranking if pair[0] != DANGER)
    return replace(heard, ranking=left or ((OFF_TOPIC, 1.0),))


def _without_worry(heard: Heard) -> str:
    """The most likely topic that is no worry."""
    return next((topic for topic, _ in heard.ranking if not is_worry(topic)), OFF_TOPIC)


def _urgent(heard: Heard, table: ConcernTable) -> tuple[str, tuple[str, ...]] | None:
    """The urgent topic to answer, with reasons, or None."""
    if _surely_harmless(heard):
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
    danger_from = DANGER_FROM if is_worry(heard.topic) else DANGER_TOO_FROM
    for topic, enough in ((DANGER, danger_from), (WATCHING, WATCHING_FROM), (SUICIDE, SUICIDE_FROM)):
        if heard.likelihood(topic) >= enough and not (PLAY_ACTING in signals and topic == WATCHING):
            return topic, (f"heard as {topic} ({heard.likelihood(topic):.2f})",)
    if "suicide" in signals and about_self and heard.topic != SELF_HARM:
        return SUICIDE, ("signal suicide",)
    return None


def worry_likelihood(heard: Heard) -> float:
    """How likely it is that anything is wrong: what the topics say and what the words sound like count alike."""
    by_topic = heard.worry_share()
    if heard.levels is None:
        return by_topic / sum(share for _, share in heard.ranking)
    return (by_topic + heard.levels.worry) / 2


def is_harmless(heard: Heard) -> bool:
    """True when most likely nothing is wrong. A tapped worry never is."""
    return worry_likelihood(heard) < (HARMLESS_BELOW if heard.levels else 0.5)


def _is_doubtful(heard: Heard) -> bool:
    grave = heard.levels is None or heard.levels.high >= GRAVE_WORDS
    grave = grave or heard.likelihood(DANGER) >= DANGER_TOO_FROM
    return worry_likelihood(heard) < DOUBTFUL_BELOW and not grave


def _surely_harmless(heard: Heard) -> bool:
    return worry_likelihood(heard) < SURELY_HARMLESS


def _concern(heard: Heard, table: ConcernTable) -> tuple[Concern, tuple[str, ...]]:
    """The level of the message, the higher of what its topic and its words say, lifted by signals."""
    raised = sorted(heard.signals & table.high)
    if is_harmless(heard) and not (raised and worry_likelihood(heard) >= SURELY_HARMLESS):
        return Concern.INFO, (f"most likely harmless: a worry only with {worry_likelihood(heard):.2f}",)
    concern, reason = _of_topics(heard, table)
    sounded, why = _sounds(heard)
    concern, reasons = max(concern, sounded), [reason, *why]
    if concern > Concern.WORRY and _is_doubtful(heard):
        concern, reasons = Concern.WORRY, [*reasons, f"but a worry at all only with {worry_likelihood(heard):.2f}"]
    if raised:
        concern = max(concern, Concern.HIGH)
        reasons += [f"signal {name}: high" for name in raised]
    lifted = sorted(heard.signals & table.one_up)
    if lifted and concern is Concern.WORRY:
        concern = Concern.HIGH
        reasons += [f"signal {name}: one level up" for name in lifted]
    return concern, tuple(reasons)


def _of_topics(heard: Heard, table: ConcernTable) -> tuple[Concern, str]:
    """Where the likely topics start. A grave topic in words that sound mild counts as a worry."""
    topic, share = max(
        (pair for pair in heard.ranking if pair[1] >= 0.3 or pair == heard.ranking[0]), key=lambda pair: table.of(pair[0])
    )
    start = table.of(topic)
    if start >= Concern.HIGH and heard.levels and heard.levels.high < MILD_BELOW:
        return Concern.WORRY, f"{topic} ({share:.2f}) starts at {start.word}, but sounds milder ({heard.levels.high:.2f})"
    return start, f"{topic} ({share:.2f}) starts at {start.word}"


def _sounds(heard: Heard) -> tuple[Concern, tuple[str, ...]]:
    """What the words alone sound like, whatever the topic."""
    if heard.levels is None:
        return Concern.INFO, ()
    if heard.likelihood(DANGER) >= DANGER_TOO_FROM:
        return Concern.IMMEDIATE, (f"danger now is likely too ({heard.likelihood(DANGER):.2f})",)
    for level, share, enough in (
        (Concern.IMMEDIATE, heard.levels.immediate, IMMEDIATE_FROM),
        (Concern.HIGH, heard.levels.high, HIGH_FROM),
    ):
        if share >= enough:
            return level, (f"sounds {level.word} ({share:.2f})",)
    return Concern.INFO, ()


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
    if heard.topic == "ask_rephrase" and MISHEARD in heard.signals:
        return True
    if is_harmless(heard):
        return False
    # Chat on top, but more likely some worry than none: ask rather than miss it.
    return heard.confidence < MENU_BELOW or not is_worry(heard.topic)


def _topics(heard: Heard, first: str | None = None) -> tuple[str, ...]:
    """Every worry heard, strongest first; `first` leads when given."""
    there = heard.there or heard.ranking
    found = [topic for topic, share in there if is_worry(topic) and share >= ALSO_HEARD]
    first = first or (heard.topic if is_worry(heard.topic) else None)
    if first:
        found = [first, *(topic for topic in found if topic != first)]
    return tuple(found[:4])
