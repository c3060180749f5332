"""A watch in express mode and a terminal in front of it, for tests."""

from support.world import TOKEN, World
from tests.firmware.payment.card_kit import fill, gpo, select, terminal_values
from watch.nfc.router import Router
from watch.payment.profiles.closed_loop import CLOSED_LOOP

OPEN_LOOP = b"token--9"
_SELECT_PPSE = select(b"2PAY.SYS.DDF01")
_REPLY_BYTES = 512


def with_express(keys=4):
    """A worn watch with a closed-loop card, chosen for express, and an open-loop card."""
    world = World().provision().set_passcode()
    world.add_card(profile="closed-loop", express_keys=keys).add_card(OPEN_LOOP)
    world.services.express.choose(TOKEN)
    return world


def refill(world, batch, first_atc, keys=4):
    """The next package of that card."""
    world.add_card(TOKEN, batch=batch, first_atc=first_atc, profile="closed-loop", express_keys=keys)


def slot(world):
    """The slot of that card."""
    return world.services.vault.find(TOKEN)[1]


class Reader:
    """A terminal in reach of the watch."""

    def __init__(self, world):
        self._router = Router(world.services.card.applications)
        self._reply = bytearray(_REPLY_BYTES)

    def send(self, command):
        """One command; the answer with its status word."""
        length = self._router.apdu(command, len(command), self._reply)
        return bytes(self._reply[:length])

    def listed(self, aid=CLOSED_LOOP.names[0].aid):
        """True if the directory names this application."""
        self._router.select()
        answer = self.send(_SELECT_PPSE)
        self._router.deselect()
        return aid in answer

    def tap(self, amount=500, currency=156, required=False):
        """One whole tap, field loss included; returns the status word of GET PROCESSING OPTIONS, or of SELECT."""
        ttq = "36404000" if required else "36004000"
        values = terminal_values(amount, currency, 156, t9F66=ttq)
        self._router.select()
        answer = self.send(select(CLOSED_LOOP.names[0].aid))
        if answer[-2:] == b"\x90\x00":
            answer = self.send(gpo(fill(CLOSED_LOOP.pdol, values)))
            self.send(b"\x00\xb2\x01\x0c\x00")
        self._router.deselect()
        return answer[-2] << 8 | answer[-1]
