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
from bot.channels.handoff_web import TalkWeb
from bot.channels.web import create_app
from bot.cli.train import trained_model
from bot.counsellor.app import create_desk
from bot.counsellor.webhook import tell
from bot.errors import SettingsError, SidedoorError, StoreError
from bot.handoff.sweep import sweep
from bot.house import Handoff, build, build_handoff
from bot.replies import load_words
from bot.service import Service, day_and_night, load_service
from bot.settings import Settings
from bot.signposts.directory import load_directory
from bot.turn import Turns
from bot.words.production import not_ready
from bot.words.reviews import read_reviews
from bot.words.texts import read_texts

_SWEEP_EVERY = 20.0  # seconds
_SWEEP_HANDOFF_EVERY = 60.0  # seconds


def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on (default 8000, or SIDEDOOR_PORT).")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1, or SIDEDOOR_HOST).")] = None,
    production: Annotated[bool, typer.Option("--production", help="For real people: refuse unless all is signed off.")] = False,
    try_desk: Annotated[
        bool, typer.Option("--try-desk", help="Keep the counsellors' desk open day and night, to try it.")
    ] = False,
) -> None:
    """Serve the chat page on http://127.0.0.1:8000, and the counsellors' desk (where there is one) on port 8001."""
    settings = Settings.from_env(os.environ)
    if production and try_desk:
        raise SettingsError("--try-desk is for trying out. Write the real opening hours into data/service.yml.")
    if production:
        _check_production()
    service = day_and_night(load_service()) if try_desk else load_service()
    listening = _listen(host or settings.host, port or settings.port)
    desk_at = _listen(settings.desk_host, settings.desk_port) if service.opening_hours else None
    handoff = _open_handoff(settings, service) if desk_at else None
    model = trained_model()
    agent, turns = build(settings, handoff)
    words, directory = load_words(), load_directory()
    talk = TalkWeb(handoff.young, handoff.office.events, words) if handoff else None
    lifespan = _lifespan(agent, turns, model, handoff, settings)
    app = create_app(turns, words, directory, lambda: agent.ready, service, lifespan=lifespan, talk=talk)
    print(f"bot: the page is at http://{host or settings.host}:{listening.getsockname()[1]} (Ctrl+C stops it)", file=sys.stderr)
    servers = [(app, listening)]
    if handoff and desk_at:
        print(f"bot: the desk is at http://{settings.desk_host}:{desk_at.getsockname()[1]}", file=sys.stderr)
        servers.append((create_desk(handoff), desk_at))
    asyncio.run(_serve_all(servers))


async def _serve_all(servers: list[tuple[Starlette, socket.socket]]) -> None:
    """Serve both apps in one process; when one stops, so does the other."""
    # No access log: it would hold addresses. Uvicorn's own errors could hold a request; ours log classes only.
    made = [
        uvicorn.Server(
            uvicorn.Config(
                app, log_config=None, access_log=False, server_header=False, date_header=False, ws="none",
                timeout_graceful_shutdown=3,
            )
        )
        for app, _ in servers
    ]  # fmt: skip
    serving = [asyncio.create_task(server.serve(sockets=[at])) for server, (_, at) in zip(made, servers)]
    await asyncio.wait(serving, return_when=asyncio.FIRST_COMPLETED)
    for server in made:
        server.should_exit = True
    await asyncio.wait(serving)


def _open_handoff(settings: Settings, service: Service) -> Handoff | None:
    """Open the handoff and become its one server. When its database cannot be used, only the handoff stays closed."""
    try:
        handoff = build_handoff(settings, service)
        handoff.office.db.lock()
    except StoreError as error:
        if "Another server" in str(error):
            raise
        print(f"bot: the handoff stays closed. {error} Everything else goes on.", file=sys.stderr)
        return None
    return handoff


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


def _lifespan(
    agent: RasaAgent, turns: Turns, model: Path, handoff: Handoff | None, settings: Settings
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loading = asyncio.create_task(_load(agent, model))
        tasks = [loading, asyncio.create_task(_sweep(turns))]
        if handoff:
            tasks.append(asyncio.create_task(_sweep_handoff(handoff, settings.webhook)))
        yield
        for task in tasks:
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


async def _sweep_handoff(handoff: Handoff, webhook: str) -> None:
    """Delete what is over and tell of new alarms, every minute. A failure is told by its class and tried again."""
    while True:
        try:
            done = await asyncio.to_thread(sweep, handoff.office)
            if done.alarms and webhook:
                await tell(webhook, done.alarms)
        except SidedoorError as error:
            print(f"bot: sweeping failed with {type(error).__name__}", file=sys.stderr)
        await asyncio.sleep(_SWEEP_HANDOFF_EVERY)
