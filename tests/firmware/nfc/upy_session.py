"""Serving a reader: the synchronous run, its limits, and what happens when the field goes."""

import asyncio
import gc

import micropython

from tests.firmware.nfc.fake_port import FakePort, QuietPort
from watch.kernel import loop
from watch.kernel.clock import Clock
from watch.nfc.session import FieldSession

RATS = b"\xe0\x80"


class Source:
    """A tick counter that the test moves."""

    def __init__(self, now_ms=0):
        self.now_ms = now_ms

    def ticks_ms(self):
        """Milliseconds, wrapping as on the board."""
        return self.now_ms & 0x3FFFFFFF

    def unix_s(self):
        """No clock chip."""


class Card:
    """Keeps what happened."""

    def __init__(self):
        self.log = []
        self.collecting = None

    def select(self):
        """Activated."""
        self.log.append("select")

    def deselect(self):
        """Released."""
        self.log.append("deselect")

    def apdu(self, request, length, reply):
        """9000."""
        self.collecting = gc.isenabled()
        self.log.append(request[0])
        reply[0], reply[1] = 0x90, 0x00
        return 2


class TimedPort(FakePort):
    """Each step of the script costs time; keeps the waits it was asked for."""

    def __init__(self, source, script, step_ms):
        super().__init__(script)
        self.source = source
        self.step_ms = step_ms
        self.waits = []

    def receive(self, frame, timeout_us):
        """One step, later."""
        self.waits.append(timeout_us)
        self.source.now_ms += self.step_ms
        return super().receive(frame, timeout_us)


def session(script, step_ms=10, start_ms=0):
    """A session over a scripted reader."""
    source = Source(start_ms)
    port = TimedPort(source, script, step_ms)
    card = Card()
    return FieldSession(port, card, Clock(source, 0), lambda: None), port, card


def test_one_tap_from_field_on_to_field_off():
    served, port, card = session([RATS, b"\x02\x01", b"\x03\x02", -1])
    served.run()
    assert card.log == ["select", 1, 2, "deselect"]
    assert port.sent[1:] == [b"\x02\x90\x00", b"\x03\x90\x00"]


def test_collector_is_off_during_the_tap_and_restored():
    served, _, card = session([RATS, b"\x02\x01", -1])
    served.run()
    assert card.collecting is False
    assert gc.isenabled()
    gc.disable()
    try:
        session([-1])[0].run()
        assert not gc.isenabled(), "was off before"
    finally:
        gc.enable()


def test_field_loss_after_every_frame():
    frames = [RATS, b"\x02\x01", b"\x13\x02", b"\x02\x03", b"\xc2"]
    for cut in range(len(frames) + 1):
        served, _, card = session(frames[:cut] + [-1, RATS, b"\x02\x09", -1])
        served.run()
        assert card.log.count("select") == card.log.count("deselect"), cut
        served.run()
        assert card.log[-3:] == ["select", 9, "deselect"], cut


def test_the_first_run_ends_after_two_seconds_and_later_ones_sooner():
    nak = b"\xb2"
    served, port, card = session([RATS] + [nak] * 1000, step_ms=100)
    served.run()
    assert len(port.waits) == 20
    assert max(port.waits) == 500_000 and port.waits[-1] == 100_000
    assert card.log == ["select"], "the card stays activated while the field stays"
    port.waits.clear()
    served.run()
    assert len(port.waits) == 1
    assert max(port.waits) <= 5_000


def test_ticks_may_wrap_during_a_tap():
    served, port, _ = session([RATS] + [b"\xb2"] * 100, step_ms=100, start_ms=(1 << 30) - 500)
    served.run()
    assert len(port.waits) == 20


def test_a_slow_reader_is_served_frame_by_frame():
    served, _, card = session([RATS, 0, b"\x02\x01", 0, b"\x03\x02", 0, -1])
    for _ in range(4):
        served.run()
    assert card.log == ["select", 1, 2, "deselect"]


def test_a_silent_field_ends_the_run():
    served, port, card = session([0])
    served.run()
    assert len(port.waits) == 1
    assert card.log == []


class StillCard(Card):
    """Answers without allocating."""

    def select(self):
        """Nothing."""

    def deselect(self):
        """Nothing."""

    def apdu(self, request, length, reply):
        """9000."""
        reply[0] = 0x90
        reply[1] = 0x00
        return 2


