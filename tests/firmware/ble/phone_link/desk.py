"""A phone's end of a fake link, the service and the services behind it."""

import asyncio
import json

from tests.firmware.services.kit import Known
from watch.ble.phone_link.service import PhoneLink
from watch.kernel.errors import DeadlineError, LinkError
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.services.outbox import Outbox


class FakeLink:
    """What `gatt.Link` promises. `heard` has every notification; `slow` of them find no room."""

    role, bond = "phone", 0

    def __init__(self, room=128, primary=True):
        self.alive, self.primary = True, primary
        self.heard = []
        self.slow = 0
        self.stuck = False
        self._room = room

    def room(self):
        """Bytes of a notification."""
        return self._room

    def try_notify(self, row, data):
        """Take it, or not."""
        if not self.alive or self.slow or self.stuck:
            self.slow = max(0, self.slow - 1)
            return False
        assert 0 < len(data) <= self._room
        self.heard.append(bytes(data))
        return True

    async def notify(self, row, data):
        """Take it, sooner or later."""
        for _ in range(500):
            if self.try_notify(row, data):
                return
            if not self.alive:
                raise LinkError("gone")
            await sleep_ms(10)
        raise DeadlineError("nothing is taken")

    def close(self):
        """The watch ends it."""
        self.alive = False


class Desk:
    """The link at work. `tell` writes as Gadgetbridge does; `said` is what the watch has said since."""

    def __init__(self, room=128):
        self.known = Known()
        self.queue = Outbox()
        self.battery = (82, False)
        self.service = PhoneLink(Divert(self.known, self.queue), self.queue, "0.5.0", lambda: self.battery)
        self.link = FakeLink(room)
        self.piece = 20

    def bytes(self, data, piece=0):
        """Write so many bytes at once."""
        piece = piece or self.piece
        for at in range(0, len(data), piece):
            self.service.written(self.link, self.service.from_phone, memoryview(data)[at : at + piece])

    async def tell(self, *messages):
        """Say these literals, and let the watch work."""
        for text in messages:
            self.bytes(b"\x10GB(" + text.encode() + b")\n")
        await settle()

    def said(self):
        """Messages of the watch since the last call; bytes of flow control are left out."""
        data = b"".join([one for one in self.link.heard if one not in (b"\x11", b"\x13")])
        self.link.heard.clear()
        assert not data or data.endswith(b"}\r\n"), data
        return [json.loads(line) for line in data.decode().split("\r\n")[:-1]]

    def play(self, story):
        """Run the service, joined and greeted, while `await story(self)` goes on; in virtual time."""

        async def main():
            tasks = [asyncio.create_task(self.service.hear()), asyncio.create_task(self.service.speak())]
            self.service.joined(self.link)
            try:
                await story(self)
            finally:
                for task in tasks:
                    task.cancel()
                await sleep_ms(0)

        run(main(), VirtualTime())


class Divert:
    """What the watch does when a phone comes by radio: its words go to the radio's queue."""

    def __init__(self, known, queue):
        self._known, self._queue = known, queue
        self.receive, self.time = known.phone.receive, known.phone.time

    def link(self, connected, carrier):
        """As `Phone`, and the outbox follows."""
        self._known.phone.link(connected, carrier)
        self._known.outbox.divert(self._queue if connected else None)


async def settle(ms=50):
    """Let the tasks of the link work."""
    await sleep_ms(ms)
