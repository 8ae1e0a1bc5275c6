"""`bot evaluate`: measure how well messages are heard, and write a report."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.train import trained_model
from bot.evaluate.cases import BENCHMARK, read_cases
from bot.evaluate.judge import judge
from bot.evaluate.noise import NOISES, noisy
from bot.evaluate.report import summary, write
from bot.house import concern_table


def evaluate(
    files: Annotated[list[Path] | None, typer.Argument(help="JSONL files or folders (default: tests/benchmark).")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for report.html and report.json.")] = None,
    noise: Annotated[str | None, typer.Option(help=f"Mistype every message: {', '.join(NOISES)}.")] = None,
) -> None:
    """Measure recognition on benchmark files; exits 1 when a gate does not hold."""
    if noise is not None and noise not in NOISES:
        raise typer.BadParameter(f"There is no noise {noise!r}. Choose one of: {', '.join(NOISES)}.")
    found = asyncio.run(_evaluate(files or [BENCHMARK], noise))
    _print(found)
    if report:
        print(f"bot: the report is {write(report, found)}", file=sys.stderr)
    if not all(gate["holds"] for gate in found["gates"]):
        raise typer.Exit(1)


async def _evaluate(files: list[Path], noise: str | None) -> dict[str, Any]:
    from bot.agent.runner import RasaAgent

    cases = read_cases(files)
    if noise:
        cases = noisy(cases, noise)
    agent = RasaAgent()
    await agent.load(trained_model())
    with Console(stderr=True).status(f"Hearing {len(cases)} cases"):
        judged = await judge(cases, agent, concern_table())
    agent.close()
    return summary(judged, date.today())


def _print(found: dict[str, Any]) -> None:
    table = Table("measure", "rate", "counts", "95 % interval", "gate", "holds")
    for gate in found["gates"]:
        table.add_row(
            gate["name"],
            f"{gate['value']:.3f}",
            f"{gate['hits']} of {gate['of']}",
            f"{gate['low']:.3f} to {gate['high']:.3f}",
            f"{'≥' if gate['floor'] else '≤'} {gate['gate']:.3g}",
            "yes" if gate["holds"] else "NO",
        )
    Console(width=130).print(table)
