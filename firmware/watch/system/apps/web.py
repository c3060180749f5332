"""The capability `web`: an app asks the hosts that its manifest names, through the phone."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.services.web import Web
    from watch.system.apps.budgets import Budget

MOST_BODY_BYTES = const(2048)
ANSWER_MS = const(30_000)
"""An app waits no longer."""
_SCHEME = "https://"
_MOST_URL = const(200)  # characters, as in watch.services.web
_HOST_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-."
_REFUSED = '\\@#"<>^`{|}'


class AppWeb:
    """One request at a time. The answer waits here until it is asked for, and goes with the app.

    Args:
        web: what carries requests to the phone.
        app, hosts: of the manifest.
        budget: how often an app may ask.
    """

    def __init__(self, web: "Web", app: str, hosts: "tuple[str, ...]", budget: "Budget") -> None:
        self._web, self._app, self._hosts, self._budget = web, app, hosts, budget
        self._told_by = self._told  # one object: `Web.drop` knows it again
        self._text: "Optional[str]" = None
        self._ended = False
        self.waiting = False
        """An answer is awaited."""
        self.failed = False
        """The last request brought no answer: no network, nothing in time, or more than 6 KB."""

    def get(self, url: str) -> bool:
        """Ask for a text. False if that is not possible now: no phone, another request, or too often.

        Raises InputError for an address that the manifest does not allow.
        """
        return self._ask(url, "", "get")

    def post(self, url: str, body: str) -> bool:
        """Send a text of at most 2,048 bytes, and ask for the answer, likewise."""
        if type(body) is not str or len(body.encode()) > MOST_BODY_BYTES:
            raise InputError("a body is a text of at most 2048 bytes")
        return self._ask(url, body, "post")

    def answer(self) -> "Optional[str]":
        """The answer, at most 6 KB, once; None while there is none. What it says is as trustworthy as the host."""
        text, self._text = self._text, None
        return text

    def _ask(self, url: str, body: str, method: str) -> bool:
        expect_allowed(url, self._hosts)
        if self.waiting or self._ended or self._web.busy or not self._web.connected or not self._budget.take(self._app):
            return False
        self._text, self.failed = None, False
        self.waiting = self._web.request(url, body, ANSWER_MS, self._told_by, method)
        return self.waiting

    def _told(self, text: "Optional[str]") -> None:
        self.waiting, self.failed = False, text is None
        self._text = text

    def _end(self) -> None:
        """The app is gone: nobody waits for an answer."""
        self._ended, self.waiting, self._text = True, False, None
        self._web.drop(self._told_by)


def app_web(
    web: "Web",
    app: str,
    hosts: "tuple[str, ...]",
    budget: "Budget",
    at_end: "Callable[[Callable[[], None]], None]",
) -> AppWeb:
    """One for an app; what it asked is forgotten when `at_end` says so."""
    made = AppWeb(web, app, hosts, budget)
    at_end(made._end)
    return made


def expect_allowed(url: "object", hosts: "tuple[str, ...]") -> None:
    """Raise InputError unless this is an https address of one of these hosts, and cannot be read as another one.

    Only `https://HOST/...` in printable ASCII: no user, no port, no fragment, none of the signs that programs read in
    different ways. HOST is one of `hosts`, letter by letter.
    """
    if type(url) is not str or not url.startswith(_SCHEME) or len(url) > _MOST_URL:
        raise InputError("an address begins with https:// and has at most 200 characters")
    if any(not 0x20 < ord(char) < 0x7F or char in _REFUSED for char in url):
        raise InputError("an address has characters that are not allowed")
    host, slash, _ = url[len(_SCHEME) :].partition("/")
    if not slash or any(char not in _HOST_LETTERS for char in host) or host not in hosts:
        raise InputError("the manifest does not allow " + host)
