"""The hot path and the parsers on one corpus, inside any MicroPython; stage.py names the calls.

Lines that begin with `=` must be the same on every interpreter; those that begin with `#` are measured.
"""

import gc
import sys

import micropython

from tests.firmware.nfc.fake_port import FakePort, QuietPort
from tests.firmware.payment.card_kit import (
    CLOSED_LOOP_AID,
    MASTERCARD_AID,
    VISA_AID,
    armed,
    fill,
    generate_ac,
    gpo,
    select,
    terminal_values,
)
from tests.wasm import corpus
from watch.access.states import NFC_CARD
from watch.kernel.clock import Clock
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.payment.card import EmvCard
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA
from watch.payment.spending import Spending

NO_LIMIT = {1: 1 << 40, 2: 1 << 40, 3: 1 << 40, 4: 5, 5: 1 << 40, 6: 1 << 40, 7: 900}
CARDS = (
    ("visa", 0x12),
    ("visa", 0x22),
    ("visa", 0x43),
    ("mastercard", 0x14),
    ("mastercard", 0x15),
    ("closed-loop", 0x12),
)
AMOUNTS = (1, 1234, 99_999_999, 100_000_000, (1 << 30) - 1, 1 << 30, (1 << 32) + 7, 999_999_999_999)
AIDS = {"visa": VISA_AID, "mastercard": MASTERCARD_AID, "closed-loop": CLOSED_LOOP_AID}
RATS, RATS_SMALL = b"\xe0\x80", b"\xe0\x00"
NAK, ACK, DESELECT = b"\xb2", b"\xa3", b"\xc2"
RECORD = b"\x00\xb2\x01\x0c\x00"


class Ticks:
    """Time that stands still."""

    def ticks_ms(self):
        return 0


def commands(profile, amount, **more):
    """The APDUs of one tap."""
    values = terminal_values(amount, **more)
    start = [select(b"2PAY.SYS.DDF01"), select(AIDS[profile])]
    if profile == "mastercard":
        return start + [gpo(), RECORD, generate_ac(0x80, fill(MASTERCARD.cdol1, values))]
    return start + [gpo(fill(VISA.pdol, values)), RECORD]


def blocks(apdus):
    """The same in I-blocks after activation."""
    return [RATS] + [bytes((2 | at & 1,)) + apdu for at, apdu in enumerate(apdus)]


def chained(apdus):
    """The same for a reader with frames of 16 bytes, which chains what it sends and asks for the rest of answers."""
    frames, block = [RATS_SMALL], 0
    for apdu in apdus:
        for at in range(0, len(apdu), 13):
            more = at + 13 < len(apdu)
            frames.append(bytes((0x12 if more else 0x02 | 0,)) + apdu[at : at + 13])
            block ^= 1
        frames += [bytes((0xA2 | at & 1,)) for at in range(20)]
    return frames


def session(profile, cvn, port, spending=None, **kept):
    """(armed card, session)."""
    ready = armed(profile, limits=None, spending=spending, f20=cvn, f15=dict(NO_LIMIT), **kept)
    card = EmvCard(lambda: 4_000_000_000)
    card.set_state(NFC_CARD)
    card.load(ready)
    return ready, FieldSession(port, Router(card.applications), Clock(Ticks(), 0), lambda: None)


def tap(name, profile, cvn, frames, **kept):
    """One visit; every frame that the card sends is told."""
    gc.collect()  # arming sees to it on the watch: in the field the collector is off
    port = FakePort(frames)
    ready, served = session(profile, cvn, port, **kept)
    served.run()
    spent = ready.spending.fields()
    print("=", name, profile, "%02x" % cvn, [frame.hex() for frame in port.sent], ready.outcome.result, spent)


def taps():
    """Whole taps: every version, amounts beyond 31 bits, the highest ATC, each way of disturbing a reader."""
    for profile, cvn in CARDS:
        for amount in AMOUNTS:
            for cdcvm in (True, False):
                spending = Spending(20_779, 1 << 30, 2, (1 << 31) - 5)
                frames = blocks(commands(profile, amount))
                tap("tap", profile, cvn, frames, cdcvm=cdcvm, first_atc=0xFFFD, spending=spending)
        whole = blocks(commands(profile, 1234, t9F34="010302"))
        tap("chained", profile, cvn, chained(commands(profile, 1234)))
        for at in range(len(whole) + 1):
            tap("cut %d" % at, profile, cvn, whole[:at] + [-1] + whole)
            tap("twice %d" % at, profile, cvn, whole[:at] + whole[max(0, at - 1) :])
            tap(
                "other %d" % at,
                profile,
                cvn,
                whole[:at] + [NAK, ACK, b"\x02", b"\x02\x80\xca\x9f\x36\x00"] + whole[at:],
            )
        tap("deselect", profile, cvn, whole + [DESELECT] + whole)


def allocated(run):
    """Bytes that one call allocates with the collector off."""
    gc.collect()
    gc.disable()
    try:
        before = gc.mem_alloc()
        run()
        return gc.mem_alloc() - before
    finally:
        gc.enable()


def used():
    """Bytes in use after a collection, where one is possible here."""
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def memory():
    """What a tap allocates, and what frames allocate."""
    print("# word", allocated(lambda: [None] * 1000) // 1000)
    for profile, cvn in CARDS:
        for amount in (1234, (1 << 32) + 7, 999_999_999_999):
            port = QuietPort(blocks(commands(profile, amount)))
            served = session(profile, cvn, port)[1]
            print("# tap", profile, "%02x" % cvn, amount, allocated(served.run))
    frames_alone()


class Growth:
    """The heap after many armings and taps, against that after the first."""

    def __init__(self, profile, cvn):
        self.name = "%s %02x" % (profile, cvn)
        self._card = EmvCard(lambda: 4_000_000_000)
        self._card.set_state(NFC_CARD)
        self._port = QuietPort(blocks(commands(profile, 999_999_999_999)))
        self._session = FieldSession(self._port, Router(self._card.applications), Clock(Ticks(), 0), lambda: None)
        self._arm = lambda: armed(profile, keys=1, f20=cvn, f15=dict(NO_LIMIT))
        self._before = 0

    def taps(self, count):
        """So many, each with a card that is armed anew."""
        for _ in range(count):
            ready = self._arm()
            self._card.load(ready)
            self._port.rewind()
            self._session.run()
            if ready.outcome.result != "sent":
                raise AssertionError("the tap was not answered")
            self._card.unload()
            ready.zero()

    def mark(self):
        """From here on it may not grow."""
        self._before = used()

    def tell(self, runs):
        print("# growth", self.name, runs, used() - self._before)


def frames_alone():
    """Frames that never become a command, with the heap locked: one allocation would be an error."""
    port = QuietPort([RATS])
    served = session("visa", 0x12, port)[1]
    isodep = served._isodep
    frames = [
        b"\xd0\x11\x00",
        NAK,
        ACK,
        b"\xf2\x01",
        b"\x12" + bytes(13),
        b"\x13" + bytes(13),
        b"",
        b"\xff" * 9,
        b"\x02",
    ]
    served.run()
    isodep.frame[:2] = RATS
    isodep.handle(2)
    micropython.heap_lock()
    try:
        for frame in frames:
            for i in range(len(frame)):
                isodep.frame[i] = frame[i]
            isodep.handle(len(frame))
    finally:
        micropython.heap_unlock()
    print("# frames", len(frames), 0)


def main():
    print("#", sys.implementation[0], sys.maxsize)
    taps()
    corpus.parsers()
    memory()
