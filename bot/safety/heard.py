"""What the recogniser heard in one message."""

from __future__ import annotations

from dataclasses import dataclass, field

_SERIOUS = ("worry_", "risk_", "adult_")


def is_worry(topic: str) -> bool:
    """True for a topic someone may need help with: a worry, a risk or an adult's concern."""
    return topic.startswith(_SERIOUS)


@dataclass(frozen=True)
class Heard:
    """Topics with their probabilities (most likely first), the signals found, and the number of words."""

    ranking: tuple[tuple[str, float], ...]
    signals: frozenset[str] = field(default_factory=frozenset)
    other_language: bool = False
    words: int = 99

    @property
    def topic(self) -> str:
        """The most likely topic."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """How likely it is, 0 to 1."""
        return self.ranking[0][1]

    def likelihood(self, topic: str) -> float:
        """How likely `topic` is; 0 when it is not among the ranked."""
        return dict(self.ranking).get(topic, 0.0)

    def worry_share(self) -> float:
        """How likely it is that the message is about any worry at all."""
        return sum(share for topic, share in self.ranking if is_worry(topic))


def tapped(topic: str) -> Heard:
    """A button says exactly what it means."""
    return Heard(ranking=((topic, 1.0),))
