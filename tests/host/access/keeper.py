"""A watch whose memory is searched from outside: goes to a state on request and waits there (see test_memory.py).

No secret stands in this file: each is derived, here and in the searcher, or printed in hex, which is not searched for.
"""

import asyncio
import hashlib
import sys

from support.issuer import Issuer

from board.counting.board import build
from watch.access import guard as guard_room
from watch.crypto import scrub as scrub_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.storage import records
from watch.system.services import Services

TOKEN = b"token--1"


def derived(name):
    """The same secret as in the searcher."""
    return hashlib.sha256(name).digest()


def passcode():
    """Eight digits."""
    return bytearray(b"%08d" % (int.from_bytes(derived(b"passcode")[:4], "big") % 100_000_000))


def canary():
    """A PAR, which only the sealed token record and the RAM of an unwiped watch may hold."""
    return derived(b"canary").hex()[:29].upper()


class Keeper:
    """The watch and its bank."""

    def __init__(self):
        self.board = build()
        self.services = Services(self.board)
        self.issuer = Issuer(self.services.random)
        identity = self.services.identity
        identity.provision(self.issuer.root.public, self.issuer.certificate("device", identity.public))
        identity.trust(self.issuer.certificate("token-service", self.issuer.service.public))

    def set_passcode(self):
        code = passcode()
        asyncio.run(self.services.guard.set_passcode(code))
        for place in range(len(code)):
            code[place] = 0

    def unlock(self):
        code = passcode()
        asyncio.run(self.services.guard.unlock(code))
        for place in range(len(code)):
            code[place] = 0

    def install(self):
        request = self.services.issuance.request(TOKEN, self.issuer.service.key_id)
        content = self.issuer.content(TOKEN)
        content[7] = canary()
        content[16] = [[atc, derived(b"session key %d" % atc)[:16]] for atc in range(1, 11)]
        package = self.issuer.package(request, self.services.receipt_key.public(), content)
        self.services.issuance.receive(package)

    def plain_keys(self):
        """What the searcher cannot work out, in hex: vault key, receipt key, identity key, passcode record."""
        services = self.services
        with services.guard.vault_key() as key, services.receipt_key.open(key) as private:
            secrets = [key, private, services.sealed.read(records.IDENTITY)[0], services.journal.get(records.PASSCODE)]
            return " ".join([secret.hex() for secret in secrets])


def deep(depth):
    """Overwrite what earlier calls left on the stack."""
    return depth and deep(depth - 1)


def reach(keeper, state):
    """From worn with a card to the state that is to be searched."""
    if state in ("armed", "disarmed", "locked while armed"):
        keeper.services.wallet.arm()
    if state == "disarmed":
        keeper.services.wallet.disarm()
    elif state in ("locked", "locked while armed"):
        keeper.services.guard.lock()
    elif state == "unlocked":
        keeper.services.guard.lock()
        keeper.unlock()
    elif state == "wiped":
        keeper.services.guard.wipe()


def main(state, scrubbing):
    """Print the keys, then wait in the state until the input ends."""
    keeper = Keeper()
    keeper.set_passcode()
    keeper.install()
    print(keeper.plain_keys())
    if not scrubbing:
        guard_room.scrub = issuance_room.scrub = wallet_room.scrub = scrub_room.scrub = lambda: None
    scrub_room.scrub()  # what this file itself has left: the bank's content, the keys printed
    reach(keeper, state)
    deep(40)
    with open(sys.argv[3], "wb") as file:
        file.write(keeper.board.flash._image)
    deep(40)
    print("ready")
    sys.stdin.readline()


main(sys.argv[1], sys.argv[2] == "scrub")
