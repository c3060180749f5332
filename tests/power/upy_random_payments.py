"""Random payments, refills, notices, passcodes, clock jumps and power cuts against a model (R3): seeded, repeatable."""

from support.world import OTHER_TOKEN, TOKEN

from tests.firmware.storage.norflash import RANDOM, Cut, PowerCut, noise
from tests.power.campaign import LONG, Failed
from tests.power.deeds import spend
from tests.power.payment_model import CardModel, Model
from tests.power.service_campaign import FlashWorld, fresh
from watch.kernel.errors import LostError, PasscodeError, ReplayError, SuspendedError
from watch.payment.atc import UNKNOWN, USED

SHARE = "system"
TIMEOUT_S = 36_000
PAYMENTS = 100_000 if LONG else 2_000


class Chance:
    """Repeatable numbers."""

    def __init__(self, seed):
        self.seed = seed
        self.drawn = 0

    def below(self, limit):
        self.drawn += 1
        return int.from_bytes(noise(self.seed, self.drawn, 4), "big") % limit


class Life:
    """One watch and its model, living through random deeds."""

    def __init__(self, seed):
        self.chance = Chance(seed)
        self.world = fresh().provision().set_passcode()
        self.model = Model()
        self.payments = self.express_payments = self.cuts = self.refused = 0
        self.loaded = {}
        """What is in RAM now: token to ATCs."""
        self.old_notices = []
        self.spent = []
        for token_id in (TOKEN, OTHER_TOKEN):
            self.refill(token_id)

    def step(self):
        """One deed; then both must agree."""
        deed = self.chance.below(100)
        token_id = (TOKEN, OTHER_TOKEN)[self.chance.below(2)]
        for limit, act in DEEDS:
            if deed < limit:
                act(self, token_id)
                break
        self.agree("after deed %d" % deed)

    def agree(self, where):
        found = self.model.differences(self.world.services)
        if found:
            raise Failed(f"{where}: {found}")

    def reboot(self):
        """The power goes and comes back: what was in RAM is gone."""
        for token_id, atcs in self.loaded.items():
            self.model.cards[token_id].lose(atcs)
        self.loaded = {}
        world = self.world
        now_us = world.board.clock.now_us
        self.world = FlashWorld(world.board.flash.image, world.issuer)
        self.world.board.clock.now_us = now_us
        self.model.locked = True

    def ready(self):
        """Enter the passcode if need be."""
        if self.model.locked:
            world = self.world
            world.board.clock.now_us += world.services.guard.wait_ms() * 1000
            world.unlock()
            world.services.unlocked()
            self.model.locked, self.model.wrong = False, 0
            for card in self.model.cards.values():
                card.express_taps = 0
        self.world.services.guard.moved()

    def refill(self, token_id, *_):
        self.ready()
        card = self.model.cards.get(token_id)
        if card is None:
            card = self.model.cards[token_id] = CardModel()
        first = card.held + 1 + self.chance.below(5)
        content = {"batch": card.batch + 1, "first_atc": first, "keys": 1 + self.chance.below(16)}
        if token_id == TOKEN:
            content.update({"profile": "closed-loop", "express_keys": self.chance.below(5)})
        package = self.world.package(token_id, **content)
        if self.chance.below(3) == 0:
            self.world.services.guard.lock()
            self.model.locked = True
            assert self.world.services.issuance.receive(package) is None
            self.ready()
        else:
            self.world.services.issuance.receive(package)
        first_express = first + content["keys"]
        express_atcs = range(first_express, first_express + content.get("express_keys", 0))
        card.refill(range(first, first_express), express_atcs)
        self.refuse(ReplayError, self.world.services.issuance.receive, package)

    def pay(self, token_id):
        """Arm, use up to three keys, disarm or lock."""
        self.ready()
        card = self.model.cards[token_id]
        if not card.free:
            self.refill(token_id)
        services = self.world.services
        services.wallet.choose(token_id)
        if card.suspended:
            self.refuse(SuspendedError, services.vault.arm, token_id)
            return
        armed = self.arm(token_id)
        self.taps(token_id, armed)
        if self.chance.below(10) == 0:
            services.guard.lock()
            self.model.locked = True
        else:
            services.wallet.disarm()
        self.loaded = {}

    def arm(self, token_id):
        card = self.model.cards[token_id]
        armed = self.world.services.wallet.arm()[0]
        card.turn_day(self.world.services.clock.security_s())
        atcs = [key.atc for key in armed.keys]
        if atcs != card.next_three() or card.gone & set(atcs):
            raise Failed(f"armed {atcs}, expected {card.next_three()}")
        self.loaded = {token_id: atcs}
        return armed

    def taps(self, token_id, armed):
        for _ in range(self.chance.below(len(armed.keys) + 1)):
            key = spend(armed, 1 + self.chance.below(5000))
            self.model.cards[token_id].spend(key.atc, key.outcome.amount)
            self.model.results[(token_id, key.atc)] = "sent"
            self.spent.append((token_id, key.atc))
            self.payments += 1

    def cut_while_armed(self, token_id):
        """The battery dies with keys in RAM: what was spent is not in the watch's daily sum or history."""
        self.ready()
        card = self.model.cards[token_id]
        if not card.free or card.suspended:
            return
        self.world.services.wallet.choose(token_id)
        armed = self.arm(token_id)
        today = card.today
        self.taps(token_id, armed)
        card.today = today
        self.cuts += 1
        self.reboot()

    def cut_while_settling(self, token_id):
        """The power goes inside the record that settles: all of it is there at the next start, or nothing."""
        self.ready()
        card = self.model.cards[token_id]
        if not card.free or card.suspended:
            return
        self.world.services.wallet.choose(token_id)
        armed = self.arm(token_id)
        unspent, before = list(card.free), card.today
        self.taps(token_id, armed)
        flash = self.world.board.flash
        flash.fault = Cut(flash.operations + self.chance.below(3), RANDOM[self.chance.below(8)])
        refused_or_done(self.world.services.wallet.disarm)
        self.cuts += 1
        loaded, self.loaded = self.loaded, {}
        self.reboot()
        marks = self.world.services.vault.find(token_id)[1].atc.marks
        if any(mark == UNKNOWN and atc in loaded[token_id] for atc, mark in marks):
            card.free, card.today = unspent, before
            card.lose(loaded[token_id])

    def express(self, *_):
        """Worn or locked: some taps without arming; then a passcode, a cut, or the end of the mode."""
        self.ready()
        services, card = self.world.services, self.model.cards[TOKEN]
        if card.has_express:
            services.express.choose(TOKEN)
        if self.chance.below(2):
            services.guard.lock()
            self.model.locked = True
        if services.express.enter() != card.may_express():
            raise Failed(f"express mode is {services.guard.state}")
        for _ in range(self.chance.below(5)):
            if services.express.card is not None and not self.express_tap(card):
                return
        if services.express.card is not None and self.chance.below(3) == 0:
            card.express_gone(card.express_free[0])
            self.cuts += 1
            self.reboot()
        services = self.world.services
        services.express.leave()
        self.model.locked = not services.guard.unlocked()

    def express_tap(self, card):
        """One tap; the power may go before its record, or in it. False if it went."""
        services = self.world.services
        atc = services.express.card.keys[0].atc
        if atc != card.express_free[0] or atc in card.gone:
            raise Failed(f"express has {atc}, expected {card.express_free[:1]}")
        spend(services.express.card, 1 + self.chance.below(500))
        self.payments += 1
        self.express_payments += 1
        if self.chance.below(8) == 0:
            return self.cut_express(card, atc)
        services.express.settle()
        self.express_settled(card, atc)
        return True

    def express_settled(self, card, atc):
        card.express_gone(atc)
        card.express_taps += 1
        self.model.results[(TOKEN, atc)] = "sent"
        self.spent.append((TOKEN, atc))

    def cut_express(self, card, atc):
        flash = self.world.board.flash
        flash.fault = Cut(flash.operations + self.chance.below(3), RANDOM[self.chance.below(8)])
        refused_or_done(self.world.services.express.settle)
        ready = self.world.services.express.card
        following = ready.keys[0].atc if ready is not None else 0
        self.cuts += 1
        self.reboot()
        marks = dict(self.world.services.vault.find(TOKEN)[1].express_atc.marks)
        if marks[atc] == USED:
            self.express_settled(card, atc)
            following = following or (card.express_free[0] if card.may_express() else 0)
            if following:
                card.express_gone(following)
        else:
            card.express_gone(atc)
        return False

    def lose(self, *_):
        """The bank says lost; nothing opens the watch, before a restart and after it, until it says found."""
        self.say("lost")
        self.model.locked = True
        if self.chance.below(2):
            self.reboot()
        self.refuse(LostError, self.world.unlock)
        if self.world.services.express.enter():
            raise Failed("a lost watch pays")
        self.say("found")

    def say(self, state):
        self.model.notice += 1
        device = self.world.services.identity.device_id
        word = self.world.issuer.device_state(device, state, number=self.model.notice)
        self.world.services.notices.receive(word)

    def notice(self, token_id):
        if not self.spent:
            return
        paid, atc = self.spent[-1 - self.chance.below(min(8, len(self.spent)))]
        self.model.notice += 1
        result = ("approved", "declined")[self.chance.below(2)]
        device = self.world.services.identity.device_id
        data = self.world.issuer.notice(device, paid, atc, result, number=self.model.notice)
        self.world.services.notices.receive(data)
        self.model.results[(paid, atc)] = result
        self.old_notices = self.old_notices[-20:] + [data]
        old = self.old_notices[self.chance.below(len(self.old_notices))]
        self.refuse(ReplayError, self.world.services.notices.receive, old)

    def change_state(self, token_id):
        card = self.model.cards[token_id]
        self.model.notice += 1
        self.world.issuer.notice_number = self.model.notice - 1
        card.suspended = not card.suspended
        state = "suspended" if card.suspended else "active"
        device = self.world.services.identity.device_id
        self.world.services.notices.receive(self.world.issuer.token_state(device, token_id, state))

    def wrong_passcode(self, _):
        world = self.world
        world.services.guard.lock()
        self.model.locked = True
        if self.model.wrong < 6:
            world.board.clock.now_us += world.services.guard.wait_ms() * 1000
            self.refuse(PasscodeError, world.unlock, b"0000")
            self.model.wrong += 1

    def jump(self, _):
        """Hours pass, or somebody sets the shown time to anything."""
        self.world.board.clock.now_us += self.chance.below(40_000) * 1_000_000
        self.world.services.clock.set_display(1_000_000_000 + self.chance.below(3_000_000_00))
        if self.world.services.guard.check_session() is not None:
            self.model.locked = True

    def restart(self, _):
        self.reboot()

    def refuse(self, error, call, *arguments):
        try:
            call(*arguments)
        except error:
            self.refused += 1
            return
        raise Failed("accepted what must be refused")


def refused_or_done(call):
    """The cut may come late enough for the deed to be done."""
    try:
        call()
    except PowerCut:
        return


DEEDS = (
    (50, Life.pay),
    (55, Life.cut_while_armed),
    (60, Life.cut_while_settling),
    (68, Life.express),
    (69, Life.lose),
    (76, Life.refill),
    (88, Life.notice),
    (90, Life.change_state),
    (94, Life.wrong_passcode),
    (97, Life.jump),
    (100, Life.restart),
)


def test_random_payments_against_the_model():
    payments = express = cuts = refused = seed = 0
    while payments < PAYMENTS:
        seed += 1
        life = Life(seed)
        steps = 0
        while life.payments < 1000 and steps < 3000 and life.world.services.clock.security_s() < 1_900_000_000:
            life.step()
            steps += 1
        payments += life.payments
        express += life.express_payments
        cuts += life.cuts
        refused += life.refused
    assert express > PAYMENTS // 50
    told = f"NOTE random payments: {payments}, {express} of them express, {cuts} cuts, {refused} replays refused"
    print(told + ", 0 ATCs repeated, 0 differences")
