"""Deeds without a reader: codes that the watch shows, and merchants' codes that the phone brings."""

from tests.firmware.payment.merchant_kit import code
from tests.lives.model import HOME, Failed
from watch.kernel.errors import StorageError, WatchError

CODE_PAYS = 5_000
"""Most that one payment code pays, in the packages of `support.issuer`."""


class Codes:
    """For `life.Life`."""

    def show(self):
        """A code of 18 digits, or one with a cryptogram."""
        self.enter()
        name = self.model.active()
        if name is None or self.model.facts["lost"]:
            return
        left = self.desk.services.codes.codes_left(name)
        if self.chance.below(2):
            self.digits(name, left)
        else:
            self.present(left)

    def digits(self, name, left):
        self.model.leave_gate()
        if left:
            self.model.facts["cards"][name]["codes"] += 1
            self.model.commit()
        try:
            shown = self.desk.services.codes.next_code(name)
        except StorageError:
            raise
        except WatchError:
            shown = ""
        self.expect(bool(shown), bool(left), "a payment code")
        if shown:
            if (name, shown[:10]) in self.handles:
                raise Failed("the handle of a payment code is shown twice")
            self.handles.add((name, shown[:10]))

    def present(self, left):
        services = self.desk.services
        name = self.model.active()
        if not self.arm():
            return
        atc = 0
        if left and not self.model.lacks_passcode(CODE_PAYS, HOME, False):
            atc = self.model.spend(0, HOME)
            self.model.unshown.add((name, atc))
        self.model.disarm()
        try:
            text = services.presented.make()
        except StorageError:
            raise
        except WatchError:
            text = ""
        self.expect(bool(text), bool(atc), "a code with a cryptogram")
        if text:
            self.count(name, atc, 0, HOME)
            self.record("presented", text)

    def merchant(self):
        """A merchant's code is asked about and agreed to, or not; the wearer enters the amount where it has none."""
        self.enter()
        amount = self.amount()
        desk, name = self.desk, self.model.active()
        self.model.leave_gate()
        written = None if self.chance.one_in(3) else "%d.%02d" % (amount // 100, amount % 100)
        asked = desk.merchant_code(code(amount=written, merchant=self.chance.hex(3)))
        self.expect(asked is not None, not self.model.facts["lost"], "a merchant's code")
        if asked is None or self.chance.one_in(4):
            desk.press("single")
            return
        if written is None:
            self.key_in(amount)
        self.wait(1)
        atc = 0
        if self.model.arm(desk.now_ms, desk.now_s):
            self.model.confirmed = [amount, HOME]
            if self.model.judge(amount, HOME, False) == "sent":
                atc = self.model.spend(amount, HOME)
                self.model.unshown.add((name, atc))
            self.model.disarm()
        desk.press("double")
        self.agree_on_merchant(asked, name, atc, amount)

    def key_in(self, amount):
        """Digit by digit on the keys."""
        for label in list(str(amount)) + ["forward"]:
            screen = self.desk.watch.stack.top
            for turn in (True, False):
                keys = {key[0]: key for key in screen.targets()}
                if label in keys or not turn:
                    break
                screen.tap(keys["turn"][1] + 1, keys["turn"][2] + 1)
            screen.tap(keys[label][1] + 1, keys[label][2] + 1)

    def agree_on_merchant(self, asked, name, atc, amount):
        merchants = self.desk.services.merchants
        try:
            envelope = merchants.answer(asked.digest) or b""
        except WatchError:
            envelope = b""
        self.expect(bool(envelope), bool(atc), "the payment of a merchant's code")
        if envelope:
            self.count(name, atc, amount, HOME)
            self.record("merchant", envelope.hex())
        merchants.refuse()
        self.desk.watch.navigator._view.home()
