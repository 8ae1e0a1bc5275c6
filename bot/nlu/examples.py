"""The labelled examples under `data/nlu/`, read without Rasa: what was written, and what a reader heard in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml
from bot.errors import ContentError
from bot.paths import DATA

LEVELS = ("info", "worry", "high", "immediate")
# Writers whose examples the sentence encoder never sees, so that training can learn on them how sure it may be.
LEFT_OUT = ("hands_b", "various_near", "known", "indirect_b", "ordinary_1")


@dataclass(frozen=True)
class Example:
    """One invented message. `also` names further topics it holds, `concern` is one of LEVELS, `voice` says who wrote it."""

    text: str
    topic: str
    also: tuple[str, ...]
    concern: str
    voice: str

    @property
    def topics(self) -> tuple[str, ...]:
        """Every topic it holds, the main one first."""
        return (self.topic, *self.also)


def read_examples(folder: Path = DATA / "nlu") -> list[Example]:
    """Return every example under `folder`, in the order of its files.

    Raises ContentError naming the file when a block lacks its labels or names a topic that is not there.
    """
    files = sorted(folder.glob("*.yml"))
    topics = {path.stem for path in files}
    return [example for path in files for block in read_yaml(path)["nlu"] for example in _examples(block, path.name, topics)]


def _examples(block: dict[str, object], file: str, topics: set[str]) -> list[Example]:
    labels = block.get("metadata")
    if not isinstance(labels, dict) or labels.get("concern") not in LEVELS or not labels.get("voice"):
        raise ContentError(f"data/nlu/{file}: each block needs metadata with a voice and a concern ({', '.join(LEVELS)}).")
    also = tuple(labels.get("also") or ())
    if unknown := {str(block["intent"]), *also} - topics:
        raise ContentError(f"data/nlu/{file}: there is no topic {', '.join(sorted(unknown))}.")
    lines = str(block["examples"]).splitlines()
    return [
        Example(line.removeprefix("- ").strip(), str(block["intent"]), also, labels["concern"], str(labels["voice"]))
        for line in lines
        if line.strip()
    ]
