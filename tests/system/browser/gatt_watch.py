"""A watch on paper behind the token exchange service of docs/bluetooth.md, for pages that use Web Bluetooth."""

from __future__ import annotations

import asyncio
import contextlib
import json
from pathlib import Path

from tapwatch.signing import cbor, certificates
from tapwatch.simulator.messages import WatchRefused
from tests.host.bank.world import START, World
from tests.host.phone.paper_watch import PaperWatch
from tests.system.browser.devtools import Browser

_TAIL = "-d44c-49ed-a19b-a26f1343b084"
IN, OUT, STATE = (f"7bfd100{place}{_TAIL}" for place in (1, 2, 3))
_PART = 100
_SHIM = Path(__file__).with_name("web_bluetooth.js")
_IDLE, _RECEIVING, _READY = 0, 1, 3


class WalletWatch(PaperWatch):
    """Knows its cards' states as well, and says who certified it."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.states: dict[bytes, str] = {}
        self.art: dict[bytes, int] = {}
        self.lost = ""
        attributes = {"secret": "software"}
        end = START + 10**8
        self.certificate = certificates.issue(
            world.root, "device", self.identity.public, "TW-0042", START - 1, end, 42, attributes
        )
        self._provision({1: world.root.public, 2: self.certificate})

    async def message(self, kind: int, body: object) -> object:
        """Answer one message."""
        if kind == 1:
            return {**self._hello(body), 7: self.certificate}
        if kind == 10:
            return [self._status(token) for token in self.packages if self.states.get(token) != "deleted"]
        if kind == 11:
            digest, offset, _, part = body
            self.art[digest] = offset + len(part)
            return self.art[digest]
        return await super().message(kind, body)

    def _status(self, token: bytes) -> dict:
        package = self.packages[token]
        lacks = package[23] if package[23] not in self.art else None
        left = 0 if any(one == token for one, _ in self.kept) else len(package[16])
        return {1: token, 2: self.states.get(token, "active"), 3: left, 4: False, 5: 0, 6: 0, 7: lacks}

    def _notice(self, body: bytes) -> None:
        super()._notice(body)
        payload = self.notices[-1]
        if payload.get(3) in self.packages:
            self.states[payload[3]] = payload[4]
        elif payload.get(3) in ("lost", "found"):
            self.lost = payload[4] if payload[3] == "lost" else ""


class GattWatch:
    """The service in front of a watch, as the page's Web Bluetooth reaches it.

    `cuts`: numbers of fragments, counted in both directions, at which the link goes, once each.
    """

    def __init__(self, watch: WalletWatch, browser: Browser, cuts: set[int]) -> None:
        self._watch = watch
        self._browser = browser
        self._cuts = cuts
        self.fragments = 0
        self.messages = 0
        self._transfer = 0
        self._length = 0
        self._held = b""
        self._answer = b""

    @contextlib.asynccontextmanager
    async def there(self):
        """Reach the page until the end of the block."""
        await self._browser.send("Runtime.addBinding", name="toWatch")
        await self._browser.send("Page.addScriptToEvaluateOnNewDocument", source=_SHIM.read_text())
        serving = asyncio.create_task(self._serve())
        try:
            yield self
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving

    async def _serve(self) -> None:
        while True:
            call = json.loads(await self._browser.calls.get())
            if call["do"] == "write":
                await self._written(call)
            else:
                await self._done(call, list(self._state()) if call["do"] == "read" else None)

    async def _written(self, call: dict) -> None:
        if self._cut():
            await self._browser.value(f"fromWatch({call['id']}, 'the link is gone', null), dropped()")
            return
        await self._done(call, None)
        data = bytes(call["value"])
        numbers = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:6], "big"), int.from_bytes(data[6:8], "big")
        await self._fragment(*numbers, data[8:])

    async def _fragment(self, transfer: int, length: int, offset: int, part: bytes) -> None:
        if transfer == self._transfer and length == 0 and not part:
            return await self._send_answer(offset)
        if transfer != self._transfer:
            self._transfer, self._length, self._held, self._answer = transfer, length, b"", b""
        if offset != len(self._held):
            return await self._notify(STATE, self._state())
        self._held += part
        if len(self._held) == self._length:
            self._answer = await self._work(self._held)
            await self._send_answer(0)
        return None

    async def _work(self, message: bytes) -> bytes:
        self.messages += 1
        kind, sequence, body = cbor.decode(message)
        try:
            answer = ["ok", await self._watch.message(kind, body)]
            if kind == 6 and answer[1] is None:
                answer[0] = "kept"
        except WatchRefused as refused:
            answer = [refused.status, None]
        return cbor.encode([kind, sequence, *answer])

    async def _send_answer(self, offset: int) -> None:
        for at in range(offset, len(self._answer), _PART):
            if self._cut():
                await self._browser.value("dropped()")
                return
            head = self._transfer.to_bytes(4, "big") + len(self._answer).to_bytes(2, "big") + at.to_bytes(2, "big")
            await self._notify(OUT, head + self._answer[at : at + _PART])

    def _state(self) -> bytes:
        phase = _READY if self._answer else _RECEIVING if self._held else _IDLE
        numbers = ((self._transfer, 4), (len(self._held), 2), (len(self._answer), 2))
        return bytes([1, phase]) + b"".join(number.to_bytes(size, "big") for number, size in numbers)

    def _cut(self) -> bool:
        self.fragments += 1
        if self.fragments in self._cuts:
            self._cuts.discard(self.fragments)
            return True
        return False

    async def _notify(self, uuid: str, data: bytes) -> None:
        await self._browser.value(f"notified('{uuid}', {list(data)})")

    async def _done(self, call: dict, value: object) -> None:
        await self._browser.value(f"fromWatch({call['id']}, '', {json.dumps(value)})")
