"""Whole taps as frames: from field-on through the block protocol and the router to the card, and what they cost."""

import gc

from tests.firmware.nfc.fake_port import FakePort, QuietPort
from tests.firmware.payment.card_kit import (
    MASTERCARD_AID,
    VISA_AID,
    armed,
    fill,
    generate_ac,
    gpo,
    select,
    terminal_values,
)
from watch.access.states import NFC_CARD
from watch.kernel.clock import Clock
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.payment.card import EmvCard
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA

RATS = b"\xe0\x80"
RECORD = b"\x00\xb2\x01\x0c\x00"
MOST_ALLOCATED = 4096


class Ticks:
    """Time stands still."""

    def ticks_ms(self):
        """Always the same."""
        return 0


def commands(profile, **values):
    """The APDUs of one tap."""
    known = terminal_values(**values)
    start = [select(b"2PAY.SYS.DDF01")]
    if profile == "visa":
        return start + [select(VISA_AID), gpo(fill(VISA.pdol, known)), RECORD]
    return start + [select(MASTERCARD_AID), gpo(), RECORD, generate_ac(0x80, fill(MASTERCARD.cdol1, known))]


def frames(profile, **values):
    """The same as frames of a reader that does everything right."""
    blocks = [bytes((2 | number & 1,)) + command for number, command in enumerate(commands(profile, **values))]
    return [RATS] + blocks


def session(profile, port, **kept):
    """(armed card, session) of a watch with one card armed."""
    ready = armed(profile, **kept)
    card = EmvCard(lambda: 0)
    card.set_state(NFC_CARD)
    card.load(ready)
    return ready, FieldSession(port, Router(card.applications), Clock(Ticks(), 0), lambda: None)


def used(ready):
    """ATCs of the keys taken."""
    return [key.atc for key in ready.keys if key.used]


def test_field_loss_after_every_frame_is_no_half_payment():
    for profile in ("visa", "mastercard"):
        script = frames(profile)
        paid_at = len(script) - (1 if profile == "visa" else 0)  # frames until the cryptogram was sent
        for cut in range(len(script) + 1):
            port = FakePort(script[:cut] + [-1] + script)
            ready, served = session(profile, port)
            served.run()
            lost = 1 if cut >= paid_at else 0
            assert used(ready) == [7, 8][:lost], (profile, cut)
            served.run()
            assert used(ready) == [7, 8][: lost + 1], (profile, cut)
            assert ready.outcome.result == "sent"
            assert port.sent[-1][-2:] == b"\x90\x00"


def test_repeated_and_reordered_frames_burn_at_most_three_keys():
    for profile in ("visa", "mastercard"):
        script = frames(profile)
        burnt = 0
        for first in range(1, len(script)):
            for second in range(1, len(script)):
                order = script[: first + 1] + [script[second]] + script[first:] + script[1:] + script[1:]
                ready, served = session(profile, FakePort(order))
                served.run()
                assert used(ready) == [7, 8, 9][: len(used(ready))]
                burnt = max(burnt, len(used(ready)))
        assert burnt == 3, "the orders tried are too tame"


def allocated(profile, **values):
    """Bytes allocated by one tap with the collector off."""
    port = QuietPort(frames(profile, **values))
    _, served = session(profile, port)
    gc.collect()
    gc.disable()
    try:
        before = gc.mem_alloc()
        served.run()
        return gc.mem_alloc() - before
    finally:
        gc.enable()


def test_memory_of_a_tap():
    for profile in ("visa", "mastercard"):
        for amount in (1234, 30_000, 60_000):
            cost = allocated(profile, amount=amount)
            print("NOTE bytes allocated by a", profile, "tap of", amount, "cents:", cost)
            assert cost <= MOST_ALLOCATED, (profile, amount, cost)


def test_heap_is_flat_over_a_thousand_taps():
    for profile in ("visa", "mastercard"):
        port = QuietPort(frames(profile))
        _, served = session(profile, port)
        served.run()
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(1000):
            port.rewind()
            served.run()
        gc.collect()
        assert gc.mem_alloc() <= before, (profile, gc.mem_alloc() - before)
