"""The card of watch_card.py in bad air: beside nfcpy's datagrams its antenna understands some that disturb.

`WRONG <hex>` is a frame with a wrong CRC, `PARITY <hex>` one with a parity error, `STUCK <hex>` one that never ends,
`NOISE <hex>` bytes that the receiver takes for a frame, `LEFT <hex>` bytes that lie in the FIFO for no reason.
"""

import binascii
import json
import sys

from board.simulator.antenna import Antenna
from board.simulator.chips import st25r3916_names as n
from tests.interop.nfc.watch_card import make_card, serve_udp
from watch.kernel import loop


class DisturbedAntenna(Antenna):
    """An antenna that a test can disturb."""

    def hear(self, datagram):
        """Disturb, or pass on."""
        air = self.air
        kinds = {
            b"WRONG": lambda data: air.frame(data, crc_ok=False),
            b"PARITY": lambda data: air.frame(data, errors=(n.PAR,)),
            b"STUCK": lambda data: air.frame(data, ends=False),
            b"NOISE": lambda data: air.raw(data, ()),
            b"LEFT": air.leave_in_fifo,
        }
        kind, _, data = datagram.partition(b" ")
        if kind in kinds:
            kinds[kind](binascii.unhexlify(data))
        else:
            super().hear(datagram)


def main():
    """Serve until killed."""
    config = json.loads(sys.stdin.readline())
    _, host, port = config["link"].split(":")
    loop.run(serve_udp(make_card(config), host, int(port), DisturbedAntenna))


main()
