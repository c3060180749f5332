"""Who may talk to the simulator: programs of this user that know the token of this run, and no web page but ours.

A page on another site can make a browser send requests to 127.0.0.1. It cannot forge the Host header (DNS rebinding),
cannot hide its Origin, and does not know the token, which travels in the URL fragment and so reaches no server or log.
"""

from __future__ import annotations

import hmac
import secrets

from aiohttp import hdrs, web

SUBPROTOCOL = "tapwatch"
"""A browser cannot put a header on a WebSocket, so the token is its second subprotocol."""
_BEARER = "Bearer "
_OPEN = "Open the address that `tapwatch sim` printed, whole: it ends in # and the token of this run."
_SEND = "A script sends the token as `Authorization: Bearer TOKEN`."


class Refused(Exception):
    """A request that is not answered.

    Attributes:
        status: of HTTP.
        message: why not, in one sentence.
        hint: what to do about it, in one sentence.
    """

    def __init__(self, status: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.status, self.message, self.hint = status, message, hint


class Guard:
    """Checks every request before anything else looks at it."""

    def __init__(self) -> None:
        """Draw the token of this run."""
        self.token = secrets.token_urlsafe(24)
        self._hosts: frozenset[str] = frozenset()

    def serve(self, port: int) -> None:
        """Learn the port, and with it the names under which this server may be called."""
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost"))

    def check(self, request: web.Request, public: bool) -> None:
        """Let the request pass, or raise Refused. Public ones need no token."""
        if request.headers.get(hdrs.HOST) not in self._hosts:
            raise Refused(403, "The simulator answers to 127.0.0.1 and localhost only.", _OPEN)
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            raise Refused(403, "The simulator answers no page of another site.", _OPEN)
        if not public and not hmac.compare_digest(_offered(request).encode(), self.token.encode()):
            raise Refused(401, "The token of this run is missing or wrong.", f"{_OPEN} {_SEND}")


def _offered(request: web.Request) -> str:
    """The token that came with the request, or an empty string."""
    header = request.headers.get(hdrs.AUTHORIZATION, "")
    if header.startswith(_BEARER):
        return header[len(_BEARER) :]
    protocols = [part.strip() for part in request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "").split(",")]
    return protocols[1] if len(protocols) == 2 and protocols[0] == SUBPROTOCOL else ""
