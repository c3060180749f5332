"""From where a request may come: programs on this machine, our own page, and the proxy in front of us.

A page on another site can make a browser send requests to loopback. It cannot forge Host (DNS rebinding), and its
requests carry Origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tapwatch.bank.problems import AccessProblem, SetupProblem

if TYPE_CHECKING:
    from aiohttp import web

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Checks Host and Origin.

    Args:
        public_url: the address of the proxy, `https://bank.example`; "" for none. Raises SetupProblem for another form.
    """

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        whole = parts.scheme in ("http", "https") and parts.netloc and not (parts.path.strip("/") or parts.query)
        if public_url and not whole:
            raise SetupProblem("the public address is not like https://bank.example", "leave out the path")
        self._host = parts.netloc.lower()
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()

    def check(self, request: web.Request, public: bool) -> None:
        """Raises AccessProblem. `public` is true for what customers, phones and watches ask; the rest is loopback's."""
        name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
        origin = request.headers.get("Origin", "").lower()
        if name in _LOOPBACK:
            ours = not origin or (public and origin == f"http://{request.host.lower()}")
        else:
            ours = public and bool(self._host) and request.host.lower() == self._host
            ours = ours and origin in ("", self._origin)
        if not ours:
            raise AccessProblem("only programs on this machine may ask")
