"""A whole watch without a screen, on the counting board: real journal, real crypto, no files and no sockets."""

import asyncio

from board.counting.board import build
from support.issuer import Issuer
from watch.system.services import Services

PASSCODE = b"246810"
TOKEN = b"token--1"
OTHER_TOKEN = b"token--2"
_SET_UP = []
"""The watch that `ready` copies, once there is one."""


class World:
    """A board, the services on it, and an issuer. `restart` is a power cut: only the flash survives."""

    def __init__(self, like=None):
        """A new watch; or one with the flash and the issuer of another one, which is cheaper."""
        self.board = build()
        if like is not None:
            self.board.flash._image[:] = like.board.flash._image
        self.services = Services(self.board)
        self.issuer = like.issuer if like is not None else Issuer(self.services.random)

    def restart(self):
        """Boot again from the same flash."""
        self.services = Services(self.board)
        return self

    def provision(self):
        """Manufacturer's certificate and a trusted token service."""
        identity = self.services.identity
        identity.provision(self.issuer.root.public, self.issuer.certificate("device", identity.public))
        identity.trust(self.issuer.certificate("token-service", self.issuer.service.public))
        return self

    def set_passcode(self, passcode=PASSCODE):
        asyncio.run(self.services.guard.set_passcode(bytearray(passcode)))
        return self

    def unlock(self, passcode=PASSCODE):
        asyncio.run(self.services.guard.unlock(bytearray(passcode)))
        return self

    def package(self, token_id=TOKEN, **content):
        """Ask for a package and return it, not yet delivered."""
        request = self.services.issuance.request(token_id, self.issuer.service.key_id)
        plaintext = self.issuer.content(token_id, **content)
        return self.issuer.package(request, self.services.receipt_key.public(), plaintext)

    def add_card(self, token_id=TOKEN, **content):
        self.services.issuance.receive(self.package(token_id, **content))
        return self


def ready():
    """A worn watch with one Visa-profile card. They all begin with the flash of one that was set up."""
    if not _SET_UP:
        _SET_UP.append(World().provision().set_passcode().add_card())
        _SET_UP[0].services.save_clock()
    world = World(_SET_UP[0])
    world.issuer = Issuer(world.services.random, world.issuer)
    return world.unlock()


def refused(error, call, *arguments):
    """Assert that `call(*arguments)` raises this kind of error."""
    try:
        call(*arguments)
    except Exception as raised:
        if isinstance(raised, error):
            return
        raise
    raise AssertionError(f"accepted: expected {error.__name__}")
