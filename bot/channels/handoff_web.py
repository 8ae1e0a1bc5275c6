"""The young person's side of a talk on the web: what is new, by events with a polling fallback, and typing.

Events carry no words: they say that something changed, and the page then asks what, with the number of the last thing it
has. So nothing is lost or doubled when a network breaks. The token travels in a header, never in a URL.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.errors import HandoffError, StoreError
from bot.handoff.events import Events
from bot.handoff.room import COUNSELLOR, EVENT, NOTE, Item
from bot.handoff.step_parts import filled
from bot.handoff.young import Sight, YoungPerson
from bot.replies import Reply, Words

_BEAT = 15.0  # seconds between signs of life of a stream
_LONGEST_STREAM = 600.0  # seconds; then the page asks anew and its token is checked again
# What happened in the room, and the response that tells it.
_TOLD = {
    "joined": "utter_handoff_joined",
    "transfer": "utter_handoff_transfer",
    "supervisor joined": "utter_handoff_supervisor_joined",
    "offers the bot": "utter_handoff_back_offer",
    "ended": "utter_handoff_ended",
    "nobody there": "utter_handoff_nobody_there",
}

Shown = Callable[[Reply], dict[str, Any]]


class TalkWeb:
    """The handlers around a talk. `shown` turns a reply into what the page shows and lets its buttons be tapped."""

    def __init__(self, young: YoungPerson, events: Events, words: Words) -> None:
        self._young, self._events, self._words = young, events, words

    async def news(self, request: Request, after: int, wording: str, shown: Shown) -> Response:
        """What is new after number `after`, and how it stands."""
        try:
            sight = await asyncio.to_thread(self._young.look, token_of(request), after)
        except HandoffError:
            return JSONResponse({"state": "gone", "status": shown(self._words.reply("utter_handoff_gone", wording)), "items": []})
        except StoreError:
            return JSONResponse(
                {"state": "broken", "status": shown(self._words.reply("utter_handoff_broken", wording)), "items": []}
            )
        items = [
            self._item(item, wording, shown) for item in sight.items if item.kind != EVENT or item.more.get("event") in _TOLD
        ]
        return JSONResponse(
            {
                "state": sight.state,
                "status": self._status(sight, wording, shown),
                "typing": sight.typing,
                "items": items,
                "last": max((item.seq for item in sight.items), default=after),
            }
        )

    async def events(self, request: Request) -> Response:
        """A stream that says "changed". Raises nothing: a token that is gone ends it at once."""
        try:
            name = await asyncio.to_thread(self._young.room_of, token_of(request))
        except (HandoffError, StoreError):
            return Response(status_code=410)
        return StreamingResponse(
            self._stream(name, token_of(request)),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
        )

    async def typing(self, request: Request) -> Response:
        """They are typing."""
        try:
            await asyncio.to_thread(self._young.types, token_of(request))
        except (HandoffError, StoreError):
            return Response(status_code=410)
        return Response(status_code=204)

    async def _stream(self, name: str, token: str) -> AsyncIterator[bytes]:
        """Say "changed" until the token is gone: it is looked at again each time."""
        until = asyncio.get_running_loop().time() + _LONGEST_STREAM
        with self._events.listen(name) as listener:
            yield _event("open")
            while asyncio.get_running_loop().time() < until:
                changed = await listener.wait(_BEAT)
                yield _event("changed" if changed else "beat")
                try:
                    await asyncio.to_thread(self._young.room_of, token)
                except (HandoffError, StoreError):
                    return

    def _status(self, sight: Sight, wording: str, shown: Shown) -> dict[str, Any] | None:
        if sight.state != "waiting":
            return None
        name = "utter_handoff_out" if sight.out else "utter_handoff_late" if sight.late else "utter_handoff_waiting"
        return shown(filled(self._words.reply(name, wording), {"place": sight.place, "minutes": sight.minutes}))

    def _item(self, item: Item, wording: str, shown: Shown) -> dict[str, Any]:
        if item.kind == EVENT:
            said = shown(filled(self._words.reply(_TOLD[item.more["event"]], wording), item.more))
            return {"seq": item.seq, "by": "bot", "ended": item.more["event"] in ("ended", "nobody there"), **said}
        if item.kind == NOTE:
            facts = {"name": item.more.get("name", ""), "note": item.text}
            return {"seq": item.seq, "by": "bot", **shown(filled(self._words.reply("utter_handoff_note", wording), facts))}
        name = item.more.get("name", "") if item.by != "young" else ""
        return {"seq": item.seq, "by": "me" if item.by == "young" else COUNSELLOR, "name": name, "text": item.text}


def token_of(request: Request) -> str:
    """The young person's token, from its header."""
    return request.headers.get("x-handoff", "")


def _event(what: str) -> bytes:
    return f"data: {json.dumps(what)}\n\n".encode()
