"""What every request must respect, as plain ASGI middleware: headers, size, origin, and quiet failure."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

LARGEST_BODY = 128 * 1024  # bytes

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Limits:
    """Wraps an app. A failure inside is answered kindly; only its class is logged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [
                    *message.get("headers", []),
                    *((k.lower().encode(), v.encode()) for k, v in _HEADERS.items()),
                ]
            await send(message)

        refused = _refusal({key.decode().lower(): value.decode("latin-1") for key, value in scope["headers"]}, scope["method"])
        if refused:
            return await JSONResponse({"error": refused[1]}, refused[0])(scope, receive, send_with_headers)
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            log.error("A request failed with %s", type(error).__name__)
            if not started:
                await JSONResponse({"error": "Something went wrong here. In danger, call 999."}, 500)(
                    scope, receive, send_with_headers
                )


def _refusal(headers: dict[str, str], method: str) -> tuple[int, str] | None:
    if method in ("GET", "HEAD"):
        return None
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403, "This only works from our own page."
    if not headers.get("content-type", "application/json").startswith("application/json"):
        return 415, "Only JSON is taken here; files never."
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return 413, "That is too long."
    return None
