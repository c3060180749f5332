"""A whole worn watch, and terminals that reach its card by Bluetooth over a link that is not there."""

import asyncio

from support.world import OTHER_TOKEN, TOKEN, World

from tests.firmware.payment.card_kit import MASTERCARD_AID, VISA_AID, Wire, fill, flatten, generate_ac, gpo, select
from tests.firmware.payment.card_kit import terminal_values as values
from watch.access import guard as guard_room
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA
from watch.system.main import build

guard_room.scrub = issuance_room.scrub = wallet_room.scrub = lambda: None  # most of the time, and nothing seen here

PASSCODE = b"246810"
HOME = 156
AMOUNT = 1_234
SHOP = "Corner Shop"
TILL = "Till 3"
BOND, OTHER_BOND = 4, 9
MOST_PAYMENTS = 3
"""A fresh watch after so many: its keys, and the limit of a day."""
PPSE = b"2PAY.SYS.DDF01"
LAST_RECORD = b"\x00\xb2\x01\x0c\x00"
SCHEMES = ((TOKEN, "visa"), (OTHER_TOKEN, "mastercard"))


class Dark:
    """A panel on which nothing is drawn: what screens say is read from the screens."""

    urgent = None

    def render(self, screen, can_wait=False):
        """Nothing was left to draw."""
        return True


class Watch:
    """A worn watch with a card of each scheme, a reader and terminals around it."""

    def __init__(self, world):
        self.board = world.board
        self.watch = build(self.board)
        self.watch.stack._renderer = Dark()
        self.services = self.watch.services
        self.navigator = self.watch.navigator
        self.taps = self.watch.card
        self.terminals = self.navigator.serve_terminals(self.taps, lambda bond: TILL)  # the radio's own is never used
        self.reader = Wire(self.taps)
        self.request, self.reply = bytearray(261), bytearray(258)

    def ready(self, token_id=TOKEN):
        """At the face, worn with a fresh passcode, this card chosen."""
        self.terminals.gone(BOND)
        self.terminals.gone(OTHER_BOND)
        self.services.wallet.disarm()
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self.navigator._view.home()
        self.services.wallet.choose(token_id)
        return self

    @property
    def screen(self):
        return self.watch.stack.top

    @property
    def card(self):
        return self.services.wallet.armed[0] if self.services.wallet.armed else None

    @property
    def question(self):
        return self.terminals._question

    def press(self, kind="double"):
        self.navigator.button(kind)

    def touch(self, name):
        """A finger on one of the targets of the screen in front."""
        for target in self.screen.targets():
            if target[0] == name:
                x, y = target[1] + 2, target[2] + 2
                self.screen.press(x, y)
                self.screen.tap(x, y)
                return
        raise AssertionError("nothing called %s on %s" % (name, self.screen.name))

    def wait(self, seconds):
        for _ in range(seconds):
            self.board.clock.now_us += 1_000_000
            self.navigator.tick()

    def send(self, command, bond=BOND, name=SHOP):
        """(data, status word) of one command of a terminal; None if it is kept."""
        self.request[: len(command)] = command
        size = self.terminals.begin(bond, name, self.request, len(command), self.reply)
        return self._sent(size, bond)

    def finish(self, bond=BOND):
        """The answer to what was kept, None while there is none."""
        return self._sent(self.terminals.finish(bond, self.reply), bond)

    def _sent(self, size, bond):
        if not size:
            return None
        answer = bytes(self.reply[: size - 2]), self.reply[size - 2] << 8 | self.reply[size - 1]
        self.terminals.delivered(bond)
        return answer

    def ask(self, amount=AMOUNT, currency=HOME, bond=BOND, **tags):
        """All commands up to the one that would make the cryptogram; the answer to that one."""
        commands = payment(self.scheme(), amount, currency, **tags)
        for command in commands[:-1]:
            answer = self.send(command, bond)
            if answer is None or answer[1] != 0x9000:
                return answer
        return self.send(commands[-1], bond)

    def scheme(self):
        return self.card.token.profile if self.card else "visa"

    def payments(self):
        """Amounts of the history."""
        return [payment.amount for payment in self.services.history.payments]

    def status(self, bond=BOND):
        return self.terminals.status(bond)


def payment(scheme, amount=AMOUNT, currency=HOME, **tags):
    """The commands of one payment, the last of which makes the cryptogram."""
    known = values(amount, currency, 156, t9F66="36004000", **tags)
    if scheme == "visa":
        return [select(PPSE), select(VISA_AID), gpo(fill(VISA.pdol, known))]
    return [select(PPSE), select(MASTERCARD_AID), gpo(), generate_ac(0x80, fill(MASTERCARD.cdol1, known))]


def signed(answer):
    """True if an answer has a cryptogram under a key."""
    return answer is not None and answer[1] == 0x9000 and any(flatten(answer[0])[0x9F36])


class Bench:
    """Makes watches from one flash image; a watch with keys left serves again."""

    def __init__(self, **card):
        self._world = World().provision().set_passcode().add_card(**card).add_card(OTHER_TOKEN, profile="mastercard")
        self._watch = None

    def at_face(self, token_id=TOKEN, fresh=False):
        watch = self._watch
        if watch is None or fresh or len(watch.services.history.payments) >= MOST_PAYMENTS:
            self._watch = watch = Watch(World(like=self._world))
        return watch.ready(token_id)

    def armed(self, token_id=TOKEN, fresh=False):
        watch = self.at_face(token_id, fresh)
        watch.press()
        assert watch.card is not None, watch.screen.name
        return watch
