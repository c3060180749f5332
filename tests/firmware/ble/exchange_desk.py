"""Both ends of the token exchange service without a radio: a link that breaks where it is told, and a sender."""

from watch.ble import exchange_service as service
from watch.ble.exchange_service import ExchangeService
from watch.ble.transfers import Transfers


class Link:
    """A link for `ExchangeService`. `full`: how many notifications it refuses before it takes one."""

    def __init__(self, bond=1, role="phone", primary=True, room=64, first=0):
        """`first`: bytes of an answer in its first fragment, 0 for as many as in the others."""
        self.bond, self.role, self.primary, self.alive = bond, role, primary, True
        self.closed = False
        self.full = 0
        self.heard = []
        self._room = room
        self._first = first

    def room(self):
        return self._first + 8 if self._first and not self.heard else self._room

    def try_notify(self, row, data):
        if not self.alive:
            return False
        if self.full:
            self.full -= 1
            return False
        assert len(data) <= self._room
        self.heard.append((row, bytes(data)))
        return True

    def close(self):
        self.alive, self.closed = False, True


class Watch:
    """The service with its task. `answer(role, primary, message)` as for ExchangeService; counts what is worked on."""

    def __init__(self, answer, ticks_ms=lambda: 0):
        self._answer = answer
        self.worked = 0
        self.transfers = Transfers(ticks_ms)
        self.service = ExchangeService(self.transfers, self._work, ticks_ms)

    def _work(self, role, primary, message):
        self.worked += 1
        return self._answer(role, primary, message)

    def connect(self, **link):
        """A new link that has joined."""
        made = Link(**link)
        self.service.joined(made)
        return made

    def cut(self, link):
        """The link goes."""
        link.alive = False
        self.service.left(link)

    def settle(self):
        """Do what the task would do now, without one."""
        for _ in range(10_000):
            if not any(lane.busy for lane in self.service._lanes):
                return
            self.service._round()
        raise AssertionError("the service does not come to rest")


class Sender:
    """The other side of one message, step by step, after docs/bluetooth.md. A step sends or hears one fragment."""

    def __init__(self, watch, number, message):
        self.watch, self.number, self.message = watch, number.to_bytes(4, "big"), message
        self.answer = b""
        self.whole = -1

    @property
    def done(self):
        return len(self.answer) == self.whole

    def resume(self, link):
        """Where a new link goes on: the byte to send next, -1 if the answer is on its way."""
        state = self.watch.service.read(link, service.STATE)
        phase, held = state[1], state[6] << 8 | state[7]
        if phase == 0 or state[2:6] != self.number:
            return 0
        if phase == 1:
            return held
        self.write(link, 0, len(self.answer), b"")
        return -1

    def write(self, link, length, at, data):
        """One fragment to the watch."""
        head = self.number + length.to_bytes(2, "big") + at.to_bytes(2, "big")
        self.watch.service.written(link, service.IN, memoryview(head + data))

    def hear(self, link, most=-1):
        """Take what was notified, up to `most` bytes of the answer; True if there was more (a cut in it loses it)."""
        for row, data in link.heard:
            if row is not service.OUT:
                continue
            assert data[:4] == self.number
            if most >= 0 and len(self.answer) + len(data) - 8 > most:
                return True
            assert data[6] << 8 | data[7] == len(self.answer)
            self.whole = data[4] << 8 | data[5]
            self.answer += data[8:]
        link.heard.clear()
        return False
