"""Gadgetbridge 0.83 with a Bangle.js, as far as the watch can tell: written from BangleJSDeviceSupport.java.

It knows nothing of the firmware. What the watch says is kept in `heard`, in order.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import time
from typing import TYPE_CHECKING, Self

from bumble.core import UUID, BaseBumbleError
from bumble.device import Connection, Peer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bumble.gatt_client import CharacteristicProxy

    Message = dict[str, object]
    Http = Callable[[Message], Awaitable[Message]]

SERVICE = UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
TO_WATCH = UUID("6e400002-b5a3-f393-e0a9-e50e24dcca9e")
FROM_WATCH = UUID("6e400003-b5a3-f393-e0a9-e50e24dcca9e")
MTU = 131
FIRST_BYTES = 20
"""Of a write, until the watch has notified more at once."""
XON, XOFF = 0x11, 0x13
_WAIT_S = 10.0
_NO_INTERNET = "Internet access not enabled, check Gadgetbridge Device Settings"
_SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 34: '\\"', 92: "\\\\"}
_AT_THE_SIDE = (
    "(s=>{s&&(s.timezone=%s)&&require('Storage').write('setting.json',s);})"
    "(require('Storage').readJSON('setting.json',1))"
)
"""What it lets a Bangle.js run beside the time."""


class Gadgetbridge:
    """One connection to a watch. Open it with `over`; the link is encrypted by then."""

    def __init__(self, connection: Connection, http: Http | None = None) -> None:
        """`http` answers what the watch asks of the web; None: the switch for internet access is off."""
        self.connection = connection
        self.http = http
        self.size = FIRST_BYTES
        self.pauses = self.writes = 0
        self.heard: list[Message] = []
        self.toasts: list[str] = []
        """What the watch wants to be shown: `info`, `warn`, `error`."""
        self.ignored: list[str] = []
        """Lines that are no messages."""
        self._peer = Peer(connection)
        self._row: CharacteristicProxy[bytes] | None = None
        self._line = ""
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._may_write = asyncio.Event()
        self._may_write.set()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def over(cls, connection: Connection, http: Http | None = None, listen: bool = True) -> Self:
        """What it does when a device has connected: listen, ask for a longer MTU, tell the time, ask about GPS."""
        self = cls(connection, http)
        await self._peer.discover_service(SERVICE)
        (service,) = self._peer.get_services_by_uuid(SERVICE)
        rows = {row.uuid: row for row in await self._peer.discover_characteristics(service=service)}
        self._row = rows[TO_WATCH]
        if listen:
            await rows[FROM_WATCH].subscribe(self._notified)
        await self._peer.request_mtu(MTU)
        self._start(self._write())
        self.set_time(int(time.time()), 0.0)
        self.say({"t": "is_gps_active"})
        return self

    def set_time(self, unix_s: int, hours: float) -> None:
        """Set clock and zone, by a line of JavaScript."""
        self.line(f"setTime({unix_s});E.setTimeZone({hours});" + _AT_THE_SIDE % hours)

    def say(self, message: Message) -> None:
        """Queue a message."""
        self.line(f"GB({literal(message)})")

    def line(self, text: str) -> None:
        """Queue a line of Latin-1, cut into writes as they are now."""
        self.bytes(b"\x10" + text.encode("latin-1") + b"\n")

    def bytes(self, data: bytes) -> None:
        """Queue these bytes."""
        for at in range(0, len(data), self.size):
            self._queue.put_nowait(data[at : at + self.size])

    async def written(self) -> None:
        """Wait until all of it is on the air."""
        await asyncio.wait_for(self._queue.join(), _WAIT_S)

    async def hear(self, kind: str, **fields: object) -> Message:
        """The next message of this kind with these fields; those before it stay in `heard`."""
        wanted = {"t": kind, **fields}.items()
        end = time.monotonic() + _WAIT_S
        while True:
            for place, message in enumerate(self.heard):
                if wanted <= message.items():
                    return self.heard.pop(place)
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), end - time.monotonic())
            except TimeoutError:
                raise AssertionError(f"no {dict(wanted)} among {self.heard}") from None

    async def paused(self, now: bool) -> None:
        """Wait until the watch has told it to pause, or to go on."""
        end = time.monotonic() + _WAIT_S
        while self._may_write.is_set() == now:
            assert time.monotonic() < end, "the watch says nothing about pauses"
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """End the link."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(BaseBumbleError, asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(self.connection.disconnect(), _WAIT_S)

    async def _write(self) -> None:
        """The queue of Android: one write after the other, none while it is paused."""
        assert self._row is not None
        while True:
            part = await self._queue.get()
            await self._may_write.wait()
            await self._row.write_value(part, with_response=False)
            self.writes += 1
            self._queue.task_done()
            await asyncio.sleep(0)

    def _notified(self, data: bytes) -> None:
        """As `onCharacteristicChanged`: size, flow control, Latin-1, and one character cut before the newline."""
        self.size = max(self.size, len(data))
        for byte in data:
            if byte == XOFF:
                self.pauses += 1
                self._may_write.clear()
            elif byte == XON:
                self._may_write.set()
        self._line += bytes(byte for byte in data if byte not in (XON, XOFF)).decode("latin-1")
        while "\n" in self._line:
            end = self._line.index("\n")
            line, self._line = self._line[: end - 1 if end else 0], self._line[end + 1 :]
            self._read(line)
        self._news.set()

    def _read(self, line: str) -> None:
        if not line.startswith("{"):
            self.ignored.append(line)
            return
        message = json.loads(line)
        if message["t"] in ("info", "warn", "error"):
            self.toasts.append(message["msg"])
        self.heard.append(message)
        if message["t"] == "http":
            self._start(self._fetch(message))

    async def _fetch(self, asked: Message) -> None:
        answer = {"err": _NO_INTERNET} if self.http is None else await self.http(asked)
        self.say({"t": "http", "id": asked["id"], **answer})

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def literal(value: object) -> str:
    """JavaScript, as `jsonToString` writes it: escapes that JSON does not have, and base64 where that is shorter."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(literal(one) for one in value) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H").tolist()
    written = "".join(_escaped(unit, after) for unit, after in itertools.pairwise([*units, 0]))
    if max(units, default=0) <= 0xFF and len(written) + 2 > 5 + len(units) * 4 / 3:
        return f'atob("{base64.b64encode(bytes(units)).decode()}")'
    return f'"{written}"'


def _escaped(unit: int, after: int) -> str:
    """One UTF-16 unit; an octal escape must not swallow a digit that follows it."""
    if unit < 8:
        return f"\\x0{unit}" if 0x30 <= after <= 0x37 else f"\\{unit}"
    if unit in _SHORT:
        return _SHORT[unit]
    if unit < 32 or unit in (127, 173) or 0xC2 <= unit <= 0xF4:
        return f"\\x{unit:02x}"
    return f"\\u{unit:04x}" if unit > 0xFF else chr(unit)
