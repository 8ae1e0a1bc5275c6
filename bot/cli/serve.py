"""`bot serve`: the chat page and its API. The page is up first; Rasa loads behind it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from starlette.applications import Starlette

from bot.agent.runner import RasaAgent
from bot.channels.web import create_app
from bot.cli.train import trained_model
from bot.errors import SettingsError, SidedoorError
from bot.house import build
from bot.replies import load_words
from bot.service import load_service
from bot.settings import Settings
from bot.signposts.directory import load_directory
from bot.turn import Turns
from bot.words.production import not_ready
from bot.words.reviews import read_reviews
from bot.words.texts import read_texts

_SWEEP_EVERY = 20.0  # seconds


def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on (default 8000, or SIDEDOOR_PORT).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1, or SIDEDOOR_HOST).")] = None,
    production: Annotated[bool, typer.Option("--production", help="For real people: refuse unless all is signed off.")] = False,
) -> None:
    """Serve the chat page on http://127.0.0.1:8000."""
    settings = Settings.from_env(os.environ)
    if production:
        _check_production()
    listening = _listen(host or settings.host, port or settings.port)
    model = trained_model()
    agent, turns = build(settings)
    words, directory = load_words(), load_directory()
    app = create_app(turns, words, directory, lambda: agent.ready, load_service(), lifespan=_lifespan(agent, turns, model))
    print(f"bot: the page is at http://{host or settings.host}:{listening.getsockname()[1]} (Ctrl+C stops it)", file=sys.stderr)
    # No access log: it would hold addresses. Uvicorn's own errors could hold a request; ours log classes only.
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, date_header=False, ws="none", timeout_graceful_shutdown=3
    )
    uvicorn.Server(config).run(sockets=[listening])


def _check_production() -> None:
    """Refuse to serve real people unless services are checked, words signed off and somebody runs this."""
    reasons = not_ready(load_directory(), read_texts(), read_reviews(), load_service(), date.today())
    if reasons:
        raise SettingsError("Not ready for real people:\n  - " + "\n  - ".join(reasons))


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before training, so that a taken one is told at once."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        raise SettingsError(
            f"Port {port} on {host} cannot be used; it may be taken. Try: uv run bot serve --port {port + 1}"
        ) from None
    return listening


def _lifespan(agent: RasaAgent, turns: Turns, model: Path) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loading = asyncio.create_task(_load(agent, model))
        sweeping = asyncio.create_task(_sweep(turns))
        yield
        for task in (loading, sweeping):
            task.cancel()

    return lifespan


async def _load(agent: RasaAgent, model: Path) -> None:
    try:
        await agent.load(model)
        print("bot: ready", file=sys.stderr)
    except SidedoorError as error:
        # A page that can never answer must not look alive.
        print(f"bot: {error}", file=sys.stderr)
        os._exit(1)


async def _sweep(turns: Turns) -> None:
    while True:
        await asyncio.sleep(_SWEEP_EVERY)
        turns.conversations.sweep()
