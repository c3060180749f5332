"""Taps at a card without a watch around it: quick enough for every test run."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.radios import DrivenRadio
from tests.bench.scenes.reader import CHINA, KERNELS, RATS, frames
from tests.firmware.payment.card_kit import armed
from watch.access.states import NFC_CARD
from watch.kernel.clock import Clock
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.payment.card import EmvCard

_GARBAGE_BYTES = 5000
R_NAK = b"\xb2"
FRAMES = 20


class StoppedClock:
    """Time stands still."""

    def ticks_ms(self):
        """Always the same."""
        return 0


class Wasteful:
    """A card that computes and allocates without need at each command: what a budget must notice."""

    def __init__(self, card):
        self._card = card
        self.select, self.deselect = card.select, card.deselect

    def apdu(self, request, length, reply):
        """As the card does, and waste."""
        for _ in range(20_000):
            pass
        self.kept = bytearray(_GARBAGE_BYTES)
        return self._card.apdu(request, length, reply)


def _tap(marks, radio, prefix, profile, around=None):
    emv = EmvCard(lambda: 0)
    emv.offer([profile])
    emv.set_state(NFC_CARD)
    ready = armed(profile, keys=1, f11=CHINA, f12=CHINA)
    emv.load(ready)
    card = Router(emv.applications)
    session = FieldSession(radio.port, around(card) if around else card, Clock(StoppedClock(), 0), lambda: None)
    names, script = frames(profile)
    radio.play(prefix, names, script)
    gc.collect()
    marks.cut(NOT_OURS)
    session.run()
    marks.cut(radio.name)
    if ready.outcome.result != "sent":
        raise RuntimeError("the tap was not answered")


def bare_taps(marks):
    """One tap of each kernel, with the real radio driver, after one that is not counted; and one wasteful tap."""
    radio = DrivenRadio(marks)
    for kernel, profile in KERNELS:
        _tap(marks, radio, "warm-up/", profile)
        _tap(marks, radio, f"driver/{kernel}/", profile)
    _tap(marks, radio, "wasteful/kernel3/", "visa", Wasteful)
    return {"taps": dict.fromkeys(("kernel3", "kernel2"), 1), "spi": radio.spi}


class _NoCard:
    """Below the card: for frames that never become a command."""

    def select(self):
        """Nothing to do."""

    def deselect(self):
        """Nothing to do."""


def short_frames(marks):
    """The shortest frame that is always answered, by an R(ACK): a reader's question whether the card is still there."""
    radio = DrivenRadio(marks)
    session = FieldSession(radio.port, _NoCard(), Clock(StoppedClock(), 0), lambda: None)
    for prefix in ("warm-up/", "frame/"):
        radio.play(prefix, ["rats"] + ["block"] * FRAMES, [RATS] + [R_NAK] * FRAMES)
        gc.collect()
        marks.cut(NOT_OURS)
        session.run()
        marks.cut(radio.name)
    return {"frames": FRAMES, "spi": radio.spi}
