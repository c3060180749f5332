"""Runs inside MicroPython: a watch that does what lines of JSON say, until its input ends. Bytes are in hexadecimal.

`{"do": NAME, ...}` is answered by one line: what was asked for, `"error"` with the code of a refusal, and `"cut": true`
if the power went during the deed; the watch has started again then. `server.py [BUG]` plants a mistake of planted.py.
"""

import json
import sys

from tests.firmware.payment.card_kit import CURRENCY, fill, generate_ac, gpo, select, terminal_values
from tests.firmware.storage.norflash import Cut, PowerCut
from tests.lives import reader
from tests.lives.compare import FREE
from tests.lives.desk import Desk
from tests.lives.planted import plant
from watch.kernel.errors import WatchError
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA
from watch.system.answers import Answers

RECORD = b"\x00\xb2\x01\x0c\x00"
ATTEST, REQUEST, PACKAGE, RECEIPTS = 4, 5, 6, 7


class Server:
    """One watch at a time."""

    def __init__(self):
        self.desk = None
        self.said = {}
        """The answer so far: what has left the watch by the time the power goes."""

    def answer(self, asked):
        """Do one thing; returns the answer."""
        self.said = {}
        try:
            getattr(self, asked.pop("do"))(**asked)
            if self.desk is not None:
                self.desk.breathe()
        except PowerCut:
            pass
        except WatchError as error:
            self.said["error"] = error.code
        if self.desk is not None and self.desk.flash.dead:
            self.restart()
            self.said["cut"] = True
        return self.said

    def _message(self, kind, body):
        """What the phone's message is answered with."""
        board, desk = self.desk.board, self.desk
        answers = Answers(board.info, board.secret.kind, desk.services, desk.watch.navigator)
        return answers.handlers()[kind](body)

    def new(self, now_s):
        """A new watch, at this time."""
        self.desk = Desk(1)
        self.desk.board.info.built_s = now_s
        self.desk.board.clock.set_unix_s(now_s)
        self.restart()
        self.said["public"] = self.desk.services.identity.public.hex()

    def provision(self, root, certificate, service):
        """What the manufacturer and the phone do; then the first passcode."""
        identity = self.desk.services.identity
        identity.provision(bytes.fromhex(root), bytes.fromhex(certificate))
        identity.trust(bytes.fromhex(service))
        self.desk.set_passcode()

    def attest(self, challenge):
        self.said["data"] = self._message(ATTEST, bytes.fromhex(challenge)).hex()

    def request(self, token, issuer):
        self.said["data"] = self._message(REQUEST, [bytes.fromhex(token), bytes.fromhex(issuer)]).hex()

    def package(self, data):
        """A receipt if it could be opened."""
        receipt = self._message(PACKAGE, bytes.fromhex(data))
        self.said["data"] = receipt.hex() if isinstance(receipt, bytes) else ""

    def receipts(self):
        self.said["data"] = [receipt.hex() for receipt in self._message(RECEIPTS, None)]

    def notice(self, data):
        self.desk.watch.navigator.notice(bytes.fromhex(data))

    def enter(self):
        """The passcode, if it is needed and would be taken."""
        if not self.desk.services.guard.unlocked():
            self.desk.enter()

    def lock(self):
        self.desk.press("long")

    def tap(self, token, amount, unpredictable):
        """Arm this card and hold it to a terminal; what both said, if a cryptogram came of it."""
        desk = self.desk
        desk.services.wallet.choose(bytes.fromhex(token))
        desk.press("double")
        armed = desk.services.wallet.armed
        if not armed:
            return
        profile = armed[0].token.profile
        values = terminal_values(amount, unpredictable=unpredictable)
        commands = [select(reader.AIDS[profile])]
        if profile == "mastercard":
            commands += [gpo(), RECORD, generate_ac(0x80, fill(MASTERCARD.cdol1, values))]
        else:
            commands += [gpo(fill(VISA.pdol, values)), RECORD]
        answers = desk.tap([{"apdu": command} for command in commands])
        self._tell(commands, answers)
        desk.served()
        desk.press("single")

    def _tell(self, commands, answers):
        for command, answer in zip(commands, answers):  # noqa: B905 - MicroPython's takes no keyword
            if command[:1] == b"\x80":
                self.said["options" if "options" not in self.said else "answer"] = answer.hex()
                self.said["asked"] = command.hex()
        self.said.setdefault("answer", self.said["options"])

    def wait(self, seconds):
        """Time passes."""
        self.desk.board.clock.now_us += seconds * 1_000_000
        self.desk.tick(True)

    def cut(self, after, pattern):
        """The power will go at this operation of the flash from now on."""
        flash = self.desk.flash
        flash.fault = Cut(flash.operations + after, pattern)

    def restart(self):
        self.desk.boot(self.desk.flash.restored())

    def facts(self):
        """What the watch says of its cards and payments."""
        services = self.desk.services
        self.said["state"] = services.guard.state
        self.said["currency"] = CURRENCY
        self.said["now"] = self.desk.now_s
        self.said["cards"] = {
            slot.token.token_id.hex(): {
                "pan": slot.token.pan,
                "expiry": slot.token.expiry,
                "version": slot.token.cvn,
                "state": slot.token.state,
                "batch": slot.token.batch,
                "expires": slot.token.keys_expire_s,
                "held": slot.held(),
                "free": [atc for atc, mark in slot.atc.marks if mark == FREE],
            }
            for slot in services.vault.slots.values()
        }
        self.said["history"] = [
            [paid.token_id.hex(), paid.atc, paid.amount, paid.currency, paid.result]
            for paid in services.history.payments
        ]


def main():
    for bug in sys.argv[1:]:
        plant(bug)
    server = Server()
    while True:
        line = sys.stdin.readline()
        if not line:
            return
        print(json.dumps(server.answer(json.loads(line))))


main()
