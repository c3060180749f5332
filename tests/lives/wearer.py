"""Deeds of the wearer, and of readers: each first to the model, then to the watch."""

from tests.lives import reader
from tests.lives.card_model import CardModel
from tests.lives.model import HOME, Failed
from watch.kernel.errors import SuspendedError

GATE_CARD = b"closed-3"
CARDS = {b"visa---1": "visa", b"master-2": "mastercard", GATE_CARD: "closed-loop"}
AMOUNTS = (900, 4_000, 19_999, 20_001, 29_000, 31_000, 90_000, 100_001)
"""Near the limits of `support.issuer`."""
DAY_S = 86_400
WRONG_AT_MOST = 6


class Wearer:
    """For `life.Life`."""

    def enter(self):
        """Make sure that the watch is open, unless it is lost."""
        if self.model.armed is not None and not self.model.at_gate:
            self.cancel()
        if self.model.open or self.model.facts["lost"]:
            return
        self.wait(self.desk.services.guard.wait_ms() // 1000 + 1)
        self.model.unlock(self.desk.now_ms, True)
        self.expect(self.desk.enter(), True, "the passcode")

    def wrong(self):
        """A wrong passcode."""
        if self.model.armed is not None and not self.model.at_gate:
            self.cancel()
        if self.model.facts["wrong"] < WRONG_AT_MOST and not self.model.facts["lost"]:
            self.wait(self.desk.services.guard.wait_ms() // 1000 + 1)
            self.model.unlock(self.desk.now_ms, False)
            self.expect(self.desk.enter(b"0000"), False, "a wrong passcode")

    def wait(self, seconds, moving=True):
        """Time passes."""
        self.desk.board.clock.now_us += seconds * 1_000_000
        self.model.tick(self.desk.now_ms, moving)
        self.desk.tick(moving)

    def idle(self):
        """Somebody walks about, or sleeps."""
        how = self.chance.below(6)
        if how == 0:
            self.desk.services.clock.set_display(1_000_000_000 + self.chance.below(300_000_000))
        elif how == 1:
            self.wait(self.chance.below(5 * DAY_S), False)
        else:
            for _ in range(1 + self.chance.below(4)):
                self.wait(1 + self.chance.below(700), not self.chance.one_in(5))

    def lock(self):
        if self.model.open:
            self.model.lock()
            self.desk.press("long")

    def cancel(self):
        """Not now."""
        self.model.disarm()
        self.desk.press("single")
        self.desk.breathe()

    def arm(self):
        """A double press on an open watch. True if a card is armed then."""
        atcs = self.model.arm(self.desk.now_ms, self.desk.now_s) if not self.model.facts["lost"] else []
        self.desk.press("double")
        armed = self.desk.services.wallet.armed
        self.expect([key.atc for card in armed for key in card.keys], atcs, "keys of the armed card")
        return bool(atcs)

    def visit(self, profile, amount, currency):
        """A reader."""
        commands = reader.visit(self.chance, profile, amount, currency)
        if self.chance.one_in(5):
            commands = commands[: self.chance.below(1 + len(commands))]
        model, desk = self.model, self.desk
        card = CardModel(model)
        expected = [card.answer(command) for command in commands]
        written = desk.flash.operations
        answers = desk.tap(commands)
        self.counts["visits"] += 1
        self.check_answers(commands, expected, answers)
        if desk.flash.operations != written:
            raise Failed("a tap writes to the flash")
        model.released(desk.now_ms, desk.now_s)
        desk.served()
        desk.breathe()
        self.expect(desk.services.guard.state, model.state(), "the state after a visit")

    def check_answers(self, commands, expected, answers):
        self.expect(len(answers), len(commands), "answers")
        options = b""
        for command, should, answer in zip(commands, expected, answers):  # noqa: B905 - MicroPython's takes no keyword
            if command["kind"] == "gpo" and answer[-2:] == reader.OK:
                options = answer
            if should is None:
                continue
            atc = reader.outcome(command, answer)
            if atc != should[1]:
                raise Failed("%s says ATC %d, %r expected" % (command["kind"], atc, should))
            if atc:
                self.count(self.model.armed, atc, command["amount"], command["currency"])
                self.record("tap", command["apdu"].hex(), answer.hex(), options.hex())

    def amount(self):
        """Small most of the time, near a limit some of the time."""
        if self.chance.below(3):
            return 1 + self.chance.below(3_000)
        return self.chance.pick(AMOUNTS)

    def shop(self):
        """A few payments, one after the other."""
        for _ in range(1 + self.chance.below(6)):
            self.pay()

    def pay(self):
        """Arm and hold the watch to readers, until it is over or the wearer has had enough."""
        self.enter()
        name = self.model.active()
        if name is not None and not self.model.facts["cards"][name]["pay"]["free"] and not self.model.facts["lost"]:
            self.refill(name)
        if not self.arm():
            return
        amount, currency = self.amount(), 840 if self.chance.one_in(25) else HOME
        for _ in range(5):
            if self.model.armed is None or self.model.at_gate:
                return
            self.visit(self.model.facts["cards"][self.model.armed]["profile"], amount, currency)
            if self.model.armed is not None and self.chance.below(3):
                self.wait(self.chance.pick((0, 1, 1, 2, 30, 61)))
        if self.model.armed is not None and not self.model.at_gate and self.chance.below(3):
            self.cancel()

    def stray(self):
        """A reader comes to a watch that is in whatever state it is."""
        self.visit(self.chance.pick(("visa", "mastercard", "closed-loop")), self.amount(), HOME)

    def express(self):
        """Express mode, if it is possible: a few gates, locked or not."""
        self.enter()
        if self.model.facts["lost"]:
            return
        if self.chance.one_in(3) or self.model.facts["express"] is None:
            self.choose_express()
        if self.chance.below(2):
            self.lock()
        possible = self.model.rest(self.desk.now_s)
        self.expect(self.desk.rest(), possible, "express mode")
        for _ in range(self.chance.below(5)):
            if self.model.at_gate:
                self.visit("closed-loop", 1 + self.chance.below(1_700), HOME)
        if self.model.at_gate and self.chance.below(2):
            self.model.put_away()
            self.desk.services.express.leave()

    def choose_express(self):
        name = GATE_CARD if self.chance.below(8) else None
        if name is not None and not self.can_express():
            self.refill(name)
        if name is not None and not self.can_express():
            return
        self.model.leave_gate()
        self.model.facts["express"] = name
        self.model.commit()
        self.desk.services.express.choose(name)

    def can_express(self):
        """True if the bank gave the card an express batch, used up or not."""
        card = self.model.facts["cards"].get(GATE_CARD)
        return card is not None and bool(card["gate"]["limits"])

    def choose(self):
        """Another card is to pay."""
        name = self.chance.pick(sorted(CARDS))
        if self.model.facts["cards"].get(name, {"state": ""})["state"] == "suspended":
            self.refuse(SuspendedError, self.desk.services.wallet.choose, name)
        elif name in self.model.facts["cards"]:
            self.model.facts["chosen"] = name
            self.model.commit()
            self.desk.services.wallet.choose(name)
