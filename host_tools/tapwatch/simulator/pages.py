"""The files of the page, and the headers that keep it from running or loading anything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
PATHS = {
    "/": "index.html",
    "/style.css": "style.css",
    "/icon.svg": "icon.svg",
    "/app.js": "app.js",
    "/glass.js": "glass.js",
    "/live.js": "live.js",
    "/logs.js": "logs.js",
    "/pay.js": "pay.js",
    "/wrist.js": "wrist.js",
}
"""Every path that is served, and its file; there is no way to ask for another."""

PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {live}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def handler(path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serves one of PATHS."""
    file = _FOLDER / PATHS[path]

    async def serve(request: web.Request) -> web.Response:
        headers = {**PRIVATE, "Content-Security-Policy": _CSP.format(live=f"ws://{request.host}")}
        return web.Response(body=file.read_bytes(), content_type=_TYPES[file.suffix], charset="utf-8", headers=headers)

    return serve
