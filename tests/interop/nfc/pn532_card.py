"""The card of watch_card.py behind the modelled PN532 and its driver, at nfcpy's `udp:` antenna."""

import binascii
import json
import select
import socket
import sys
import time

from board.simulator.chips.pn532 import Pn532 as Chip
from board.simulator.chips.pn532_wires import Uart
from drivers.pn532 import Pn532
from drivers.pn532_hsu import Hsu
from tests.interop.nfc.watch_card import NOW_S, Clock, FieldSession, Ticks, make_card

POLLS = (b"\x26", b"\x52")
LOOK_MS = 2
LISTENING = (0x8C, 0x88)
"""Commands with which the chip hears a reader."""


class Air(Uart):
    """A serial port that lets the air in while nothing comes."""

    def __init__(self, chip, port):
        super().__init__(chip)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._reader = None
        chip.on_transmit = self._say

    def any(self):
        """How many bytes have come from the chip."""
        self.chip.time.settle()
        if not super().any():
            self.look(LOOK_MS)
            self.chip.time.settle()
        return super().any()

    def look(self, wait_ms):
        """Let one datagram in, once the chip listens: readers leave it a millisecond, on a wire they do not."""
        if self.chip.pending not in LISTENING:
            return
        for _ in self._poll.ipoll(wait_ms):
            datagram, self._reader = self._socket.recvfrom(2048)
            if datagram == b"RFOFF":
                self.chip.field(False)
            elif datagram.startswith(b"106A "):
                self._hear(binascii.unhexlify(datagram[5:]))

    def _hear(self, data):
        chip = self.chip
        identity = b"\x08" + chip.target[3:6]
        check = identity[0] ^ identity[1] ^ identity[2] ^ identity[3]
        if data in POLLS:
            chip.field(False)
            chip.time.settle()
            chip.field(True)
            self._say(chip.target[1:3])
        elif data == b"\x93\x20":
            self._say(identity + bytes((check,)))
        elif data[:2] == b"\x93\x70":
            chosen = chip.select()
            if chosen:
                self._say(bytes((chosen[2],)))
        else:
            chip.hear(data)

    def _say(self, data):
        self._socket.sendto(b"106A " + binascii.hexlify(data), self._reader)


def main():
    """Serve until killed."""
    config = json.loads(sys.stdin.readline())
    chip = Chip()
    air = Air(chip, int(config["link"].split(":")[2]))
    radio = Pn532(Hsu(air, time.ticks_us, 0), time.ticks_us, chip.time.advance)
    radio.start()
    radio.arm(b"\x08\x12\x34\x56", b"\x04\x00", 0x20)
    session = FieldSession(radio, make_card(config), Clock(Ticks(), NOW_S), lambda: None)
    print("READY")
    while not chip.misuse:
        if air.any():
            session.run()
    raise RuntimeError(chip.misuse[0])


main()
