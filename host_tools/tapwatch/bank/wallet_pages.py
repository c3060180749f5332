"""The files of the page `/wallet`, and the headers that keep it from running or loading anything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_FOLDER = Path(__file__).with_name("wallet_page")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_MODULES = ("app", "bank", "cards", "cbor", "dialogs", "dom", "enrol", "texts", "transfer", "watch", "words")
PATHS = {
    "/wallet": "index.html",
    "/wallet/style.css": "style.css",
    "/wallet/icon.svg": "icon.svg",
    **{f"/wallet/{name}.js": f"{name}.js" for name in _MODULES},
}
"""Every path that is served, and its file; there is no way to ask for another."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def handler(path: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serves one of PATHS."""
    file = _FOLDER / PATHS[path]

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=file.read_bytes(), content_type=_TYPES[file.suffix], charset="utf-8", headers=HEADERS)

    return serve
