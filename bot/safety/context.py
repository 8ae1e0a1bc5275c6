"""Hear a short, vague message in the light of the last ones. In memory only, bounded, and gone with the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.safety.heard import Heard, Levels, is_worry

_KEPT = 2  # messages before this one
_SHORT = 10  # words; a longer message speaks for itself
_TOGETHER = 0.7  # the weight of what is heard when the last messages are read with this one
# A message this surely about one thing needs no light from before; a worry must be surer than chat or danger.
_CLEAR_CHAT, _CLEAR_WORRY = 0.5, 0.9


@dataclass(frozen=True)
class Recent:
    """The last messages that were about something. Their text is never written anywhere."""

    texts: tuple[str, ...] = field(default=(), repr=False)  # no slip of a log line may show them

    def after(self, text: str, heard: Heard) -> Recent:
        """What is recent once `text` has been heard; a greeting or a thank-you leaves it as it was."""
        if not is_worry(heard.topic) and heard.topic != "out_of_scope" and heard.confidence >= _CLEAR_CHAT:
            return self
        return Recent((*self.texts, text)[-_KEPT:])

    def before(self, text: str) -> str:
        """The last messages and this one, as one text to recognise."""
        return ". ".join((*self.texts, text))


def leans_on(heard: Heard, recent: Recent) -> bool:
    """True when `heard`, taken alone, is too short and unclear to be understood without `recent`."""
    if not recent.texts or heard.words > _SHORT:
        return False
    chat_or_danger = heard.topic.startswith("risk_") or not (is_worry(heard.topic) or heard.topic == "out_of_scope")
    return heard.confidence < (_CLEAR_CHAT if chat_or_danger else _CLEAR_WORRY)


def in_context(alone: Heard, together: Heard) -> Heard:
    """Return what was heard, leaning on how the message sounds `together` with the last ones.

    Signals, language and length stay those of the message alone: what was urgent before was answered then.
    """
    return replace(
        alone,
        ranking=_mixed(alone.ranking, together.ranking),
        there=_mixed(alone.there, together.there),
        levels=_mixed_levels(alone.levels, together.levels),
    )


def _mixed(alone: tuple[tuple[str, float], ...], together: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    shares = {name: (1 - _TOGETHER) * share for name, share in alone}
    for name, share in together:
        shares[name] = shares.get(name, 0.0) + _TOGETHER * share
    return tuple(sorted(shares.items(), key=lambda pair: -pair[1]))


def _mixed_levels(alone: Levels | None, together: Levels | None) -> Levels | None:
    if alone is None or together is None:
        return alone
    return Levels(
        *(
            (1 - _TOGETHER) * one + _TOGETHER * both
            for one, both in zip((alone.worry, alone.high, alone.immediate), (together.worry, together.high, together.immediate))
        )
    )
