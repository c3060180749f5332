"""The modelled PN532 at the end of two pipes, with a reader in front of it that plays a small tap.

Standard input is what the host sends, standard output what the chip says; at the end what was forbidden goes to the
standard error.
"""

import sys

from board.simulator.chips.pn532 import Pn532
from board.simulator.chips.pn532_wires import Uart

_INIT_TARGET = 0x8C
_GET_COMMAND = 0x88
SPAN_US = 40_000
"""The longest frame at 115200 baud is over by then."""
_RATS = b"\xe0\x80"
_SELECT = b"\x02\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00"


class Reader:
    """Selects the card when it can, and says the card's own answers back to it."""

    def __init__(self, chip):
        self.chip = chip
        self.frames = [_SELECT]

    def move(self):
        """Do what the reader would do now. Returns False if that is nothing."""
        chip = self.chip
        if chip.pending == _INIT_TARGET and not chip.selected:
            chip.field(True)
            chip.select()
            chip.hear(_RATS)
        elif chip.pending == _GET_COMMAND and self.frames:
            chip.hear(self.frames.pop(0))
        elif chip.pending == _GET_COMMAND:
            chip.field(False)
        else:
            return False
        return True

    def answered(self, data):
        """The card has answered: say it back, behind the number of a block."""
        if len(data) > 5:
            self.frames.append(b"\x03" + data)


def main():
    """Until the host is gone."""
    chip = Pn532()
    uart, reader = Uart(chip), Reader(chip)
    chip.on_transmit = reader.answered
    into = bytearray(400)
    while True:
        byte = sys.stdin.buffer.read(1)
        if not byte:
            break
        uart.baud = uart.chip_baud  # a pipe has no speed
        uart.write(byte)
        chip.time.settle()
        while reader.move():
            chip.time.settle()
        chip.time.advance(SPAN_US)
        count = uart.readinto(into, len(into))
        if count:
            sys.stdout.buffer.write(bytes(into[:count]))
    sys.stderr.write("misuse %r, %d baud\n" % (chip.misuse, uart.chip_baud))


main()
