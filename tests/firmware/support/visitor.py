"""A computer at a worn watch that brings apps: messages over USB, touches on the glass, bundles of a developer."""

import asyncio
import os

from support.bundles import Cast, signed
from support.worn import Worn
from watch.apps.shelf import file_tree
from watch.apps.shelf.bundle import Bundle
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.exchange import messages

FOLDER = "build/tests/installs" + (os.getenv("PYTEST_XDIST_WORKER") or "")
"""Files of several tests lie here, one after the other; those that run at the same time have a folder each."""
PART = 2048
_CAST, _TORCH = [], {}


def app_files():
    """Files of an app that runs: those of the torch."""
    if not _TORCH:
        bundle = Bundle("build/apps/torch.twb")
        _TORCH.update({name: bundle.read(name) for name, _, _ in bundle.manifest.files})
        _TORCH[""] = bundle.manifest.entry
    return {name: data for name, data in _TORCH.items() if name}


def code_entry():
    """The entry of that app."""
    app_files()
    return _TORCH[""]


def cast(random):
    """A developer and others; keys are made once."""
    if not _CAST:
        _CAST.append(Cast(random))
    return _CAST[0]


class Visitor(Worn):
    """A worn watch with room for apps, a developer's key at hand, and nothing installed."""

    def __init__(self, enrolled=True, **options):
        file_tree.removed(FOLDER)
        for folder in ("build", "build/tests", FOLDER):
            file_tree.made(folder)
        super().__init__(dark=False, files=FOLDER, **options)
        self.services = self.watch.services
        self.cast = cast(self.services.random)
        self.numbers = 0
        if enrolled:
            self.services.shelf.enrol(self.cast.maker.public, "Ada")

    def bundle(self, **changes):
        """An app of the developer's own key."""
        files = app_files()
        return signed(self.cast.maker, files, entry=_TORCH[""], permissions=["light"], **changes)

    def ask(self, kind, body):
        """(status, body) of a message from a computer."""
        self.numbers = (self.numbers + 1) & 0xFFFF
        answer = cbor.decode(self.watch._usb._exchange.answer(cbor.encode([kind, self.numbers, body])))
        assert answer[:2] == [kind, self.numbers]
        return answer[2], answer[3]

    def send(self, data):
        """Bring the parts of a bundle. The last answer."""
        digest, answer = sha256(data), ("", None)
        for at in range(0, len(data), PART):
            answer = self.ask(messages.APP_PART, [digest, at, len(data), data[at : at + PART]])
        return answer

    def state(self, data):
        """[state, text, app] of a bundle."""
        status, body = self.ask(messages.APP_STATE, sha256(data))
        assert status == "ok"
        return [body[key] for key in (1, 2, 3)]

    def settle(self):
        """Let the tasks that were spawned run, and look once."""

        async def turns():
            for _ in range(400):
                await asyncio.sleep(0)

        asyncio.run(turns())
        self.step()
        return self

    def install(self, data):
        """Bring it, and let the wearer agree; what has become of it."""
        assert self.send(data)[0] == "ok"
        self.settle()
        if self.screen == "install":
            self.wait(1).answer("yes").settle()
        return self.state(data)

    def answer(self, name):
        """Touch something on the screen, turning pages where needed."""
        for _ in range(9):
            for label, x, y, w, h in self.watch.stack.top.targets():
                if label == name:
                    self.touch(x + w // 2, y + h // 2)
                    return self
            for label, x, y, w, h in self.watch.stack.top.targets():
                if label == "more":
                    self.touch(x + w // 2, y + h // 2)
        raise AssertionError("no %s on %s" % (name, self.screen))

    def prove(self):
        """Enter the passcode on a watch that is open already."""

        async def enter():
            self.watch.stack.top.entered(bytearray(b"246810"))
            while self.screen == "passcode":
                await asyncio.sleep(0)

        asyncio.run(enter())
        self.step()
        return self

    def installed(self):
        """Ids of the apps that the watch lists."""
        status, rows = self.ask(messages.APPS, None)
        assert status == "ok"
        return [row[1] for row in rows]
