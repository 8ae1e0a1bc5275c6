"""What the recogniser heard in one message."""

from __future__ import annotations

from dataclasses import dataclass, field

_SERIOUS = ("worry_", "risk_", "adult_")


def is_worry(topic: str) -> bool:
    """True for a topic someone may need help with: a worry, a risk or an adult's concern."""
    return topic.startswith(_SERIOUS)


@dataclass(frozen=True)
class Levels:
    """How likely it is, from the words alone, that each level of concern is reached (0 to 1)."""

    worry: float = 0.0
    high: float = 0.0
    immediate: float = 0.0


@dataclass(frozen=True)
class Heard:
    """All that was heard in one message.

    `ranking`: topics with the probability of being the main one, most likely first. `there`: topics with the
    likelihood of being there at all. `levels` is None where nothing was learned about concern (a tapped button).
    """

    ranking: tuple[tuple[str, float], ...]
    signals: frozenset[str] = field(default_factory=frozenset)
    other_language: bool = False
    words: int = 99
    there: tuple[tuple[str, float], ...] = ()
    levels: Levels | None = None

    @property
    def topic(self) -> str:
        """The most likely topic."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """How likely it is, 0 to 1."""
        return self.ranking[0][1]

    def likelihood(self, topic: str) -> float:
        """How likely `topic` is to be the main one; 0 when it is not among the ranked."""
        return dict(self.ranking).get(topic, 0.0)

    def worry_share(self) -> float:
        """How likely it is that the message is about any worry at all."""
        return sum(share for topic, share in self.ranking if is_worry(topic))


def tapped(topic: str) -> Heard:
    """A button says exactly what it means."""
    return Heard(ranking=((topic, 1.0),))
