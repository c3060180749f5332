"""Whole taps at a whole watch, cut into their commands."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.radios import DrivenRadio, PlainRadio
from tests.bench.scenes.reader import EXPRESS, KERNELS, frames
from tests.bench.scenes.worn import CLOSED_LOOP, MASTERCARD, VISA, unlock, without_scrub, worn_watch
from watch.nfc.session import FieldSession

_TOKENS = {"visa": VISA, "mastercard": MASTERCARD}
TAPS = 2
"""Counted of each kind, after one that is not: the first one looks names up the long way."""
REARM = "rearm/express"
"""Once the reader has gone: one record, the next key."""


class _Desk:
    """The watch, and a reader on one of the two radios."""

    def __init__(self, marks):
        self._marks = marks
        self.watch, board = worn_watch()
        self._flash = board.flash
        self.flash = 0
        """Flash operations while readers were served."""

    def use(self, radio):
        """Put the reader there."""
        self._radio = radio
        self._session = FieldSession(radio.port, self.watch.card, self.watch.services.clock, lambda: None)

    def tap(self, card, prefix, profile):
        """One tap; all parts are named but what follows it."""
        flash = self._flash
        names, script = frames(profile)
        self._radio.play(prefix, names, script)
        gc.collect()
        before = flash.reads + flash.programs + flash.erases
        self._marks.cut(NOT_OURS)
        self._session.run()
        self._marks.cut(self._radio.name)
        self.flash += flash.reads + flash.programs + flash.erases - before
        if card.outcome.result != "sent" or not card.outcome.complete:
            raise RuntimeError("the tap was not answered")

    def taps(self, kind):
        """Taps of both kernels, with an armed card."""
        wallet = self.watch.services.wallet
        for kernel, profile in KERNELS:
            wallet.choose(_TOKENS[profile])
            for i in range(1 + TAPS):
                card = wallet.arm()[0]
                self.tap(card, f"{kind}/{kernel}/" if i else "warm-up/", profile)
                self.watch.card.served()

    def express_taps(self, kind):
        """Taps in express mode, after a passcode, which sets its counters to zero."""
        express = self.watch.services.express
        express.choose(CLOSED_LOOP)
        unlock(self.watch)
        for i in range(2):
            express.enter()
            self.tap(express.card, f"{kind}/{EXPRESS}/" if i else "warm-up/", "closed-loop")
            self._marks.cut(NOT_OURS)
            self.watch.card.served()
            self._marks.cut(REARM if i else NOT_OURS)
        express.choose(None)


def watch_taps(marks):
    """Taps on both radios. Notes: bytes of frames, SPI transfers, flash operations in taps."""
    without_scrub()
    desk = _Desk(marks)
    plain, driven = PlainRadio(marks), DrivenRadio(marks)
    for kind, radio in (("card", plain), ("driver", driven)):
        desk.use(radio)
        desk.taps(kind)
        desk.express_taps(kind)
    taps = {kernel: TAPS for kernel, _ in KERNELS}
    taps[EXPRESS] = 1
    return {"taps": taps, "air": plain.air, "spi": driven.spi, "flash": desk.flash}
