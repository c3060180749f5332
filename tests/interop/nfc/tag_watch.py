"""A watch without a screen whose tag is told what to say, with both test cards armed, behind the simulated antenna.

Runs inside MicroPython. The first line of its input is JSON: {"port": UDP port, "address": Bluetooth address in hex,
"keys": {profile: [[atc, key hex], ...]}}; it prints READY. Each further line is JSON [what, argument], answered in JSON
by "ok", by the code of an error, or by what was asked for:

    ["receipt", link]  ["pairing", bool]  ["own", hex or null]  ["lose", text]  ["found", null]  ["lock", null]
    ["unlock", null]  ["wait", seconds]  ["arm", keys]  ["used", null] (ATCs of used keys by profile)
"""

import asyncio
import asyncio.core
import json
import sys
import time

from support.world import PASSCODE, World

from board.simulator.antenna import Antenna
from tests.interop.nfc.armed import NOW_S, arm, armed_cards
from watch.kernel import loop
from watch.kernel.clock import Clock
from watch.kernel.errors import WatchError
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.system.tag import Tag

ISSUER = b"issuer--"


class Ticks:
    """Real time for the radio; the watch's own stands still until it is told to `wait`."""

    ticks_ms = staticmethod(time.ticks_ms)

    def unix_s(self):
        """No real-time clock here."""


class TagWatch:
    """The watch and its tag."""

    def __init__(self, config):
        self.world = World().set_passcode()
        services = self.world.services
        self.tag = Tag(services, bytes.fromhex(config["address"]))
        ndef = NdefTag(self.tag.message)
        self.tag.listen(ndef.deselect)
        self.card, self.armed = arm(config["keys"])
        self.antenna = Antenna("127.0.0.1", config["port"])
        self.antenna.radio.arm(b"\x08\x12\x34\x56", b"\x04\x00", 0x20)
        router = Router(self.card.applications + (ndef,))
        self.session = FieldSession(self.antenna.radio, router, Clock(Ticks(), NOW_S), lambda: None)

    def obey(self, what, argument):
        """One line of input; returns the answer."""
        guard = self.world.services.guard
        if what == "receipt":
            self.tag.receipt(argument)
        elif what == "pairing":
            self.tag.pairing(argument)
        elif what == "own":
            self.tag.set_own(None if argument is None else bytes.fromhex(argument))
        elif what == "lose":
            guard.lose(ISSUER, argument, {})
        elif what == "found":
            guard.found(ISSUER, {})
        elif what == "lock":
            guard.lock()
        elif what == "wait":
            self.world.board.clock.now_us += argument * 1_000_000
            self.tag.tick()
        elif what == "arm":
            self.armed = armed_cards(argument)
            for armed in self.armed.values():
                self.card.load(armed)
        elif what == "used":
            return {name: [key.atc for key in armed.keys if key.used] for name, armed in self.armed.items()}
        else:
            raise ValueError(what)
        return "ok"

    async def listen(self):
        """Read lines for ever."""
        while True:
            await readable(sys.stdin)
            what, argument = json.loads(sys.stdin.readline())
            try:
                if what == "unlock":
                    await self.world.services.guard.unlock(bytearray(PASSCODE))
                    answer = "ok"
                else:
                    answer = self.obey(what, argument)
            except WatchError as error:
                answer = error.code
            print(json.dumps(answer))

    async def run(self):
        """Serve until killed."""
        print("READY")
        await asyncio.gather(self.antenna.pump(), self.session.serve(), self.listen())


def readable(stream):
    """Wait for input."""
    yield asyncio.core._io_queue.queue_read(stream)


def main():
    """Serve until killed."""
    watch = TagWatch(json.loads(sys.stdin.readline()))
    loop.run(watch.run())


main()
