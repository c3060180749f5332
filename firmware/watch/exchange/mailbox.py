"""Token exchange without an app of ours: the phone carries HTTP, and the watch asks the bank; docs/bluetooth.md.

What comes is as trustworthy as what any carrier brings: every message of weight is signed.
"""

import binascii

from micropython import const

from watch.crypto import cbor
from watch.exchange.messages import MAX_BYTES
from watch.kernel.clock import ticks_add, ticks_diff
from watch.kernel.errors import DeadlineError, InputError
from watch.kernel.loop import Flag, deadline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Protocol

    class Http(Protocol):
        """Who carries requests to the web: a phone link. `told` is called once, with the text or None."""

        def request(self, url: str, body: str, timeout_ms: int, told: "Callable[[Optional[str]], None]") -> bool:
            """Post; False if that is not possible now, and then `told` is never called."""
            ...

    class Owner(Protocol):
        """The watch whose mailboxes these are."""

        def device_id(self) -> bytes:
            """Eight bytes."""
            ...

        def ready(self) -> bool:
            """A phone is there that may carry token requests, and the watch is provisioned and not erased."""
            ...

        def wants(self) -> bool:
            """A card runs low."""
            ...

        def addresses(self) -> "list[str]":
            """The address of each token service that has a mailbox."""
            ...

        def answer(self, message: bytes) -> bytes:
            """The answer to a message."""
            ...


PATH = "/v1/mailbox"
_ANSWER_MS = const(30_000)  # a phone's request to the web
_GRACE_MS = const(2_000)  # who carries it watches the time too, and comes first
_PAUSE_MS = const(60_000)  # after the first failure; doubles
_LONGEST_PAUSE_MS = const(3_600_000)
_LOOK_MS = const(1_000)
_LEAST_S = const(60)
_MOST_S = const(86_400)  # at least once a day
_MOST_MESSAGES = const(64)  # in one conversation: eight cards with art are under fifty
_MOST_TEXT_BYTES = const(6144)
_TICKET_BYTES = const(16)


class _Box:
    """The mailbox of one bank."""

    def __init__(self, address: str, now_ms: int) -> None:
        self.address = address
        self.ticket: "Optional[bytes]" = None
        self.answer: "Optional[bytes]" = None
        """What is to be told. Kept until the bank has answered: a message is worked on once."""
        self.due_ms = now_ms
        self.pause_ms = _PAUSE_MS


class _Poll:
    """One request; an answer that comes too late finds nobody."""

    def __init__(self) -> None:
        self.text: "Optional[str]" = None
        self.done = Flag()

    def told(self, text: "Optional[str]") -> None:
        self.text = text
        self.done.set()


class Mailbox:
    """Asks every bank when its time has come. `look` tells it that something may have changed."""

    def __init__(self, http: "Http", owner: "Owner", ticks_ms: "Callable[[], int]") -> None:
        self._http = http
        self._owner = owner
        self._ticks_ms = ticks_ms
        self._boxes: "list[_Box]" = []
        self._news = Flag()
        self._ready = self._wanted = False
        self._looked_ms = ticks_add(ticks_ms(), -_LOOK_MS)

    def look(self) -> None:
        """To be called when a phone comes, and while the watch is awake as often as one likes: a card may run low."""
        ready = self._owner.ready()
        came, self._ready = ready and not self._ready, ready
        now_ms = self._ticks_ms()
        if not came and 0 <= ticks_diff(now_ms, self._looked_ms) < _LOOK_MS:
            return
        self._looked_ms = now_ms
        wanted = ready and self._owner.wants()
        ran_low, self._wanted = wanted and not self._wanted, wanted
        if ran_low or (came and wanted):
            self._hurry()
        if ran_low or came:
            self._news.set()

    async def serve(self) -> None:
        """The task: ask for ever, one bank after the other."""
        while True:
            if self._owner.ready():
                self._know()
                for box in self._boxes:
                    if ticks_diff(box.due_ms, self._ticks_ms()) <= 0:
                        await self._converse(box)
            await self._pause()

    async def _pause(self) -> None:
        """Wait until a box is due; without a phone, until there is news."""
        if not self._boxes or not self._owner.ready():
            await self._news.wait()
            return
        now_ms = self._ticks_ms()
        try:
            await deadline(max(1, min(ticks_diff(box.due_ms, now_ms) for box in self._boxes)), self._news.wait())
        except DeadlineError:
            return  # a box is due

    def _hurry(self) -> None:
        """Ask now, but for banks that did not answer."""
        now_ms = self._ticks_ms()
        for box in self._boxes:
            if box.pause_ms == _PAUSE_MS:
                box.due_ms = now_ms

    def _know(self) -> None:
        """One box for each address; those that are known go on."""
        known = {box.address: box for box in self._boxes}
        now_ms = self._ticks_ms()
        self._boxes = [known.get(address) or _Box(address, now_ms) for address in self._owner.addresses()]

    async def _converse(self, box: _Box) -> None:
        """Take messages and tell answers until the bank has no more."""
        for _ in range(_MOST_MESSAGES):
            reply = await self._post(box)
            if reply is None:
                if self._owner.ready():  # else it was the phone that went; it may ask as soon as it is back
                    box.due_ms = ticks_add(self._ticks_ms(), box.pause_ms)
                    box.pause_ms = min(2 * box.pause_ms, _LONGEST_PAUSE_MS)
                return
            message, seconds, box.ticket = reply
            box.pause_ms = _PAUSE_MS
            if message is None:
                box.answer = None
                box.due_ms = ticks_add(self._ticks_ms(), max(_LEAST_S, min(seconds, _MOST_S)) * 1000)
                return
            box.answer = self._owner.answer(message)
        box.due_ms = ticks_add(self._ticks_ms(), _PAUSE_MS)

    async def _post(self, box: _Box) -> "Optional[tuple[Optional[bytes], int, Optional[bytes]]]":
        """One poll: message, seconds and ticket of the bank, None if there was no answer that makes sense."""
        poll = _Poll()
        body = cbor.encode({1: self._owner.device_id(), 2: box.answer, 3: box.ticket})
        text = binascii.b2a_base64(body).decode().strip()
        if not self._http.request(box.address + PATH, text, _ANSWER_MS, poll.told):
            return None
        try:
            await deadline(_ANSWER_MS + _GRACE_MS, poll.done.wait())
            return None if poll.text is None else _read(poll.text)
        except (DeadlineError, InputError):
            return None  # safe to lose: everything may be asked again, and the answer is kept


def _read(text: str) -> "tuple[Optional[bytes], int, Optional[bytes]]":
    """Message, seconds and ticket. Raises InputError."""
    if len(text) > _MOST_TEXT_BYTES:
        raise InputError("the bank says too much")
    try:
        data = binascii.a2b_base64(text)
    except (ValueError, UnicodeError):
        raise InputError("the bank's answer is no base64")
    fields: "Any" = cbor.decode(data)
    if not isinstance(fields, dict) or len(fields) != 3:
        raise InputError("the bank's answer is a map of three")
    message, seconds, ticket = fields.get(1), fields.get(2), fields.get(3)
    if not _bytes_or_none(message, MAX_BYTES) or not _bytes_or_none(ticket, _TICKET_BYTES):
        raise InputError("message and ticket are bytes or null")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise InputError("the seconds are a number")
    return message, seconds, ticket


def _bytes_or_none(value: "Any", most: int) -> bool:
    return value is None or (isinstance(value, bytes) and 0 < len(value) <= most)
