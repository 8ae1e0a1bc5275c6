"""The web chat: one page and a small JSON API.

The conversation's random id travels in a header, never in a URL or a cookie. Nothing is stored in
the browser.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.answering import wording
from bot.channels.handoff_web import TalkWeb, token_of
from bot.channels.joining import WINDOW, Joining
from bot.channels.limits import LARGEST_BODY, Limits
from bot.handoff.in_hand import Step, hand_of
from bot.memory import Conversation
from bot.replies import Reply, Words
from bot.service import Service, load_service
from bot.signposts.directory import Directory
from bot.signposts.links import link_finder
from bot.turn import Answer, Turns

_HERE = Path(__file__).resolve().parent.parent / "visitor"
_ALWAYS_THERE = ("emergency_999", "childline", "shout", "samaritans", "police_101")


class WebChat:
    """The handlers, over one set of turns."""

    def __init__(
        self,
        turns: Turns,
        words: Words,
        directory: Directory,
        ready: Callable[[], bool],
        service: Service,
        window: float = WINDOW,
        talk: TalkWeb | None = None,
    ) -> None:
        self._talk = talk
        self._turns = turns
        self._joining = Joining(turns, window)
        self._ready = ready
        self._service = service
        self._links = link_finder(directory)
        self._forgotten = words.reply("utter_forgotten")
        self._pages = Jinja2Templates(_HERE / "templates")
        self._helplines = [directory.services[name] for name in _ALWAYS_THERE if name in directory.services]

    async def page(self, request: Request) -> Response:
        """The chat page; helplines are in it, so that they are there with no script at all."""
        return self._pages.TemplateResponse(request, "chat.html", {"helplines": self._helplines, "service": self._service})

    async def about(self, request: Request) -> Response:
        """Who runs this, as the operator decided it; needs no script."""
        return self._pages.TemplateResponse(request, "about.html", {"service": self._service})

    async def ready(self, request: Request) -> Response:
        """Whether Rasa has loaded."""
        return JSONResponse({"ready": self._ready()})

    async def open(self, request: Request) -> Response:
        """Start a conversation: its id and the opening words."""
        conversation, answer = self._turns.open()
        return self._given(conversation, answer)

    async def say(self, request: Request) -> Response:
        """Answer a typed message; `joined` when a later piece will be answered with it."""
        said = await _body(request)
        if said is None or "text" not in said:
            return _bad()
        conversation, forgotten = self._conversation(request)
        if self._turns.is_held(conversation):
            return self._given(conversation, await self._turns.say(conversation, said["text"], str(said.get("key", ""))[:60]))
        answer = await self._joining.say(conversation, said["text"])
        return JSONResponse({"joined": True}) if answer is None else self._given(conversation, answer, forgotten)

    async def tap(self, request: Request) -> Response:
        """Answer a tapped button."""
        said = await _body(request)
        if said is None or "button" not in said:
            return _bad()
        conversation, forgotten = self._conversation(request)
        typed = said.get("said")
        texts = tuple(text for text in typed if isinstance(text, str)) if isinstance(typed, list) else ()
        return self._given(conversation, await self._turns.tap(conversation, said["button"], texts), forgotten)

    async def news(self, request: Request) -> Response:
        """What is new in a talk after the number the page has."""
        said = await _body(request) or {}
        after = said.get("after", 0)
        if self._talk is None or not isinstance(after, int):
            return _bad()
        conversation, _ = self._conversation(request)
        after = max(0, min(after, 2**31 - 1))
        return await self._talk.news(request, after, wording(conversation), lambda reply: self._tappable(conversation, reply))

    async def alive(self, request: Request) -> Response:
        """A sign of life from an open page."""
        self._turns.conversations.find(_id(request))
        return Response(status_code=204)

    async def leave(self, request: Request) -> Response:
        """Forget the conversation now."""
        self._joining.forget(_id(request))
        if token_of(request):  # they left for good; a page that is only closed can come back to its talk
            await self._turns.leave(self._conversation(request)[0])
        self._turns.conversations.leave(_id(request))
        return Response(status_code=204)

    def _conversation(self, request: Request) -> tuple[Conversation, bool]:
        """The conversation of a request; one that was forgotten while a counsellor has it goes on by its token."""
        found, token = self._turns.conversations.find(_id(request)), token_of(request)
        conversation = found or self._turns.open()[0]
        if token and self._talk and not hand_of(conversation).token:
            hand_of(conversation).token = token
        return conversation, found is None and not token

    def _tappable(self, conversation: Conversation, reply: Reply) -> dict[str, Any]:
        conversation.offered |= {button.payload for button in reply.buttons}
        return self._shown(reply)

    def _shown(self, reply: Reply) -> dict[str, Any]:
        return {
            "text": reply.text,
            "links": self._links(reply.text),
            "response": reply.response,
            "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
        }

    def _given(self, conversation: Conversation, answer: Answer, forgotten: bool = False) -> Response:
        replies = (self._forgotten, *answer.replies) if forgotten else answer.replies
        return JSONResponse(
            {
                "conversation": conversation.id,
                "concern": answer.concern.word,
                "ready": self._ready(),
                "replies": [self._shown(reply) for reply in replies],
                **_step(answer.step),
            }
        )


def create_app(
    turns: Turns,
    words: Words,
    directory: Directory,
    ready: Callable[[], bool],
    service: Service | None = None,
    window: float = WINDOW,
    lifespan: Any = None,
    talk: TalkWeb | None = None,
) -> Starlette:
    """The app that uvicorn serves."""
    chat = WebChat(turns, words, directory, ready, service or load_service(), window, talk)
    post = ["POST"]
    of_talk = (
        [
            Route("/api/handoff/news", chat.news, methods=post),
            Route("/api/handoff/events", talk.events, methods=post),
            Route("/api/handoff/typing", talk.typing, methods=post),
        ]
        if talk
        else []
    )
    return Starlette(
        routes=[
            Route("/", chat.page),
            Route("/about", chat.about),
            Route("/api/ready", chat.ready),
            Route("/api/open", chat.open, methods=post),
            Route("/api/say", chat.say, methods=post),
            Route("/api/tap", chat.tap, methods=post),
            Route("/api/alive", chat.alive, methods=post),
            Route("/api/leave", chat.leave, methods=post),
            *of_talk,
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ],
        middleware=[Middleware(Limits)],
        lifespan=lifespan,
    )


def _id(request: Request) -> str:
    return request.headers.get("x-conversation", "")


async def _body(request: Request) -> dict[str, Any] | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _step(step: Step | None) -> dict[str, Any]:
    """What a page must know of a step of the handoff."""
    if step is None:
        return {}
    lines = None if step.card is None else [asdict(line) for line in step.card]
    return {"card": lines, "handoff": step.token, "relayed": step.relayed, "ended": step.ended}


def _bad() -> Response:
    return JSONResponse({"error": "Send a JSON object with text or button."}, 400)
