"""`bot recognise`: what is heard in each line, and how serious it is."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated, Any

import typer

from bot.cli.train import trained_model
from bot.guard import guard
from bot.house import concern_table
from bot.safety.concern import ConcernTable
from bot.safety.heard import Heard
from bot.safety.screen import screen


def recognise(
    explain: Annotated[bool, typer.Option("--explain", help="Add why each level was chosen.")] = False,
) -> None:
    """Read JSON lines {"text": ...} and write each with topic, confidence, topics, concern and outcome."""
    asyncio.run(_recognise(explain))


async def _recognise(explain: bool) -> None:
    from bot.agent.runner import RasaAgent

    model = trained_model()
    table, agent = concern_table(), RasaAgent()
    await agent.load(model)
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            print(json.dumps(await _one(line, number, agent, table, explain), ensure_ascii=False), flush=True)


async def _one(line: str, number: int, agent: Any, table: ConcernTable, explain: bool) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        asked["text"]
    except (ValueError, TypeError, KeyError):
        return {"error": f'line {number} is not a JSON object with "text"'}
    guarded = guard(asked["text"])
    if guarded.instead:
        return dict(asked) | {"topic": None, "confidence": 0.0, "topics": [], "concern": "info", "outcome": "answer"}
    return dict(asked) | heard_as(await agent.hear(guarded.text), table, explain)


def heard_as(heard: Heard, table: ConcernTable, explain: bool) -> dict[str, Any]:
    """The fields `recognise` adds to a line."""
    screened = screen(heard, table)
    topic = heard.topic if screened.outcome == "menu" else screened.topic
    found = {
        "topic": topic,
        "confidence": round(max(heard.likelihood(topic), heard.confidence if topic == heard.topic else 0.0), 4),
        "topics": list(screened.topics),
        "concern": screened.concern.word,
        "outcome": screened.outcome,
    }
    if explain:
        found |= {
            "why": list(screened.why),
            "signals": sorted(heard.signals),
            "ranking": [list(pair) for pair in heard.ranking[:5]],
            "levels": vars(heard.levels) if heard.levels else {},
        }
    return found
