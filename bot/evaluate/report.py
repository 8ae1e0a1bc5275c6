"""Write the report: a page to read and JSON to compare. It quotes cases; they are invented, and an operator's own must be too."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.evaluate.measures import Gate, Judged, Rate, by_topic, by_voice, gates
from bot.safety.heard import is_worry

_BINS = 10
_MISSES_SHOWN = 12


def summary(judged: list[Judged], on: date) -> dict[str, Any]:
    """Everything the report shows, as plain data."""
    times = sorted(one.seconds for one in judged)
    return {
        "date": on.isoformat(),
        "cases": len(judged),
        "gates": [_gate(gate) for gate in gates(judged)],
        "voices": {voice: _rate(rate) for voice, rate in by_voice(judged).items()},
        "topics": {topic: {"recall": _rate(pair[0]), "precision": _rate(pair[1])} for topic, pair in by_topic(judged).items()},
        "confusions": _confusions(judged),
        "calibration": calibration(judged),
        "latency_ms": {"p50": _ms(times, 0.50), "p95": _ms(times, 0.95)},
        "misses": _misses(judged),
        "false_alarms": _false_alarms(judged),
    }


def write(folder: Path, found: dict[str, Any]) -> Path:
    """Write report.json and report.html into `folder`; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True))
    page = folder / "report.html"
    page.write_text(pages.get_template("report.html").render(**found), encoding="utf-8")
    return page


def calibration(judged: list[Judged]) -> list[dict[str, float]]:
    """For each tenth of confidence: how sure it was on average, how often it was right, and how many."""
    single = [one for one in judged if len(one.case.turns) == 1 and one.ranking]
    bins: list[list[Judged]] = [[] for _ in range(_BINS)]
    for one in single:
        bins[min(_BINS - 1, int(one.ranking[0][1] * _BINS))].append(one)
    return [
        {
            "sure": sum(one.ranking[0][1] for one in chosen) / len(chosen),
            "right": sum(one.ranking[0][0] in one.case.topics for one in chosen) / len(chosen),
            "cases": len(chosen),
        }
        for chosen in bins
        if chosen
    ]


def _rate(rate: Rate) -> dict[str, float]:
    low, high = rate.interval
    return {"value": round(rate.value, 4), "hits": rate.hits, "of": rate.of, "low": round(low, 4), "high": round(high, 4)}


def _gate(gate: Gate) -> dict[str, Any]:
    return _rate(gate.rate) | {"name": gate.name, "gate": gate.gate, "aim": gate.aim, "floor": gate.floor, "holds": gate.holds}


def _ms(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1) if times else 0.0


def _confusions(judged: list[Judged]) -> list[dict[str, Any]]:
    pairs = Counter((one.case.topics[0], one.topic) for one in judged if not one.first_right and not one.menu)
    return [{"meant": meant, "heard": heard, "times": times} for (meant, heard), times in pairs.most_common(30)]


def _misses(judged: list[Judged]) -> dict[str, list[dict[str, str]]]:
    """By voice: worries of which no true topic was among the first three."""
    missed: dict[str, list[dict[str, str]]] = {}
    for one in judged:
        if is_worry(one.case.topics[0]) and not one.among_three:
            missed.setdefault(one.case.voice, []).append({"text": one.case.text, "meant": one.case.topics[0], "heard": one.topic})
    return {voice: lines[:_MISSES_SHOWN] for voice, lines in sorted(missed.items())}


def _false_alarms(judged: list[Judged]) -> list[dict[str, str]]:
    alarms = [
        one for one in judged if one.case.group in ("near_misses", "ordinary") and one.concern.word in ("high", "immediate")
    ]
    return [{"text": one.case.text, "heard": one.topic, "concern": one.concern.word} for one in alarms[:40]]
