"""A thousand notifications a second beside readers and fingers: nobody waits, the queue is bounded, drops are counted.

In virtual time work takes no time, so what is seen there is who waits for whom. A reader that comes while the watch is
at work waits for that work, or for one strip of the picture it draws; how long that is on a board is estimated from
instructions by `load.reader_wait.ms_est` of the bench (tests/bench/load.py).
"""

import asyncio
import gc
import os

from support import scrubbing
from support.worn import PASSCODE, ready_board

from board.counting.devices import Nfc
from tests.firmware.payment.card_kit import VISA_AID, fill, gpo, select, terminal_values
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.payment.profiles.visa import VISA
from watch.services.notifications import PLACES, QUEUE
from watch.system.main import build

scrubbing.leave_out()
SHARE = "system"
TIMEOUT_S = 240

SECONDS = 600 if os.getenv("TAPWATCH_LONG") else 8
RATE = 1000
VISIT_MS, TOUCH_MS = 170, 230
LATE_MS = 100
PAYMENTS = 8
"""As many as one package of ten keys allows, as arming reserves three."""
RUNS = 60 if os.getenv("TAPWATCH_LONG") else 1
SMALL = 1_000
FRAMES = (b"\xe0\x80", b"\x02" + select(b"2PAY.SYS.DDF01"), b"\x03" + select(b"\xd2\x76\x00\x00\x85\x01\x01"))


def _payment():
    """What a reader sends for one payment with the Visa profile."""
    values = terminal_values(SMALL, 156, 156, t9F66="36004000")
    commands = (select(b"2PAY.SYS.DDF01"), select(VISA_AID), gpo(fill(VISA.pdol, values)), b"\x00\xb2\x01\x0c\x00")
    return [b"\xe0\x80"] + [bytes((0x02 | number & 1,)) + one for number, one in enumerate(commands)]


class _Waits:
    """How often somebody waited, the longest time, and how often that was too long. Grows with nothing."""

    def __init__(self):
        self.count = self.longest_ms = self.late = 0

    def add(self, ms):
        self.count += 1
        self.longest_ms = max(self.longest_ms, ms)
        self.late += ms > LATE_MS


class _Reader(Nfc):
    """Comes, asks for three things and goes; how long it waited for the first answer is written down."""

    def __init__(self, clock):
        super().__init__()
        self._clock = clock
        self._came_ms = -1
        self.waits = _Waits()

    def come(self, frames=FRAMES):
        self.frames = list(frames)
        self._came_ms = self._clock.ticks_ms()
        self.callback()

    def transmit(self, frame, length):
        super().transmit(frame, length)
        if self._came_ms >= 0:
            self.waits.add(self._clock.ticks_ms() - self._came_ms)
            self._came_ms = -1


class _Flood:
    """A worn watch, the phone, a reader and a finger, all at once."""

    def __init__(self):
        self.clock = VirtualTime(1_795_305_600)
        self.board = board = ready_board()
        board.clock, board.nfc = self.clock, _Reader(self.clock)
        self.watch = build(board)
        self.kept = self.watch.services.notifications
        self.posted = self.longest_queue = 0
        self.touches = _Waits()
        self.heap = []
        self.paid = 0

    async def phone(self, seconds=SECONDS):
        for second in range(seconds):
            for _ in range(RATE):
                self.posted += 1
                self.watch.services.phone.notify({"id": self.posted, "src": "Chat", "title": "Ada", "body": "Soup?"})
                self.longest_queue = max(self.longest_queue, len(self.kept._queue))
                await sleep_ms(1)
            if second % 60 == 6:
                gc.collect()
                self.heap.append(gc.mem_alloc())

    async def reader(self):
        while True:
            await sleep_ms(VISIT_MS)
            self.board.nfc.come()

    async def payer(self):
        """Presses twice and taps, as often as the keys of one package allow."""
        services = self.watch.services
        services.unlocked()
        for paid in range(PAYMENTS):
            await sleep_ms(VISIT_MS * 3)
            self.watch.navigator.button("double")
            assert services.wallet.armed, self.watch.stack.top.name
            await sleep_ms(TOUCH_MS)
            self.board.nfc.come(_payment())
            await sleep_ms(LATE_MS)
            assert len(services.history.payments) == paid + 1 and self.watch.stack.top.name == "sent"
        self.paid += PAYMENTS

    async def finger(self):
        """Opens and leaves the launcher, and waits until something is drawn."""
        while True:
            for y0, y1 in ((400, 100), (100, 400)):
                await sleep_ms(TOUCH_MS)
                before, since_ms = self.board.display.windows, self.clock.ticks_ms()
                self.board.touch.events += [[1, 200, y0], [1, 200, y1], [0, 200, y1]]
                self.board.touch.callback()
                while self.board.display.windows == before:
                    await sleep_ms(1)
                self.touches.add(self.clock.ticks_ms() - since_ms)

    async def live(self, works, seconds=SECONDS):
        tasks = [asyncio.create_task(self.watch.run())]
        await self.watch.services.guard.unlock(bytearray(PASSCODE))
        await sleep_ms(100)
        tasks += [asyncio.create_task(work()) for work in works]
        await self.phone(seconds)
        for task in tasks:
            task.cancel()
        await sleep_ms(1)


