"""Both apps served for real on free ports, over one test desk, with a light agent instead of Rasa."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path

import pyotp
import uvicorn
from conftest import FakeRecogniser
from desk import TestDesk

from bot.channels.handoff_web import TalkWeb
from bot.channels.web import create_app
from bot.counsellor.app import create_desk
from bot.house import concern_table
from bot.memory import Conversations
from bot.replies import Words, load_words
from bot.service import day_and_night, load_service
from bot.signposts.directory import load_directory
from bot.turn import Turns


class Served:
    """The page at `page`, the desk at `desk`, and everything behind them in reach."""

    def __init__(self, folder: Path, words: Words | None = None) -> None:
        words = words or load_words()
        self.house = TestDesk(folder, clock=time.time)
        self.parts = self.house.parts()
        self.recogniser = FakeRecogniser(words)
        self.turns = Turns(self.recogniser, words, concern_table(), Conversations(), handoff=self.parts.steps())
        talk = TalkWeb(self.parts.young, self.parts.office.events, words)
        service = day_and_night(load_service())
        page = create_app(self.turns, words, load_directory(), lambda: True, service, window=0.0, talk=talk)
        self._servers = [self._server(page), self._server(create_desk(self.parts))]
        self.page, self.desk = (f"http://127.0.0.1:{at.getsockname()[1]}" for _, at in self._servers)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        while not all(server.started for server, _ in self._servers):
            time.sleep(0.02)

    @staticmethod
    def _server(app: object) -> tuple[uvicorn.Server, socket.socket]:
        at = socket.socket()
        at.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=1)  # type: ignore[arg-type]
        return uvicorn.Server(config), at

    async def _run(self) -> None:
        await asyncio.gather(*(server.serve(sockets=[at]) for server, at in self._servers))

    def code(self, secret: str) -> str:
        """A code of the app that has not been used: the next step's, which is taken a little early."""
        return pyotp.TOTP(secret).at(int(time.time()) + 30)

    def stop(self) -> None:
        for server, _ in self._servers:
            server.should_exit = True
        self._thread.join(timeout=10)
        self.house.office.db.close()
