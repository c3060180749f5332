"""A whole watch with a text planted wherever it stores or receives something; waits to be searched (test_wipe.py).

Its files lie in a littlefs on a modelled flash, as on a board. No text stands in this file: each is derived.
"""

import asyncio
import hashlib
import sys
from binascii import hexlify

import vfs
from support.world import PASSCODE, World

from board.parts.free_blocks import FreeBlocks
from tests.firmware.update.nor_disk import Chip, NorDisk, Supply, formatted
from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import AppFiles
from watch.ble import roles
from watch.ble.bond import Bond
from watch.nfc import ndef_records
from watch.payment.history import Payment
from watch.services.loyalty import CODE128
from watch.system.main import build
from watch.ui import icons
from watch.update.files import Places

BLOCKS = 64
ROOT = "/nor"
NOW_S = 1_795_400_000
PLANTED = 32
APP = "counter"


def planted(number):
    """A text that stands nowhere else. The same in the searcher."""
    return hexlify(hashlib.sha256(b"hoard %d" % number).digest())[:16].decode().upper()


class Hoarder:
    """The watch, its two flashes, and the texts that are left to plant."""

    def __init__(self, erases):
        """`erases`: its board can overwrite what deleted files have left."""
        self.board = World().provision().set_passcode().board
        self.disk = formatted(Chip(Supply(), BLOCKS))
        vfs.mount(vfs.VfsLfs2(NorDisk(self.disk)), ROOT)
        self.board.info.files = file_tree.made(ROOT + "/files")
        for name in ("apps", "data"):
            file_tree.made(self.board.info.files + "/" + name)
        self.board.info.slots = ROOT
        self.board.free_blocks = FreeBlocks(ROOT) if erases else None
        self.watch = build(self.board)
        self.services = self.watch.services
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self._texts = iter(range(PLANTED))

    def text(self):
        """The next one. Raises StopIteration if there are no more."""
        return planted(next(self._texts))

    def plant(self):
        """All of them."""
        self._with_the_phone()
        self._with_the_wearer()
        self._with_apps()
        self._in_files()
        if list(self._texts):
            raise ValueError("texts are left over")

    def _with_the_phone(self):
        services = self.services
        services.phone.notify({"id": 1, "src": "Chat", "title": self.text(), "body": self.text(), "reply": True})
        services.notifications.tick()
        services.notifications.reply(1, self.text())
        start = services.clock.display_s() + 3600
        event = {"id": 7, "timestamp": start, "durationInSeconds": 60, "title": self.text(), "location": self.text()}
        services.calendar.take(dict(event, description=self.text()))
        services.music.take_info({"artist": self.text(), "track": self.text(), "dur": 60})
        services.weather.take({"temp": 290, "txt": "rain", "loc": self.text()})
        bond = Bond(0, bytes(7), roles.PHONE, NOW_S, self.text().encode(), self.text().encode())
        bond.name = self.text()
        services.bonds.store(bond)

    def _with_the_wearer(self):
        services = self.services
        services.loyalty.put(self.text(), CODE128, self.text())
        services.alarms.add(7, 30, 0, services.local_minutes(), self.text())
        services.timers.start(60, self.text())
        services.tag.set_own(ndef_records.text(self.text()))
        merchant, link = self.text(), "https://" + self.text()
        payment = Payment([1, NOW_S, b"token--1", 1, 100, 156, merchant, "approved", "00", link])
        services.journal.commit(services.history.change(payment))
        services.history.committed(payment)

    def _with_apps(self):
        services = self.services
        services.notifications.post_local(APP, "Counter", self.text(), self.text())
        services.notifications.tick()
        services.app_log.write(APP, self.text())
        services.app_marks.set_word(APP, (icons.TILES, self.text()))
        settings = AppSettings(services.journal, APP)
        settings.set("name", self.text())
        settings.end()

    def _in_files(self):
        files = AppFiles(self.board.info.files, APP)
        files.write("small", self.text().encode())
        files.write("large", self.text().encode() * 400)
        for name in ("gone", "gone-too"):
            files.write(name, self.text().encode() * (1 if name == "gone" else 400))
            files.remove(name)
        places = Places(ROOT)
        for path in (places.note, places.part, places.new):
            _write(path, self.text().encode() * (1 if path == places.note else 700))
        _write(self.board.info.files + "/draft", self.text().encode() * 600)

    def wipe(self):
        """To the end, as the running watch does it."""

        async def wiping():
            self.services.guard.wipe()
            while self.watch.stack.top.name != "wiped":
                await asyncio.sleep(0)

        asyncio.run(wiping())

    def keep_flash(self, path):
        """Both flashes into one file, for the searcher."""
        with open(path, "wb") as file:
            file.write(self.board.flash._image)
            file.write(self.disk.image)


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def deep(depth):
    """Overwrite what earlier calls left on the stack."""
    return depth and deep(depth - 1)


def main(state, path):
    """Go to the state, then wait until the input ends."""
    hoarder = Hoarder(state != "wiped without erasing")
    hoarder.plant()
    if state != "in use":
        hoarder.wipe()
    deep(40)
    hoarder.keep_flash(path)
    deep(40)
    print("ready")
    sys.stdin.readline()


main(sys.argv[1], sys.argv[2])
