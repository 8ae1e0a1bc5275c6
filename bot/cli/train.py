"""`bot train`: learn from the files under data/."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.agent.fingerprint import model_path
from bot.settings import Settings


def train(force: Annotated[bool, typer.Option(help="Train even when nothing has changed.")] = False) -> None:
    """Train the model from data/, unless nothing has changed since last time."""
    trained_model(force)


def trained_model(force: bool = False) -> Path:
    """Return the model for the present files, training it first (with progress on standard error) if need be."""
    encoder = Settings.from_env(os.environ).encoder
    target = model_path(encoder=encoder)
    if target.is_file() and not force:
        return target
    from bot.agent.training import train as train_model

    console = Console(file=sys.stderr)  # the very stream, since Rasa is silenced by replacing sys.stderr
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    if not console.is_terminal:
        console.print("bot: training from data/ (about six minutes on two cores)")
    with Progress(*columns, console=console) as bars:
        current = {"step": "", "task": bars.add_task("Training", total=None)}

        def shown(step: str, done: int, total: int) -> None:
            if step != current["step"]:
                current["step"] = step
                bars.update(current["task"], total=100, completed=100)  # type: ignore[arg-type]  # a TaskID is an int
                current["task"] = bars.add_task(f"Training: {step}", total=total or None)
                if not console.is_terminal:
                    console.print(f"bot: {step}")
            if total:
                bars.update(current["task"], completed=done, total=total)  # type: ignore[arg-type]  # as above

        path = train_model(shown, force=force, encoder=encoder)
        bars.update(current["task"], total=100, completed=100)  # type: ignore[arg-type]  # as above
    console.print(f"bot: trained {path.name}")
    return path
