"""The files of the page, and the headers that keep it from running or loading anything else."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import hdrs, web

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STYLES = ("style", "watch", "panels", "logs", "tv")
_MODULES = (
    *("app", "live", "dom", "tabs", "theme", "coach"),
    *("glass", "keys", "targets", "case", "sound", "field", "wrist", "time"),
    *("pay", "receipt", "logs", "events", "commands"),
    *("phone", "messages", "music", "weather", "plans", "alarms", "things"),
    *("tv", "arcade", "bricks", "tilt"),
    *("voice", "recorder"),
)
PATHS = {
    "/": "index.html",
    "/icon.svg": "icon.svg",
    **{f"/{name}.css": f"{name}.css" for name in _STYLES},
    **{f"/{name}.js": f"{name}.js" for name in _MODULES},
}
"""Every path that is served, and its file; there is no way to ask for another."""

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {live}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_REFUSAL = "refused.html"


def handler(path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serves one of PATHS."""
    file = _FOLDER / PATHS[path]

    async def serve(request: web.Request) -> web.Response:
        return web.Response(
            body=file.read_bytes(), content_type=_TYPES[file.suffix], charset="utf-8", headers=_headers(request)
        )

    return serve


def refusal(request: web.Request, status: int, message: str, hint: str) -> web.Response:
    """Why a request is not answered: a page for a person with a browser, JSON for everybody else."""
    if "text/html" not in request.headers.get(hdrs.ACCEPT, ""):
        return web.json_response({"error": message, "hint": hint}, status=status, headers=PRIVATE)
    text = (_FOLDER / _REFUSAL).read_text().replace("{message}", _marked(message)).replace("{hint}", _marked(hint))
    return web.Response(text=text, status=status, content_type="text/html", headers=_headers(request))


def _marked(text: str) -> str:
    """A plain text as HTML; what stands between backticks is code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", html.escape(text))


def _headers(request: web.Request) -> dict[str, str]:
    return {**PRIVATE, "Content-Security-Policy": _CSP.format(live=f"ws://{request.host}")}
