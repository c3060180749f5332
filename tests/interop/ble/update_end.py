"""Runs under MicroPython: a whole watch with slots behind the token exchange service, for a bond of the role loader.

The lines of exchange_end.py, and `image` (a new system: `value HEX`), `turn` (the watch goes on for a while), `agree`
(the wearer says yes) and `boot` (the watch starts with the image that its record names).
"""

import binascii

from ble.exchange_desk import Watch
from exchange_end import End, serve

from tests.firmware.storage.norflash import NorFlash
from tests.firmware.system.update_desk import FOLDER, Updater, made
from watch.exchange.permits import Desk


class UpdateEnd(End):
    """`restart` forgets the transfers only; `boot` is a start of all of it."""

    def __init__(self):
        self.one = Updater()
        super().__init__()

    def restart(self):
        """Nothing of a message is held."""
        desk = Desk(self.one.watch._usb._exchange)
        self.watch = Watch(lambda role, primary, message: desk.answer("loader", False, message))
        self.link = None

    def obey(self, words):
        """Do what a line says."""
        what = words[0]
        if what == "image":
            print("value", binascii.hexlify(made()).decode())
        elif what == "turn":
            self.one.settle().wait(2)
        elif what == "agree":
            self.one.settle().agree()
        elif what == "boot":
            self.boot()
        else:
            super().obey(words)
            return
        self.tell()

    def boot(self):
        """Another board with the same slots."""
        from support.worn import ready_board

        board = ready_board()
        board.slots = NorFlash(2, bytes(self.one.board.slots.image))
        board.info.slots, board.info.name, board.info.version = FOLDER, self.one.board.info.name, "1.1.0"
        self.one = Updater(board)
        self.worked += self.watch.worked
        self.restart()


if __name__ == "__main__":
    serve(UpdateEnd())
