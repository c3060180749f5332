"""A watch reduced to its card, for independent reader software: test tokens behind the real NFC path.

Runs inside MicroPython. The first line of its input is JSON: {"link": "udp:HOST:PORT" or "vpcd:HOST:PORT",
"profiles": [...], "keys": {profile: [[atc, key hex], ...]}}. Prints READY once it can be tapped.
"""

import asyncio
import json
import sys
import time

from board.simulator.antenna import Antenna
from tests.interop.nfc.armed import NOW_S, arm
from watch.kernel import loop
from watch.kernel.clock import Clock
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router
from watch.nfc.session import FieldSession

NDEF_MESSAGE = b"\xd1\x01\x0cU\x04example.org"


class Ticks:
    """The part of a clock source that the NFC path uses."""

    ticks_ms = staticmethod(time.ticks_ms)

    def unix_s(self):
        """No real-time clock here."""


class Card(Router):
    """A router that a link can tell what happened."""

    def served(self):
        """There is no screen to show it on."""

    def silent(self):
        """It always answers."""
        return False


def make_card(config):
    """The router over an EMV card with every configured token armed."""
    card, _ = arm({profile: config["keys"][profile] for profile in config["profiles"]})
    return Card(card.applications + (NdefTag(lambda: NDEF_MESSAGE),))


async def serve_udp(router, host, port, make_antenna=Antenna, low_power=False):
    """Be tapped over the simulated antenna."""
    antenna = make_antenna(host, port, low_power)
    antenna.radio.arm(b"\x08\x12\x34\x56", b"\x04\x00", 0x20)
    session = FieldSession(antenna.radio, router, Clock(Ticks(), NOW_S), lambda: None)
    print("READY")
    await asyncio.gather(antenna.pump(), session.serve())


async def serve_vpcd(router, host, port):
    """Be tapped through PC/SC."""
    from board.simulator.vpcd import VpcdLink

    print("READY")
    await VpcdLink(host, port, router, b"\x08\x12\x34\x56").run()


def main():
    """Serve until killed."""
    config = json.loads(sys.stdin.readline())
    kind, host, port = config["link"].split(":")
    card = make_card(config)
    if kind == "udp":
        loop.run(serve_udp(card, host, int(port), low_power=config.get("low_power", False)))
    else:
        loop.run(serve_vpcd(card, host, int(port)))


if __name__ == "__main__":
    main()
