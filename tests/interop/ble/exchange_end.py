"""Runs under MicroPython: the firmware's token exchange service on standard input and output, one line at a time.

`join BOND ROOM`, `left`, `write HEX`, `lose`, `read`, `restart`. Each is answered by what was notified (`out HEX`,
`state HEX`), by `value HEX` for a read, and at last by `worked N`. The answer to a message is the message backwards.
"""

import binascii
import sys

from ble.exchange_desk import Watch

from watch.ble import exchange_service as service

TEXT = "ascii"


class End:
    """One watch and one link."""

    def __init__(self):
        self.worked = 0
        self.restart()

    def restart(self):
        """The watch starts anew: nothing is held."""
        self.watch = Watch(lambda role, primary, message: bytes(reversed(bytes(message))))
        self.link = None

    def obey(self, words):
        """Do what a line says."""
        what = words[0]
        if what == "join":
            self.link = self.watch.connect(bond=int(words[1]), room=int(words[2]))
        elif what == "left":
            self.watch.cut(self.link)
        elif what == "write":
            self.watch.service.written(self.link, service.IN, memoryview(binascii.unhexlify(words[1])))
        elif what == "lose":
            self.watch.service.lost(self.link)
        elif what == "read":
            print("value", binascii.hexlify(self.watch.service.read(self.link, service.STATE)).decode())
        elif what == "restart":
            self.worked += self.watch.worked
            self.restart()
        self.watch.settle()
        self.tell()

    def tell(self):
        """Print what was notified."""
        for row, data in self.link.heard if self.link else ():
            print("out" if row is service.OUT else "state", binascii.hexlify(data).decode())
        if self.link:
            self.link.heard.clear()
        print("worked", self.worked + self.watch.worked)


def serve(end):
    """Obey every line."""
    for line in sys.stdin:
        end.obey(line.split())


if __name__ == "__main__":
    serve(End())
