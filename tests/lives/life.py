"""One watch and its model, living through random deeds. What they do not agree on is a failure."""

from support.issuer import EXPRESS_LIMITS, LIMITS, Issuer, payment_codes

from tests.firmware.payment.merchant_kit import code
from tests.firmware.storage.norflash import RANDOM, Cut, Fail, PowerCut
from tests.lives import reader
from tests.lives.card_model import CardModel
from tests.lives.chance import Chance, key_of
from tests.lives.compare import adopt, differences
from tests.lives.desk import Desk
from tests.lives.model import HOME, Failed, Model, batch
from watch.kernel.errors import ReplayError, StorageError, SuspendedError, WatchError

CARDS = {b"visa---1": "visa", b"master-2": "mastercard", b"closed-3": "closed-loop"}
GATE_CARD = b"closed-3"
CVNS = {"visa": (0x12, 0x22, 0x43), "mastercard": (0x14, 0x15), "closed-loop": (0x12,)}
AMOUNTS = (900, 4_000, 19_999, 20_001, 29_000, 31_000, 90_000, 100_001)
DAY_S = 86_400
END_S = 1_900_000_000
"""Lives end before their cards expire."""
WRONG_AT_MOST = 6
CODE_PAYS = 5_000
"""Most that one payment code pays, in the packages of `support.issuer`."""


class Interrupted(Exception):
    """The flash has failed: what the watch does from here on is not what the model expects."""


