"""Requests to the web that the phone makes for the watch: Gadgetbridge's `http`.

One at a time. Who asks is told the answer, or None if there is none: no phone, no network, no answer in time. What a
phone answers is as trustworthy as anything that came over the air.
"""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.services import inputs
from watch.services.news import News

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.kernel.clock import Clock
    from watch.services.inputs import Fields
    from watch.services.outbox import Outbox

    Told = Callable[[Optional[str]], None]

MOST_BODY_BYTES = const(6144)
"""Base64 of 4,096 bytes and a little."""
MOST_ANSWER_BYTES = const(6144)
LONGEST_MS = const(120_000)
_URL_BYTES = const(200)
_ID_BYTES = const(16)


class Web(News):
    """What the mailbox asks by: `request(url, body, timeout_ms, told) -> bool`."""

    def __init__(self, clock: "Clock", outbox: "Outbox") -> None:
        """Nobody asks."""
        super().__init__()
        self._clock = clock
        self._outbox = outbox
        self._told: "Optional[Told]" = None
        self._number = 0
        self._since_ms = self._limit_ms = 0
        self.connected = False
        """A phone is there. The owner says so."""

    @property
    def busy(self) -> bool:
        """An answer is awaited."""
        return self._told is not None

    def request(self, url: str, body: str, timeout_ms: int, told: "Told", method: str = "post") -> bool:
        """Post a text, or `get` one; `told` is called once with the answer's text, or with None.

        False if that is not possible now, then `told` is never called: no phone, another request under way, no room,
        an address that is no https, or a body too long.
        """
        fits = 0 < len(url) <= _URL_BYTES and url.startswith("https://") and len(body) <= MOST_BODY_BYTES
        if not fits or self.busy or not self.connected or not 0 < timeout_ms <= LONGEST_MS:
            return False
        number = self._number + 1
        message: "dict[str, object]" = {"t": "http", "id": str(number), "url": url, "method": method}
        if method == "post":
            message.update(headers={"Content-Type": "text/plain"}, body=body)
        if not self._outbox.send(dict(message, timeout=timeout_ms)):
            return False
        self._number, self._told = number, told
        self._since_ms, self._limit_ms = self._clock.ticks_ms(), timeout_ms
        return True

    def take(self, fields: "Fields") -> None:
        """Read `http`. One that nobody waits for is ignored; one that is too long is none. Raises InputError."""
        number, answer = inputs.text(fields, "id", _ID_BYTES), inputs.text(fields, "resp", MOST_ANSWER_BYTES + 1)
        failed = fields.get("err") is not None or len(answer.encode()) > MOST_ANSWER_BYTES
        answer = None if failed else answer
        if self.busy and number == str(self._number):
            self._end(answer)

    def left_ms(self) -> int:
        """How long an answer is still awaited; -1 if none is. Allocates nothing."""
        if not self.busy:
            return -1
        passed_ms = ticks_diff(self._clock.ticks_ms(), self._since_ms)
        return self._limit_ms - passed_ms if 0 <= passed_ms < self._limit_ms else 0

    def tick(self) -> None:
        """To be called about once a second: nobody waits for ever."""
        if self.left_ms() == 0:
            self._end(None)

    def lost(self) -> None:
        """The phone has gone, and the answer with it."""
        self.connected = False
        self._end(None)

    def drop(self, told: "Told") -> None:
        """Who asked with this `told` has gone: nobody is told, and another may ask. Does nothing for others."""
        if self._told is told:
            self._told = None
            self._changed()

    def clear(self) -> None:
        """Forget who asked; nobody is told."""
        self._told = None
        self.changes += 1

    def _end(self, answer: "Optional[str]") -> None:
        told, self._told = self._told, None
        if told is not None:
            told(answer)
            self._changed()
