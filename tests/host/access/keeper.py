"""A watch whose memory is searched from outside: goes to a state on request and waits there (see test_memory.py).

No secret stands in this file: each is derived, here and in the searcher, or printed in hex, which is not searched for.
"""

import asyncio
import hashlib
import sys

from support.issuer import Issuer, payment_codes

from board.counting.board import build
from watch.access import guard as guard_room
from watch.crypto import scrub as scrub_room
from watch.nfc import ndef_records
from watch.payment import codes as codes_room
from watch.payment import express as express_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.payment.history import Payment
from watch.storage import records
from watch.system.services import Services
from watch.system.voice.voice import Voice
from watch.voice.prototypes import Prototypes

TOKEN = b"token--1"
PLANTED = 30


def derived(name):
    """The same secret as in the searcher."""
    return hashlib.sha256(name).digest()


def passcode():
    """Eight digits."""
    return bytearray(b"%08d" % (int.from_bytes(derived(b"passcode")[:4], "big") % 100_000_000))


def canary():
    """A PAR, which only the sealed token record and the RAM of an unwiped watch may hold."""
    return derived(b"canary").hex()[:29].upper()


def planted(number):
    """A text that stands nowhere else."""
    return derived(b"planted %d" % number).hex()[:16].upper()


def recorded():
    """A word as the wearer says it: 32 numbers, the largest 255."""
    shot = bytearray(derived(b"recorded word"))
    shot[0] = 255
    return shot


def session_keys(atcs):
    """Entries of a batch."""
    return [[atc, derived(b"session key %d" % atc)[:16]] for atc in atcs]


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
        content = self.issuer.content(TOKEN, profile="closed-loop", express_keys=4, codes=payment_codes())
        content[7] = canary()
        content[16] = session_keys(range(1, 11))
        content[22][2] = session_keys(range(11, 15))
        content[21][2] = derived(b"code seed")
        package = self.issuer.package(request, self.services.receipt_key.public(), content)
        self.services.issuance.receive(package)

    def plant(self):
        """Thirty payments, a record and a word of the wearer's own: nothing secret, but gone after a wipe."""
        history = self.services.history
        for number in range(1, PLANTED + 1):
            merchant, link = planted(number), "https://" + planted(number)
            payment = Payment([number, 1_795_400_000, TOKEN, number, 100, 156, merchant, "approved", "00", link])
            self.services.journal.commit(history.change(payment))
            history.committed(payment)
        self.services.tag.set_own(ndef_records.text(planted(PLANTED + 1)))
        self.teach()

    def teach(self):
        """A word of the wearer's own, on flash and where the watch has it while it is on."""
        self.voice = Voice(None, self.services, None, None, self.board, None)
        engine, shot = self.voice.engine, recorded()
        engine._language, engine._drawer = "en", self.services.recorded.load("en")
        engine._prototypes = Prototypes(engine._drawer, "en", b"\xff" * len(shot))
        engine._prototypes.add("timer", [shot])
        engine.save()
        assert engine._drawer.get("timer")[-len(shot) :] == shot

    def plain_keys(self):
        """What the searcher cannot work out, in hex: vault key, receipt key, identity key, passcode record."""
        services = self.services
        with services.guard.vault_key() as key, services.receipt_key.open(key) as private:
            secrets = [key, private, services.sealed.read(records.IDENTITY)[0], services.journal.get(records.PASSCODE)]
            return " ".join([secret.hex() for secret in secrets])


def deep(depth):
    """Overwrite what earlier calls left on the stack."""
    return depth and deep(depth - 1)


def arm(keeper):
    keeper.services.wallet.arm()


def disarm(keeper):
    keeper.services.wallet.disarm()


def lock(keeper):
    keeper.services.guard.lock()


def unlock(keeper):
    keeper.unlock()


def express(keeper):
    keeper.services.express.choose(TOKEN)
    keeper.services.guard.lock()
    keeper.services.express.enter()


def express_tap(keeper):
    """The key is used, and not wiped by the application: whoever settles must."""
    card = keeper.services.express.card
    key = card.take()
    key.outcome.amount, key.outcome.currency = 100, card.token.currency
    keeper.services.express.settle()


def leave(keeper):
    keeper.services.express.leave()


def show_code(keeper):
    keeper.services.codes.next_code(TOKEN)


def lose(keeper):
    device = keeper.services.identity.device_id
    keeper.services.notices.receive(keeper.issuer.device_state(device, "lost", "call me"))


def wipe(keeper):
    keeper.services.guard.wipe()


WAYS = {
    "unlocked": (lock, unlock),
    "armed": (arm,),
    "disarmed": (arm, disarm),
    "locked": (lock,),
    "locked while armed": (arm, lock),
    "express": (express,),
    "express after a tap": (express, express_tap),
    "express left": (express, express_tap, leave),
    "code shown": (show_code,),
    "lost while armed": (arm, lose),
    "wiped": (wipe,),
}
"""From worn with a card to the state that is to be searched."""


def main(state, scrubbing):
    """Print the keys, then wait in the state until the input ends."""
    keeper = Keeper()
    keeper.set_passcode()
    keeper.install()
    keeper.plant()
    print(keeper.plain_keys())
    if not scrubbing:
        for room in (guard_room, issuance_room, wallet_room, express_room, codes_room, scrub_room):
            room.scrub = lambda: None
    scrub_room.scrub()  # what this file itself has left: the bank's content, the keys printed
    for step in WAYS[state]:
        step(keeper)
    deep(40)
    with open(sys.argv[3], "wb") as file:
        file.write(keeper.board.flash._image)
    deep(40)
    print("ready")
    sys.stdin.readline()


main(sys.argv[1], sys.argv[2] == "scrub")