def test_a_run_allocates_nothing_of_its_own():
    port = QuietPort([RATS, b"\x02\x01", b"\x03\x02", b"\xb3", b"\xc2"])
    served = FieldSession(port, StillCard(), Clock(Source(), 0), lambda: None)
    micropython.heap_lock()
    try:
        served.run()
        served.run()
    finally:
        micropython.heap_unlock()
    assert port.sent_bytes == 5 + 3 + 3 + 3 + 1


def test_the_task_runs_when_the_radio_calls():
    loop.run(run_two_taps())


async def run_two_taps():
    ended = []
    source = Source()
    port = TimedPort(source, [RATS, b"\x02\x01", -1, RATS, b"\x02\x02", -1], 1)
    card = Card()
    served = FieldSession(port, card, Clock(source, 0), lambda: ended.append(len(card.log)))
    task = asyncio.create_task(served.serve())
    await loop.sleep_ms(1)
    assert card.log == []
    for tap in (1, 2):
        port.callback()
        while len(ended) < tap:
            await loop.sleep_ms(1)
    assert ended == [3, 6]
    task.cancel()
    await loop.sleep_ms(1)


def test_who_works_for_long_lets_a_reader_in_once():
    loop.run(look_in_twice())


async def look_in_twice():
    ended = []
    source = Source()
    port = TimedPort(source, [RATS, b"\x02\x01", -1, -1, RATS, -1], 1)
    card = Card()
    served = FieldSession(port, card, Clock(source, 0), lambda: ended.append(len(card.log)))
    task = asyncio.create_task(served.serve())
    await loop.sleep_ms(1)
    assert not served.look_in(), "nobody is there"
    port.callback()
    assert served.look_in() and card.log == ["select", 1, "deselect"] and ended == []
    assert not served.look_in(), "what came of it is looked at first"
    while not ended:
        await loop.sleep_ms(1)
    port.callback()
    assert served.look_in() and card.log[3] == "select"
    task.cancel()
    await loop.sleep_ms(1)


def test_cancelling_the_task_releases_the_card():
    loop.run(cancel_in_a_tap())


async def cancel_in_a_tap():
    source = Source()
    port = TimedPort(source, [RATS, b"\x02\x01", 0], 1)
    card = Card()
    task = asyncio.create_task(FieldSession(port, card, Clock(source, 0), lambda: None).serve())
    port.callback()
    for _ in range(3):
        await loop.sleep_ms(1)
    assert card.log == ["select", 1]
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        # What the test asked for.
        assert card.log[-1] == "deselect"
        return
    raise AssertionError("the task went on")


class GreedyCard(Card):
    """Allocates far more than a card may, to get to the end of the heap soon."""

    def apdu(self, request, length, reply):
        """A big block, dropped at once."""
        bytearray(200_000)
        return super().apdu(request, length, reply)


async def serve_greedy_taps(taps):
    """Tap after tap, and nothing else that would make the collector run."""
    ended = []
    source = Source()
    port = TimedPort(source, [RATS, b"\x02\x01", -1] * taps, 1)
    card = GreedyCard()
    session = FieldSession(port, card, Clock(source, 0), lambda: ended.append(card.log.clear()))
    task = asyncio.create_task(session.serve())
    for number in range(taps):
        port.callback()
        while len(ended) <= number and not task.done():
            await loop.sleep_ms(0)
    task.cancel()
    await task


def test_a_run_never_begins_with_a_full_heap():
    before = gc.threshold()
    try:
        loop.run(serve_greedy_taps(200))  # 40 MB
    except asyncio.CancelledError:
        pass
    assert gc.threshold() == before


def test_the_heap_guard_can_fail():
    gc.disable()  # as if nobody collected between the runs
    try:
        loop.run(serve_greedy_taps(200))
    except MemoryError:
        return
    finally:
        gc.enable()
    raise AssertionError("the heap did not fill up: the test above shows nothing")


class CallingPort(FakePort):
    """A chip whose interrupt line never falls: it calls again after each run. Gives up when nobody else had a turn."""

    runs = 0

    def receive(self, frame, timeout_us):
        """No field, and another call."""
        self.runs += 1
        if self.runs == 100:
            raise OSError(5)
        self.callback()
        return -1


def test_a_radio_that_calls_without_end_leaves_the_others_their_turn():
    loop.run(beside_a_calling_radio())


async def beside_a_calling_radio():
    port = CallingPort()
    task = asyncio.create_task(FieldSession(port, Card(), Clock(Source(), 0), lambda: None).serve())
    port.callback()
    for turn in range(10):
        await asyncio.sleep_ms(0)
        assert port.runs <= turn + 2, "the screen task waits for ever: nothing disarms, no button locks"
    task.cancel()
    await loop.sleep_ms(1)
