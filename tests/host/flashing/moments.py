"""Starts a watch from a flash image on virtual hardware; at every moment it looks whether Ctrl-C is open.

`micropython moments.py FLASH BOARD [EXCEPTION MOMENT]`. Moments are accesses to the flash, transfers on a bus, and
waiting. With EXCEPTION the program that runs at that moment finds it raised there. One line of JSON tells how it went.
"""

import json
import sys

import micropython

from board.simulator import virtual_esp32 as virtual
from board.simulator.esp32s3 import hardware as esp32s3
from board.simulator.esp32s3.flash import FlashChip

KINDS = {kind.__name__: kind for kind in (OSError, ValueError, MemoryError, SystemExit, KeyboardInterrupt)}


class Port:
    """The module `micropython` of the port, which opens Ctrl-C before it runs a file."""

    def __init__(self, kind, at):
        self.open = False
        self.running = ""
        self.moments = {"": 0, "/boot.py": 0, "main.py": 0}
        self.opened = []
        self._kind, self._at, self._count = kind, at, 0
        for name in dir(micropython):
            if name not in ("kbd_intr", "__class__"):
                setattr(self, name, getattr(micropython, name))

    def kbd_intr(self, character):
        """What the firmware asks for."""
        self.open = character >= 0

    def compile(self, text, path, kind):
        """Files are compiled with Ctrl-C closed; then it is opened, and they run."""
        code = compile(text, path, kind)
        self.running, self.open = path, True
        return code

    def moment(self, what):
        """A byte may come now."""
        self.moments[self.running] += 1
        if self.open:
            self.opened.append(what)
        self._count += bool(self.running)
        if self._kind and self.running and self._count == self._at:
            raise self._kind()


def main(flash, board, kind="", at="0"):
    """Be the watch; tell."""
    port = Port(KINDS.get(kind), int(at))

    class Flash(FlashChip):
        def read(self, address, into):
            port.moment("flash")
            FlashChip.read(self, address, into)

    plain = esp32s3.Hardware

    class Hardware(plain):
        def transfer(self, us):
            port.moment("bus")
            plain.transfer(self, us)

        def wait_us(self, us):
            port.moment("wait")
            plain.wait_us(self, us)

    sys.modules["micropython"] = port
    virtual._KEPT += ("micropython",)
    virtual.compile = port.compile
    virtual.FlashChip, esp32s3.Hardware = Flash, Hardware
    status = virtual.main(flash, board)
    print(json.dumps({"status": status, "moments": port.moments, "open": port.opened}))


main(*sys.argv[1:])
