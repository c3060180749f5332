"""The token exchange service: messages of docs/formats.md over Bluetooth, in the fragments of docs/bluetooth.md."""

from micropython import const

from watch.ble import gatt, roles, transfers
from watch.ble.gatt import Characteristic
from watch.kernel.clock import ticks_diff
from watch.kernel.loop import Flag, sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.ble.gatt import Link
    from watch.ble.transfers import Transfers

    Answer = Callable[[str, bool, memoryview], bytes]
    """Role of the sender, whether it is the primary phone, the message: gives the answer. `Desk.answer` is one."""

_ALLOWED = (roles.PHONE, roles.LOADER)
_NO_ROOM_MS = const(10)  # no event says when the stack has room again; about one connection interval
_STALLED_MS = const(10_000)  # a device that takes nothing for so long is sent away; its transfer waits for it

IN = Characteristic(gatt.OWN_UUID % "1001", gatt.WRITE | gatt.WRITE_NO_RESPONSE, gatt.VALUE_BYTES, _ALLOWED)
OUT = Characteristic(gatt.OWN_UUID % "1002", gatt.NOTIFY, gatt.VALUE_BYTES, _ALLOWED)
STATE = Characteristic(gatt.OWN_UUID % "1003", gatt.READ | gatt.NOTIFY, transfers.STATE_BYTES, _ALLOWED)


class _Lane:
    """What is to be done for one link."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.here = True
        self.tell = self.work = self.send = False
        self.stuck_since_ms = -1

    @property
    def busy(self) -> bool:
        return self.work or (self.here and (self.tell or self.send))

    def leave(self) -> None:
        """Nobody is there to be told; a message that is complete is worked on all the same."""
        self.here = False


class ExchangeService(gatt.Service):
    """Takes fragments from the radio's task; works and answers in a task of its own, `serve`."""

    uuid = gatt.OWN_UUID % "1000"
    rows = (IN, OUT, STATE)

    def __init__(self, held: "Transfers", answer: "Answer", ticks_ms: "Callable[[], int]") -> None:
        """`held` outlives the links. `answer` may raise nothing but bugs."""
        self._transfers = held
        self._answer = answer
        self._ticks_ms = ticks_ms
        self._lanes: "list[_Lane]" = []
        self._news = Flag()
        self._fragment = bytearray(gatt.VALUE_BYTES)
        self._view = memoryview(self._fragment)

    def joined(self, link: "Link") -> None:
        """Nothing is said: the device reads the state if it wants to go on. Its older link counts no more."""
        for lane in self._lanes:
            if lane.link.bond == link.bond:
                lane.leave()
        self._lanes = [lane for lane in self._lanes if lane.here or lane.work] + [_Lane(link)]

    def left(self, link: "Link") -> None:
        """What was under way waits for the next link of this bond."""
        lane = self._lane(link)
        if lane is not None:
            lane.leave()

    def written(self, link: "Link", row: Characteristic, data: memoryview) -> None:
        """Take a fragment."""
        lane = self._lane(link)
        if lane is None:
            return
        wanted = self._transfers.take(link.bond, data)
        if wanted == transfers.WORK:
            lane.work = True
        elif wanted == transfers.SEND:
            lane.send = True
        elif wanted == transfers.TELL:
            lane.tell = True
        if lane.busy:
            self._news.set()

    def lost(self, link: "Link") -> None:
        """Fragments were dropped: the device goes on from what the state says."""
        lane = self._lane(link)
        if lane is not None:
            lane.tell = True
            self._news.set()

    def forgotten(self, bond: int) -> None:
        """What another device of that number might read is overwritten."""
        self._transfers.forget(bond)

    def read(self, link: "Link", row: Characteristic) -> "Optional[bytes]":
        """The state of this bond's transfer."""
        return self._transfers.state(link.bond) if row is STATE else None

    async def serve(self) -> None:
        """The task: work on whole messages and send what is to be sent, for every link in turn, for ever."""
        while True:
            while any(lane.busy for lane in self._lanes):
                await sleep_ms(0 if self._round() else _NO_ROOM_MS)
            await self._news.wait()

    def _lane(self, link: "Link") -> "Optional[_Lane]":
        for lane in self._lanes:
            if lane.link is link and lane.here:
                return lane
        return None

    def _round(self) -> bool:
        """Do one thing for every link; False if none could be done."""
        moved = False
        for lane in self._lanes:
            if lane.busy and self._step(lane):
                moved = True
        self._lanes = [lane for lane in self._lanes if lane.here or lane.work]
        return moved

    def _step(self, lane: _Lane) -> bool:
        """Do one thing for a link; False if its stack has no room."""
        if lane.work:
            self._work(lane)
            return True
        moved = self._tell(lane) if lane.tell else self._send(lane)
        if moved:
            lane.stuck_since_ms = -1
        elif lane.stuck_since_ms < 0:
            lane.stuck_since_ms = self._ticks_ms()
        elif ticks_diff(self._ticks_ms(), lane.stuck_since_ms) > _STALLED_MS:
            lane.tell = lane.send = False
            lane.link.close()
        return moved

    def _work(self, lane: _Lane) -> None:
        """Work on a message, once, and begin to send the answer. A link that goes meanwhile loses nothing."""
        lane.work = False
        transfer = self._transfers.of(lane.link.bond)
        if transfer is None or transfer.phase != transfers.WORKING:
            return  # it gave way to another bond
        try:
            answer = self._answer(lane.link.role, lane.link.primary, transfer.message())
        except Exception:
            transfer.drop()  # a bug: it must reach the supervisor, and the device must not wait for an answer
            lane.tell = True
            raise
        if transfer.phase != transfers.WORKING:
            return  # the message has made the watch erase itself: nothing is held any more
        transfer.answer(answer)
        self._transfers.touch(transfer)
        for other in self._lanes:  # the device may have come back over another link
            other.send = other.send or other.link.bond == lane.link.bond

    def _tell(self, lane: _Lane) -> bool:
        told = lane.link.try_notify(STATE, self._transfers.state(lane.link.bond))
        lane.tell = not told
        return told

    def _send(self, lane: _Lane) -> bool:
        """Notify one fragment of the answer."""
        transfer = self._transfers.of(lane.link.bond)
        count = 0
        if transfer is not None:
            count = transfer.put(self._fragment, min(lane.link.room(), gatt.VALUE_BYTES))
        if transfer is None or not count:
            lane.send = False
            return True
        if not lane.link.try_notify(OUT, self._view[:count]):
            return False
        lane.send = transfer.sent(count)
        self._transfers.touch(transfer)
        return True
