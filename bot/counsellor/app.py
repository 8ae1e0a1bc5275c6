"""The desk's app: sessions and rights at the door, then one small handler a step.

Cookies are `__Host-`, Secure, HttpOnly and SameSite=Strict; every step needs the session's CSRF token in a header and comes
from our own page. Answers are never cached, and errors hold no words.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.channels.limits import LARGEST_BODY, Limits
from bot.counsellor.access import AT_FIRST, MAY
from bot.counsellor.accounts_steps import AccountSteps
from bot.counsellor.talk_steps import Asked, TalkSteps
from bot.errors import HandoffError, SidedoorError, SignInError, StoreError
from bot.handoff.events import DESK
from bot.handoff.sign_in import Session
from bot.house import Handoff

_HERE = Path(__file__).resolve().parent
SESSION, DEVICE = "__Host-desk", "__Host-device"
_DEVICE_LASTS = 180 * 86_400  # seconds
_BEAT, _LONGEST_STREAM = 15.0, 600.0  # seconds

Handler = Callable[[Asked], Awaitable[dict[str, Any]]]


class DeskApp:
    """The door: who is it, may they, and what came of it."""

    def __init__(self, handoff: Handoff) -> None:
        self._handoff = handoff
        self._pages = Jinja2Templates(_HERE / "templates")
        talk, keeping = TalkSteps(handoff), AccountSteps(handoff)
        self._handlers: dict[str, Handler] = {**talk.handlers(), **keeping.handlers()}

    def names(self) -> set[str]:
        """Every step there is a handler for."""
        return set(self._handlers) | {"events"}

    async def page(self, request: Request) -> Response:
        """The one page of the desk; what it shows depends on who signs in."""
        return self._pages.TemplateResponse(request, "desk.html", {})

    async def sign_in(self, request: Request) -> Response:
        """Open a session and set its cookies."""
        said = await _body(request)
        login, passphrase, code = (said.get(name) for name in ("login", "passphrase", "code"))
        if not (isinstance(login, str) and isinstance(passphrase, str) and isinstance(code, str)) or len(passphrase) > 200:
            return _error(400, "Send login, passphrase and code.")
        device = _cookie(request, DEVICE)
        try:
            opened = await asyncio.to_thread(self._handoff.sign_in.sign_in, login[:64], passphrase, code[:40], device)
        except SignInError as error:
            return _error(401, str(error))
        except StoreError as error:
            return _error(503, str(error))
        answer = JSONResponse({"first": opened.first})
        for name, value, lasts in ((SESSION, opened.cookie, None), (DEVICE, opened.device, _DEVICE_LASTS)):
            answer.set_cookie(name, _text(value), max_age=lasts, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    def step(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """The handler of one step, behind the door."""

        async def take(request: Request) -> Response:
            try:
                session = await asyncio.to_thread(self._handoff.sign_in.find, _cookie(request, SESSION))
            except SignInError as error:
                return _error(401, str(error))
            except SidedoorError as error:
                return _error(503, str(error))
            if session.seat.role not in MAY[name] or (session.first and name not in AT_FIRST):
                return _error(403, "Your role cannot do this.")
            if name != "me" and not secrets.compare_digest(request.headers.get("x-csrf", ""), session.csrf):
                return _error(403, "Load the page again.")
            if name == "events":
                return StreamingResponse(
                    self._stream(session, _cookie(request, SESSION)),
                    media_type="text/event-stream",
                    headers={"X-Accel-Buffering": "no"},
                )
            return await self._answered(name, Asked(session, await _body(request)))

        return take

    async def _answered(self, name: str, asked: Asked) -> Response:
        try:
            return JSONResponse(await self._handlers[name](asked))
        except HandoffError as error:
            return _error(409, str(error), error.reason)
        except SignInError as error:
            return _error(403, str(error))
        except SidedoorError as error:
            return _error(503, str(error))
        except (KeyError, TypeError, ValueError):
            return _error(400, "Something is missing in what the page sent. Load it again.")

    async def _stream(self, session: Session, cookie: bytes) -> AsyncIterator[bytes]:
        """Say "changed"; the session is looked at again each time, so that a sign-out closes the stream."""
        until = asyncio.get_running_loop().time() + _LONGEST_STREAM
        with self._handoff.office.events.listen(DESK) as listener:
            yield b'data: "open"\n\n'
            while asyncio.get_running_loop().time() < until:
                changed = await listener.wait(_BEAT)
                try:
                    await asyncio.to_thread(self._handoff.sign_in.find, cookie)
                except SidedoorError:
                    return
                yield b'data: "changed"\n\n' if changed else b'data: "beat"\n\n'


def create_desk(handoff: Handoff, lifespan: Any = None) -> Starlette:
    """The app that uvicorn serves at the desk's address."""
    desk = DeskApp(handoff)
    steps = [Route(f"/desk/api/{name}", desk.step(name), methods=["POST"]) for name in sorted(MAY)]
    return Starlette(
        routes=[
            Route("/", desk.page),
            Route("/desk/api/sign-in", desk.sign_in, methods=["POST"]),
            *steps,
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        middleware=[Middleware(Limits)],
        lifespan=lifespan,
    )


def _cookie(request: Request, name: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(request.cookies.get(name, "") + "==")
    except ValueError:
        return b""


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


async def _body(request: Request) -> dict[str, Any]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return {}
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _error(status: int, said: str, reason: str = "") -> Response:
    return JSONResponse({"error": said, "reason": reason}, status)
