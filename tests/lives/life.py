"""One watch and its model, living through random deeds. What they do not agree on is a failure."""

from support.issuer import Issuer

from tests.firmware.storage.norflash import RANDOM, Cut, Fail, PowerCut
from tests.lives import reader
from tests.lives.bank_hand import BankHand
from tests.lives.chance import Chance, key_of
from tests.lives.codes import Codes
from tests.lives.compare import adopt, differences
from tests.lives.desk import Desk
from tests.lives.model import HOME, Failed, Model
from tests.lives.wearer import CARDS, Wearer
from watch.kernel.errors import StorageError, WatchError

END_S = 1_900_000_000
"""Lives end before their cards expire."""
COUNTED = ("payments", "express", "visits", "cuts", "failures", "replays", "deeds")


class Interrupted(Exception):
    """The flash has failed: what the watch does from here on is not what the model expects."""


class Life(Wearer, Codes, BankHand):
    """`tell(line)` gets a line for every payment that an outsider may check."""

    def __init__(self, seed, tell):
        self.seed = seed
        self.chance = Chance(seed)
        self.tell = tell
        self.counts = dict.fromkeys(COUNTED, 0)
        self.desk = Desk(seed, Issuer)
        self.model = Model()
        self.model.unlock(self.desk.now_ms, True)
        self.issued = dict.fromkeys(CARDS, 0)
        self.versions = {}
        self.paid = []
        self.old = []
        """Messages of the bank that were taken already."""
        self.handles = set()
        self.full = False

    def begin(self):
        """The first packages."""
        for name in CARDS:
            self.do("the first packages", lambda life: life.refill(name), None)

    # The frame around each deed.

    def step(self):
        """One deed, maybe with a flash that fails; then both must agree."""
        drawn = self.chance.below(100)
        name, deed = next((name, deed) for limit, name, deed in DEEDS if drawn < limit)
        self.do(name, deed, self.fault())

    def do(self, name, deed, fault):
        """One deed with this fault."""
        self.counts["deeds"] += 1
        self.model.trail = self.model.trail[-1:]
        self.desk.flash.fault = fault
        try:
            deed(self)
            self.desk.breathe()
        except Exception as error:
            struck = self.struck() and isinstance(error, (Interrupted, PowerCut, StorageError))
            if not struck:
                raise Failed("%s: %r" % (name, error))  # noqa: B904 - MicroPython keeps no cause
        if self.desk.flash.dead:
            self.after_cut(name)
        elif self.struck():
            self.after_failure(name)
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
        self.make_room()
        stages, apart = self.model.trail, []
        for facts in reversed(stages):
            self.model.boot(facts)
            apart = differences(self.model, self.desk.services)
            if not apart:
                return
        raise Failed("cut in %s: none of %d stages; %r" % (name, len(stages), apart))

    def make_room(self):
        """What filled the journal goes."""
        self.full = False
        self.desk.drain()

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

    def after_failure(self, name):
        """The watch goes on with a flash that has failed: no key may be used twice. Then it is switched off."""
        self.counts["failures"] += 1
        for _ in range(self.chance.below(4)):
            self.blind_payment()
        self.desk.boot(self.desk.flash.restored())
        self.make_room()
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
            for command, answer in zip(commands, desk.tap(commands)):  # noqa: B905 - MicroPython's takes no keyword
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

    def refuse(self, error, call, *arguments):
        try:
            call(*arguments)
        except error:
            self.counts["replays"] += 1
            return
        self.expect("accepted", "refused", "what must be refused")

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
