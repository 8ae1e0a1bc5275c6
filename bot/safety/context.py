"""Hear a short, vague message in the light of the last few turns. In memory only, and no text: just what was heard."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.safety.heard import Heard, is_worry

# How much of what was heard before counts for a message of so many words. A long message speaks for itself.
_WEIGHTS = ((4, 0.65), (7, 0.55), (10, 0.4))
_FADES = 0.5  # what was heard one turn earlier counts half
_SPEAKS_FOR_ITSELF = 0.5  # a question or a greeting this likely is not a vague worry


@dataclass(frozen=True)
class Recent:
    """The topics of the last turns and how strongly each was heard."""

    topics: tuple[tuple[str, float], ...] = ()

    def after(self, topic: str, heard: Heard) -> Recent:
        """What is recent once `heard` has been answered as `topic`; chat leaves it as it was."""
        if not is_worry(topic) and heard.worry_share() < _SPEAKS_FOR_ITSELF:
            return self
        faded = {name: share * _FADES for name, share in self.topics}
        for name, share in heard.ranking:
            if is_worry(name) and share >= 0.1:
                faded[name] = faded.get(name, 0.0) + share
        whole = sum(faded.values())
        return Recent(tuple(sorted(((name, share / whole) for name, share in faded.items()), key=lambda pair: -pair[1])))


def in_context(heard: Heard, recent: Recent) -> Heard:
    """Return what was heard, leaning on `recent` where the message is short and unclear by itself."""
    weight = next((weight for words, weight in _WEIGHTS if heard.words <= words), 0.0)
    if not recent.topics or not weight or _is_clear(heard):
        return heard
    shares = {name: (1 - weight) * share for name, share in heard.ranking}
    for name, share in recent.topics:
        shares[name] = shares.get(name, 0.0) + weight * share
    return replace(heard, ranking=tuple(sorted(shares.items(), key=lambda pair: -pair[1])))


def _is_clear(heard: Heard) -> bool:
    chat = not is_worry(heard.topic) and heard.topic != "out_of_scope"
    urgent = heard.topic.startswith("risk_")
    return heard.confidence >= (_SPEAKS_FOR_ITSELF if chat or urgent else 0.9)
