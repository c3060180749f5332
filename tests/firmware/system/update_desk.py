"""A computer at a worn watch that brings system images. Its disk is a folder, its slot record a NOR flash in RAM."""

import asyncio
import os

from support.worn import PASSCODE, Worn, ready_board

from tests.firmware.storage.norflash import NorFlash
from tests.firmware.update.image_kit import BOARD, cast, contents, image, record_of, write
from watch.apps.shelf import file_tree
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.system.main import build

FOLDER = "build/tests/slots" + (os.getenv("PYTEST_XDIST_WORKER") or "")
PART = 2048
VERSION = "1.0.0"
_OLD = []


def machine():
    """That of this computer; images of these tests are made for it."""
    from watch.system.updating.parts import machine

    return machine()


def made(files=None, **changes):
    """An image for the watch of these tests; `changes` by `f` and the key of the statement."""
    return image(files or contents(9_000, b"new "), f9=machine(), **changes)


def old():
    """What the watch runs at first, made once."""
    if not _OLD:
        _OLD.append(made(contents(), f2=[1, 0, 0]))
    return _OLD[0]


def furnish(board, data=None, state=2, version=VERSION):
    """Give a board slots, with an image in slot `a`, in this state."""
    data = old() if data is None else data
    file_tree.removed(FOLDER)
    for folder in ("build", "build/tests", FOLDER):
        file_tree.made(folder)
    write(FOLDER + "/a.twi", data)
    board.slots = NorFlash(2)
    board.slots.program(0, record_of(data, state))
    board.info.slots, board.info.name, board.info.version = FOLDER, BOARD, version


class Updater(Worn):
    """A worn watch with slots whose manufacturer is the one of the images. `on`: what happens to the board before."""

    def __init__(self, board=None, unlocked=True, on=None, **given):
        self.board = board or ready_board()
        if board is None:
            furnish(self.board, **given)
        if on is not None:
            on(self.board)
        self.restarts = 0
        self.board.power.restart = self._restarted
        self.felt = []
        self.watch = build(self.board)
        self.services = self.watch.services
        self.services.identity.root = cast().root.public
        self.flow = self.watch.navigator.update_flow
        self.course, self.proving = self.flow._course, self.flow._proving
        self.numbers = 0
        if unlocked:
            self.unlock()
        self.step()

    def _restarted(self):
        self.restarts += 1

    def unlock(self):
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))

    def ask(self, kind, body=None):
        """(status, body) of a message from a computer."""
        self.numbers = (self.numbers + 1) & 0xFFFF
        answer = cbor.decode(self.watch._usb._exchange.answer(cbor.encode([kind, self.numbers, body])))
        assert answer[:2] == [kind, self.numbers]
        return answer[2], answer[3]

    def state(self):
        """The answer to message 25."""
        status, body = self.ask(messages.UPDATE_STATE)
        assert status == "ok", status
        return body

    def send(self, data, at=0, until=None):
        """Bring the parts of a file; the last answer."""
        digest, answer = sha256(data), ("", None)
        end = len(data) if until is None else until
        for place in range(at, end, PART):
            answer = self.ask(messages.UPDATE_PART, [digest, place, len(data), data[place : min(end, place + PART)]])
        return answer

    def go(self, data):
        """What has become of a file."""
        return self.ask(messages.UPDATE_GO, sha256(data))

    def settle(self, turns=400):
        """Let the task of updates run, and look once."""

        async def run():
            task = asyncio.create_task(self.flow._serve())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(0)

        asyncio.run(run())
        self.step()
        return self

    def offer(self, data):
        """Send all of it, and let the watch look at it."""
        assert self.send(data) == ("ok", len(data))
        assert self.go(data) == ("ok", ["coming", 100])
        return self.settle()

    def answer(self, name):
        """Touch something on the screen."""
        for label, x, y, w, h in self.watch.stack.top.targets():
            if label == name:
                self.touch(x + w // 2, y + h // 2)
                return self
        raise AssertionError("no %s on %s" % (name, self.screen))

    def agree(self):
        """The wearer has read it, and says yes."""
        return self.wait(1).answer("yes")

    def record(self):
        """(active slot, states) of the slot record."""
        found = self.flow._proving._starts._slots.record()
        return found.active, found.states
