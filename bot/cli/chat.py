"""`bot chat`: talk to the bot in a terminal, or turn by turn as JSON lines."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.cli.train import trained_model
from bot.house import build
from bot.replies import Button
from bot.settings import Settings
from bot.turn import Answer, Turns


def chat(jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object in and out per line.")] = False) -> None:
    """Talk in the terminal. Nothing is kept.

    With --jsonl each line read is {"conversation": id, "text": ...} or {"conversation": id, "button": payload}, and one
    line {"conversation", "replies", "topic", "topics", "concern"} comes out for each, in order.
    """
    asyncio.run(_lines() if jsonl else _terminal())


async def _ready() -> Turns:
    model = trained_model()
    agent, turns = build(Settings.from_env(os.environ))
    await agent.load(model)
    return turns


async def _lines() -> None:
    turns = await _ready()
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            print(json.dumps(await _one(turns, line, number), ensure_ascii=False), flush=True)


async def _one(turns: Turns, line: bytes, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line.decode("utf-8", errors="replace"))
        name = said["conversation"]
    except (ValueError, TypeError, KeyError, RecursionError):
        said, name = {}, None
    if not isinstance(name, str) or not {"text", "button"} & set(said):
        return {"error": f'line {number} needs "conversation" and either "text" or "button", as a JSON object'}
    conversation = turns.conversations.find(name) or turns.open(name)[0]
    answer = await (turns.tap(conversation, said["button"]) if "button" in said else turns.say(conversation, said["text"]))
    return {"conversation": name} | as_json(answer)


def as_json(answer: Answer) -> dict[str, Any]:
    """An answer as the outside world reads it."""
    return {
        "replies": [
            {
                "text": reply.text,
                "buttons": [{"title": b.title, "payload": b.payload} for b in reply.buttons],
                "response": reply.response,
            }
            for reply in answer.replies
        ],
        "topic": answer.topic,
        "topics": list(answer.topics),
        "concern": answer.concern.word,
    }


async def _terminal() -> None:
    console = Console()
    with console.status("One moment. In danger now, call 999."):
        turns = await _ready()
    conversation, answer = turns.open()
    console.print("[dim]Type, or type a button's number. An empty line leaves.[/dim]")
    while True:
        buttons = _shown(console, answer)
        said = await asyncio.to_thread(_typed)
        if not said:
            break
        if said.isdigit() and 1 <= int(said) <= len(buttons):
            answer = await turns.tap(conversation, buttons[int(said) - 1].payload)
        else:
            answer = await turns.say(conversation, said)
    turns.conversations.leave(conversation.id)


def _typed() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _shown(console: Console, answer: Answer) -> list[Button]:
    buttons: list[Button] = []
    for reply in answer.replies:
        console.print(f"\n{reply.text}", markup=False, highlight=False)
        for button in reply.buttons:
            buttons.append(button)
            console.print(f"  [{len(buttons)}] {button.title}", markup=False, highlight=False)
    return buttons