class Life:
    """`tell(line)` gets a line for every payment that an outsider may check."""

    def __init__(self, seed, tell):
        self.seed = seed
        self.chance = Chance(seed)
        self.tell = tell
        self.counts = {name: 0 for name in ("payments", "express", "unread", "visits", "cuts", "failures", "replays")}
        self.counts["deeds"] = 0
        self.desk = Desk(seed, Issuer)
        self.model = Model()
        self.model.unlock(self.desk.now_ms, True)
        self.issued = {name: 0 for name in CARDS}
        self.versions = {}
        self.paid = []
        self.old = []
        """Messages of the bank that were taken already."""
        self.handles = set()
        self.full = False
        for name in CARDS:
            self.refill(name)

    # The frame around each deed.

    def step(self):
        """One deed, maybe with a flash that fails; then both must agree."""
        drawn = self.chance.below(100)
        name, deed = next((name, deed) for limit, name, deed in DEEDS if drawn < limit)
        self.counts["deeds"] += 1
        self.model.trail = self.model.trail[-1:]
        fault = self.desk.flash.fault = self.fault()
        try:
            deed(self)
            self.desk.breathe()
        except Exception as error:
            struck = self.struck() and isinstance(error, (Interrupted, PowerCut, StorageError))
            if not struck:
                raise Failed("%s: %r" % (name, error))
        if self.desk.flash.dead:
            self.after_cut(name)
        elif self.struck():
            self.after_failure(name, fault)
        else:
            self.desk.flash.fault = None
            self.agree(name)

    def agree(self, name):
        apart = differences(self.model, self.desk.services)
        if apart:
            raise Failed("after %s: (what, found, expected) %r" % (name, apart))

    def fault(self):
        """What goes wrong with the flash during the next deed, if anything."""
        at = self.desk.flash.operations + self.chance.below(8)
        drawn = self.chance.below(100)
        if drawn < 8:
            return Cut(at, self.chance.below(2 + len(RANDOM)))
        if drawn < 11:
            return Fail(at, self.chance.pick(Fail.KINDS), self.chance.one_in(2))
        if drawn < 12:
            self.desk.fill()
            self.full = True
        return None

    def struck(self):
        """True once the flash has failed in this deed."""
        flash = self.desk.flash
        return self.full or flash.dead or (flash.fault is not None and flash.operations > flash.fault.at)

    def expect(self, found, should, what):
        if found != should:
            if self.struck():
                raise Interrupted
            raise Failed("%s: %r, expected %r" % (what, found, should))

    def after_cut(self, name):
        """The next start finds what was on the flash at some moment of the deed, and nothing in between."""
        self.counts["cuts"] += 1
        self.restart()
        stages, used = self.model.trail, []
        for facts in reversed(stages):
            self.model.boot(facts)
            used = differences(self.model, self.desk.services)
            if not used:
                return
        raise Failed("cut in %s: none of %d stages; %r" % (name, len(stages), used))

    def restart(self):
        """The power is gone, and comes back; maybe it goes again at once."""
        flash = self.desk.flash
        if self.chance.one_in(6):
            self.desk.board.clock.lost = True
        while True:
            flash = flash.restored()
            if self.chance.one_in(4):
                flash.fault = Cut(self.chance.below(6), self.chance.below(2 + len(RANDOM)))
            try:
                self.desk.boot(flash)
                flash.fault = None
                return
            except PowerCut:
                self.counts["cuts"] += 1

    def after_failure(self, name, fault):
        """The watch goes on with a flash that has failed: no key may be used twice. Then it is switched off."""
        self.counts["failures"] += 1
        for _ in range(self.chance.below(4)):
            self.blind_payment()
        self.full = False
        flash = self.desk.flash = self.desk.flash.restored()
        self.desk.boot(flash)
        self.desk.drain()
        adopt(self.model, self.desk.services)
        self.agree("a failed write in " + name)

    def blind_payment(self):
        """A payment that may go wrong in any way but one."""
        desk = self.desk
        try:
            if not desk.services.guard.unlocked():
                desk.enter()
            desk.press("double")
            armed = desk.services.wallet.active()
            commands = reader.visit(self.chance, armed.profile if armed else "visa", 500, HOME)
            for command, answer in zip(commands, desk.tap(commands)):
                atc = reader.outcome(command, answer) if command["kind"] in ("gpo", "generate") else 0
                if atc:
                    self.blind_spend(armed.token_id, atc)
            desk.served()
            desk.breathe()
        except WatchError:
            return

    def blind_spend(self, name, atc):
        self.model.left(name, atc)
        self.counts["payments"] += 1

    # What the wearer does.

    def refuse(self, error, call, *arguments):
        try:
            call(*arguments)
        except error:
            self.counts["replays"] += 1
            return
        self.expect("accepted", "refused", "what must be refused")

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
        for command, should, answer in zip(commands, expected, answers):
            if command["kind"] == "gpo":
                options = answer
            if should is None:
                continue
            atc = reader.outcome(command, answer)
            if atc != should[1]:
                raise Failed("%s says ATC %d, %r expected" % (command["kind"], atc, should))
            if atc:
                self.count(self.model.armed, atc, command["amount"], command["currency"])
                self.record("tap", command["apdu"].hex(), answer.hex(), options.hex())

    def count(self, name, atc, amount, currency):
        self.model.left(name, atc)
        self.counts["payments"] += 1
        self.counts["express"] += self.model.at_gate
        self.last = (name, atc)
        self.paid.append((name, atc, amount, currency))

    def record(self, how, *parts):
        """A line for the outsider: version, key and what was sent."""
        name, atc = self.last
        key = key_of(self.seed, name, atc).hex()
        self.tell(" ".join((how, "%02x" % self.versions[name, atc], "%d" % atc, key) + parts))

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
        """A merchant's code is asked about and agreed to, or not."""
        self.enter()
        amount = self.amount()
        desk, name = self.desk, self.model.active()
        self.model.leave_gate()
        asked = desk.merchant_code(code(amount="%d.%02d" % (amount // 100, amount % 100), merchant=self.chance.hex(3)))
        self.expect(asked is not None, not self.model.facts["lost"], "a merchant's code")
        if asked is None or self.chance.one_in(4):
            desk.press("single")
            return
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

    # What the bank does.

    def refill(self, name=None):
        """A package for a card, new or not; refused when it comes again."""
        if self.model.facts["kept"] is not None:
            return
        name = name or self.chance.pick(sorted(CARDS))
        profile, desk = CARDS[name], self.desk
        before = self.model.facts["cards"].get(name)
        first, keys = self.issued[name] + 1 + self.chance.below(4), 1 + self.chance.below(16)
        gate = self.chance.below(5) if profile == "closed-loop" else 0
        cvn = self.chance.pick(CVNS[profile])
        now_s = desk.now_s + self.chance.below(100)
        content = {
            "batch": before["batch"] + 1 if before else 1, "profile": profile, "first_atc": first, "keys": keys,
            "expires": now_s + self.chance.pick((1, 14)) * DAY_S, "now": now_s, "cvn": cvn, "express_keys": gate,
            "codes": self.codes() if self.chance.below(2) else None,
        }  # fmt: skip
        package = desk.package_of(name, **content)
        atcs = range(first, first + keys)
        passes = range(first + keys, first + keys + gate)
        self.issued[name] = first + keys + gate - 1
        self.versions.update({(name, atc): cvn for atc in range(first, first + keys + gate)})
        installed = {
            "profile": profile, "state": "active", "batch": content["batch"], "held": self.issued[name],
            "expires": content["expires"], "codes": 0 if content["codes"] else None,
            "pay": batch(atcs, LIMITS), "gate": batch(passes, EXPRESS_LIMITS if gate else {}),
        }  # fmt: skip
        self.model.receive(name, installed)
        kept = desk.services.issuance.receive(package) is None
        self.expect(kept, self.model.facts["kept"] is not None, "a package is kept")
        if not kept and self.chance.one_in(3):
            self.refuse(ReplayError, desk.services.issuance.receive, package)

    def codes(self):
        """A payment codes map with a seed of its own."""
        offered = payment_codes(20, self.desk.now_s - 10)
        offered[2] = bytes.fromhex(self.chance.hex(32))
        return offered

    def send(self, message):
        """A message of the bank comes; then an old one once more."""
        self.desk.watch.navigator.notice(message)
        self.desk.breathe()
        self.old = self.old[-20:] + [message]
        if self.chance.one_in(3):
            self.refuse(ReplayError, self.desk.watch.navigator.notice, self.chance.pick(self.old))

    def number(self):
        return self.model.facts["notice"] + 1

    def notice(self):
        """The bank's word on one of the latest payments, or on an older one."""
        if not self.paid:
            return
        back = self.chance.below(min(len(self.paid), 8 if self.chance.below(4) else 200))
        payment = self.paid[-1 - back]
        name, atc, amount, currency = payment
        result = self.chance.pick(("approved", "declined"))
        device = self.desk.services.identity.device_id
        message = self.desk.issuer.notice(device, name, atc, result, amount, self.number(), currency)
        if name in self.model.facts["cards"]:
            self.model.notice(payment, result)
        else:
            self.model.numbered()
        self.send(message)

    def word(self):
        """A card is suspended, resumed, or deleted; or the watch is lost, or found."""
        desk, model = self.desk, self.model
        name = self.chance.pick(sorted(CARDS))
        device = desk.services.identity.device_id
        if model.facts["lost"] or self.chance.one_in(5):
            if not model.facts["cards"]:
                return
            lost = not model.facts["lost"]
            said = ("lost", "call") if lost else ("found", "")
            message = desk.issuer.device_state(device, *said, number=self.number())
            model.say(lost)
        else:
            desk.issuer.notice_number = self.number() - 1
            card = model.facts["cards"].get(name)
            state = "active" if card and card["state"] == "suspended" else "suspended"
            if self.chance.one_in(8):
                state = "deleted"
            message = desk.issuer.token_state(device, name, state)
            if card is None:
                model.numbered()
            else:
                model.change_state(name, state)
        self.send(message)

    def power(self):
        """Switched off, whatever goes on."""
        self.desk.flash.dead = True


DEEDS = (
    (46, "payments", Life.shop),
    (50, "stray reader", Life.stray),
    (58, "express", Life.express),
    (62, "show", Life.show),
    (66, "merchant", Life.merchant),
    (71, "refill", Life.refill),
    (81, "notice", Life.notice),
    (85, "word of the bank", Life.word),
    (88, "choose", Life.choose),
    (91, "wrong passcode", Life.wrong),
    (93, "lock", Life.lock),
    (98, "idle", Life.idle),
    (100, "power off", Life.power),
)
"""Of a hundred deeds: up to this number, name, deed."""
