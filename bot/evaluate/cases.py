"""Read benchmark files: one JSON object a line, `{"text", "topics", "concern", "voice"}`.

Follow-ups have `turns` (a list of messages, of which the last is judged) instead of `text`. Acceptance
tests add `test` and `expect`. An operator's own file may have any subset of lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import ContentError
from bot.paths import ROOT
from bot.safety.concern import Concern

BENCHMARK = ROOT / "tests" / "benchmark"


@dataclass(frozen=True)
class Case:
    """One message (or a few turns) and what should be heard in it."""

    turns: tuple[str, ...]
    topics: tuple[str, ...]
    concern: Concern
    voice: str
    group: str
    expect: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The message that is judged."""
        return self.turns[-1]


def read_cases(paths: list[Path]) -> list[Case]:
    """Read files, or all files of folders. Raises ContentError naming file and line of what does not fit."""
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    cases = [case for file in files for case in _lines(file)]
    if not cases:
        raise ContentError("There are no benchmark lines in what you named.")
    return cases


def _lines(file: Path) -> Iterator[Case]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{file} cannot be read ({type(error).__name__}).") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _case(json.loads(line), file.stem)
            except (ValueError, KeyError, TypeError, AttributeError):
                raise ContentError(
                    f'{file.name} line {number} needs "text" (or "turns"), "topics", "concern" and "voice".'
                ) from None


def _case(said: dict[str, Any], group: str) -> Case:
    turns = tuple(said["turns"]) if "turns" in said else (said["text"],)
    if not turns or not said["topics"] or not all(isinstance(word, str) for word in (*turns, *said["topics"])):
        raise ValueError
    concern = Concern[said["concern"].upper()]
    return Case(turns, tuple(said["topics"]), concern, str(said.get("voice", "unknown")), group, said.get("expect", {}))