def test_a_thousand_notifications_a_second():
    flood = _Flood()
    run(flood.live((flood.reader, flood.finger)), flood.clock)
    reader, kept = flood.board.nfc, flood.kept
    visits, touches = reader.waits, flood.touches
    print(
        "NOTE R15, load: %d notifications in %d s, %d dropped and counted, %d of %d places used; %d visits of a reader"
        " waited at most %d ms of virtual time, %d touches at most %d ms; %d late"
        % (flood.posted, SECONDS, kept.dropped, len(kept), PLACES, visits.count, visits.longest_ms, touches.count,
           touches.longest_ms, visits.late + touches.late)
    )  # fmt: skip
    assert visits.late == touches.late == 0
    assert visits.count >= SECONDS * 1000 // VISIT_MS - 2 and touches.count >= SECONDS
    assert reader.sent == visits.count * len(FRAMES), "a frame was not answered"
    assert flood.longest_queue == QUEUE and len(kept) == PLACES
    assert flood.posted == len(kept) + len(kept._queue) + kept.dropped
    assert max(flood.heap) - flood.heap[0] < 4096, flood.heap


def test_payments_go_through_in_the_flood():
    """Armed by a double press, tapped a quarter of a second later: each is sent, and no frame of it waits."""
    paid, waits = 0, _Waits()
    for _ in range(RUNS):
        flood = _Flood()
        flood.board.nfc.waits = waits
        run(flood.live((flood.payer,), PAYMENTS), flood.clock)
        assert flood.board.nfc.sent == PAYMENTS * len(_payment()), "a frame was not answered"
        assert flood.kept.dropped > 0 and len(flood.watch.services.history.payments) == PAYMENTS
        paid += flood.paid
    print(
        "NOTE R15, payments: %d of %d sent among %d notifications a second; a tap waited at most %d ms of virtual time,"
        " %d late" % (paid, RUNS * PAYMENTS, RATE, waits.longest_ms, waits.late)
    )
    assert paid == RUNS * PAYMENTS and waits.late == 0 and waits.count == paid


def test_a_reader_that_comes_while_a_picture_is_drawn_waits_for_one_strip():
    flood = _Flood()
    board, seen = flood.board, []
    write = board.display.write

    def show(x, y, w, h, pixels):
        write(x, y, w, h, pixels)
        seen.append(board.nfc.sent)
        if len(seen) == 3:
            board.nfc.come()

    async def live():
        task = asyncio.create_task(flood.watch.run())
        await sleep_ms(100)
        flood.watch.stack.refresh()
        board.display.write = show
        flood.watch.navigator.tick()
        assert seen == [0, 0, 0] and board.nfc.sent == len(FRAMES), seen
        await sleep_ms(100)
        assert len(seen) > 3 + 502 * 410 * 2 // 16384, "then the whole picture is drawn"
        task.cancel()
        await sleep_ms(1)

    run(live(), flood.clock)
