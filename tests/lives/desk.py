"""A whole watch on a flash that can fail, and who is around it: the wearer, the reader, the bank's own hand.

The watch is the one that `watch.system.main.build` makes, screens and all. What costs time and decides nothing is left
out: drawing, breaking of lines, overwriting of free memory. Express mode is entered by `rest` alone, not by each tick.
"""

import asyncio
import gc

from support import scrubbing
from support.world import PASSCODE, World

from board.counting import board as counting
from board.counting.devices import Clock as CountingClock
from board.counting.devices import Motion as CountingMotion
from tests.firmware.storage.norflash import NorFlash
from tests.lives.chance import key_of
from tests.lives.reader import Port, frames
from watch.crypto import random as random_room
from watch.kernel.errors import LockedError, LostError, PasscodeError, StateError
from watch.system.main import build
from watch.ui.stack import Stack
from watch.ui.widget import Paragraph

SECTORS = 16
_FILLER = 0x7000
"""Records that fill the journal for a while."""


class SameEveryTime:
    """Stands for `os` in the random generator: a seed gives the same life each time."""

    @staticmethod
    def urandom(count):
        return bytes(count)


gc.threshold(8 << 20)  # half of the heap: a tap runs with the collector off and needs room
random_room.os = SameEveryTime
scrubbing.leave_out()
Stack.render = lambda self, can_wait=False: None
Paragraph._fit = lambda self, text: []


class Clock(CountingClock):
    """Its real-time clock can lose power."""

    lost = False

    def unix_s(self):
        return None if self.lost else super().unix_s()

    def set_unix_s(self, seconds):
        self.lost = False
        super().set_unix_s(seconds)


class Motion(CountingMotion):
    """Moves when the life says so."""

    still = False

    def moving(self):
        return not self.still


class Desk(World):
    """One watch from its first day on. `flash.fault` may be set at any time; `boot` is the next start."""

    def __init__(self, seed, issuer=None):
        """`issuer` makes one that provisions this watch; without it somebody else does."""
        self.seed = seed
        self.board = counting.build("240x240")
        self.board.clock = Clock(counting.BUILT_S)
        self.board.motion = Motion()
        self.flash = None
        self.boot(NorFlash(SECTORS))
        if issuer is not None:
            self.issuer = issuer(self.services.random)
            self.provision().set_passcode()

    @property
    def services(self):
        return self.watch.services

    @property
    def now_ms(self):
        """Milliseconds that never wrap."""
        return self.board.clock.now_us // 1000

    @property
    def now_s(self):
        """Security time."""
        return self.services.clock.security_s()

    def boot(self, flash):
        """The power is back. Raises PowerCut if it goes again."""
        asyncio.new_event_loop()  # tasks of the life before die with it
        self.flash = self.board.flash = flash
        self.board.nfc = Port()
        self.watch = build(self.board)
        self.watch.navigator._enter_express = lambda: None

    def breathe(self):
        """Let the tasks run that a deed has started."""
        asyncio.run(_breathe())

    def tick(self, moving):
        self.board.motion.still = not moving
        self.watch.navigator.tick()

    def enter(self, passcode=PASSCODE):
        """Enter a passcode as the screen does; False if it was wrong or none is taken."""
        self.board.clock.now_us += self.services.guard.wait_ms() * 1000
        try:
            self.unlock(passcode)
        except (PasscodeError, LostError):
            return False
        self.services.unlocked()
        self.watch.navigator._view.home()
        return True

    def press(self, kind):
        self.watch.navigator.button(kind)

    def rest(self):
        """The face is in front: express mode if that is possible."""
        return self.services.express.enter()

    def tap(self, commands):
        """A reader comes, asks all this and is gone; the answers to the commands."""
        port = self.board.nfc
        port.frames, port.answers = frames(commands), []
        self.watch._session.run()
        return [answer[1:] for answer in port.answers[1:]]

    def served(self):
        """What the watch does about it once the reader has gone."""
        self.watch._tap_served()

    def keys(self):
        """ATCs that are in RAM."""
        cards = self.services.wallet.armed or [self.services.express.card]
        return [key.atc for card in cards if card is not None for key in card.keys if not key.used]

    def package_of(self, name, **content):
        """A package with keys that only this life has."""
        request = self.services.issuance.request(name, self.issuer.service.key_id)
        plaintext = self.issuer.content(name, **content)
        for entries in (plaintext[16], plaintext[22][2] if plaintext[22] else ()):
            for entry in entries:
                entry[1] = key_of(self.seed, name, entry[0])
        return self.issuer.package(request, self.services.receipt_key.public(), plaintext)

    def merchant_code(self, text):
        """The phone brings a merchant's code to a wearer who looks at the face; None if it is not taken now."""
        self.watch.navigator._view.home()
        try:
            return self.watch.navigator.merchant_code(text)
        except (LockedError, StateError):
            return None

    def fill(self):
        """Use up the journal."""
        journal = self.services.journal
        place = 0
        while journal.free_bytes() > 100:
            journal.commit({_FILLER + place: bytes(min(3900, journal.free_bytes() - 40))})
            place += 1

    def drain(self):
        """Give the room back."""
        journal = self.services.journal
        journal.commit({key: None for key in journal.keys() if key >= _FILLER})  # noqa: SIM118 - no dict


async def _breathe():
    for _ in range(4):
        await asyncio.sleep_ms(0)
