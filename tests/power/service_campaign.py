"""Cuts whole services at every program and erase of one deed of the wearer or the bank, then cuts the boot after it.

A deed is made of journal commits, and only of those. So at whatever point the power goes, the next boot must find the
watch exactly as it was after the last commit that had returned, or after the one that was under way.
"""

import asyncio

from support import scrubbing
from support.issuer import Issuer
from support.world import PASSCODE, World, refused

from board.counting.board import BUILT_S, build
from board.counting.devices import Clock, Entropy
from tests.firmware.storage.norflash import RANDOM, Cut, Fail, NorFlash, PowerCut
from tests.power.campaign import LONG
from tests.power.tape import SameEveryTime, Tape
from tests.power.verified import Failed, Verified
from watch.crypto import random as random_room
from watch.kernel.errors import LostError, PasscodeError, StorageError, WatchError
from watch.system.services import Services

SECTORS = 16
PASSCODES = (PASSCODE, b"13572468")
WIPED = {}
"""Found on a watch that has nothing of its wearer any more: it makes itself a new identity at each boot."""

random_room.os = SameEveryTime
scrubbing.leave_out()


_DEVICES = build()


class SmallBoard:
    """A counting board with another flash: to make its own each time would take half of the time."""

    def __init__(self, flash):
        self.info, self.display, self.secret = _DEVICES.info, _DEVICES.display, _DEVICES.secret
        self.motion, self.speaker = _DEVICES.motion, None
        self.clock = Clock(BUILT_S)
        self.entropy = Entropy()
        self.flash = flash
        self.free_blocks = None


class FlashWorld(World):
    """A world whose flash can be cut, opened again from an image."""

    def __init__(self, image=None, issuer=None, flash=None):
        self.board = SmallBoard(flash or NorFlash(SECTORS, image))
        self.services = Services(self.board)
        self.issuer = issuer

    def again(self):
        """The next boot from the same flash."""
        return FlashWorld(self.board.flash.image, self.issuer)


def fresh():
    """A new watch and its issuer."""
    world = FlashWorld()
    world.issuer = Issuer(world.services.random)
    return world


def facts(services):
    """All that the watch knows and that a cut could lose, mix or turn back."""
    slots = services.vault.slots
    return {
        "provisioned": services.identity.provisioned(),
        "identity": services.identity.device_id,
        "issuers": [entry[0] for entry in services.identity._issuers()],
        "passcode": services.guard.has_passcode(),
        "passcode record": services.journal.get(0x10),
        "receipt key": services.receipt_key.exists(),
        "tries": services.guard.tries_left(),
        "tokens": {n: (slots[n].token.token_id, slots[n].token.batch, slots[n].token.state) for n in slots},
        "atcs": {n: repr(slots[n].atc.fields()) for n in slots},
        "spending": {n: slots[n].spending.fields() for n in slots},
        "express atcs": {n: repr(slots[n].express_atc.fields()) for n in slots},
        "express spending": {n: slots[n].express_spending.fields() for n in slots},
        "express": services.express.chosen(),
        "lost": services.guard.lost(),
        "codes shown": [services.sealed.read(0x0460 + n) for n in range(8)],
        "history": [payment.fields() for payment in services.history.payments],
        "notices": services.notices._numbers(),
        "chosen": services.wallet._chosen,
        "receipts": services.issuance.receipts(),
        "language": services.settings.get("language"),
        "app payments": [one.fields() for one in services.app_payments._kept.all()],
        "waiting": [services.journal.get(0x0380 + n) for n in range(8)],
        "kept": [services.journal.get(0x03A0 + n) is not None for n in range(8)],
    }


class Deed:
    """One deed on one prepared watch."""

    def __init__(self, world, prepare, act):
        """`prepare(world)` runs before each attempt without faults and returns what `act(world, it)` needs."""
        self.image = bytes(world.board.flash.image)
        self.issuer = world.issuer
        self.prepare = prepare
        self.act = act
        self.states = []
        self.operations = 0
        self.done = 0
        self.tape, self.before = Tape(), b""
        self._verified = Verified(self._look)

    def start(self, fault=None):
        """A booted and prepared watch whose flash goes wrong at the operation that `fault` counts from now on."""
        world = FlashWorld(self.image, self.issuer)
        self.issuer._random = random_room.Random(Entropy())
        self.issuer._random.seed()
        self.issuer.serial, self.issuer.notice_number = 100, 0
        ready = self.prepare(world)
        flash = world.board.flash
        flash.operations = 0
        flash.fault = fault
        self.done = 0
        self._count_commits(world.services.journal)
        return world, ready

    def rehearse(self):
        """Without a fault: the facts that a boot finds after each commit, and the tape from the image `before`."""
        self.tape = Tape(lambda: self.done)
        world, ready = self.start(self.tape)
        self.before = bytes(world.board.flash.image)
        journal = world.services.journal
        self.states = [facts(world.again().services)]
        counted = journal.commit

        def commit(changes):
            counted(changes)
            self.states.append(facts(world.again().services))

        wiped = journal.wipe

        def wipe():
            wiped()
            self.states.append(None)  # a wiped watch makes itself a new identity at the next boot

        journal.commit, journal.wipe = commit, wipe
        self.act(world, ready)
        self.operations = world.board.flash.operations

    def _count_commits(self, journal):
        plain = journal.commit

        def commit(changes):
            plain(changes)
            self.done += 1

        journal.commit = commit

    def boot(self, image, allowed, where):
        """Boot twice; both find the same, one of the allowed facts. Returns the tape of the first boot."""
        found, tape = self._verified.twice((image,), where)
        if not any(found is WIPED if state is None else state == found for state in allowed):
            known = allowed[0] or allowed[-1] or {}
            differs = "wiped" if found is WIPED else [name for name in found if found[name] != known.get(name)]
            raise Failed(f"{where}: lost or mixed: {differs}")
        return tape

    def _look(self, cells, where):
        """The facts a boot finds, or WIPED, its tape, and the cells after it. A passcode opens the watch.

        Equal facts are one object, so that few are kept.
        """
        flash, tape = NorFlash(SECTORS, cells[0]), Tape()
        flash.fault = tape
        try:
            world = FlashWorld(issuer=self.issuer, flash=flash)
        except WatchError as error:
            raise Failed(f"{where}: failed boot, {error!r}")  # noqa: B904 - MicroPython keeps no cause
        found, after = facts(world.services), bytes(flash.image)
        flash.fault = None
        expect_usable(world, where)
        for state in self.states:
            if state == found:
                return state, tape, (after,)
        if None in self.states and not (found["passcode"] or found["tokens"] or found["provisioned"]):
            found = WIPED
        return found, tape, (after,)


class CutCampaign(Deed):
    """Cuts a deed everywhere; counts.

    The cuts are made from tapes. The short form really plays one of each deed and one of its boots, the long form all.
    """

    first = second = 0

    def run(self):
        """Raises Failed."""
        self.rehearse()
        for at, pattern, done, image in self.tape.cuts(self.before, self._patterns):
            where = f"cut at {at}, pattern {pattern}"
            if LONG or self.first == self.operations:
                self._expect_played(Cut(at, pattern), done, image)
            self.first += 1
            self._cut_boot(image, self.states[done : done + 2], where)
        return self

    def _patterns(self, at):
        few = tuple(RANDOM[(at + turn) % len(RANDOM)] for turn in range(2))
        return Cut.FIXED + (RANDOM if LONG else few)

    def _expect_played(self, cut, done, image):
        """A deed that is really cut leaves what the tape says."""
        world, ready = self.start(cut)
        try:
            self.act(world, ready)
        except PowerCut:
            if (self.done, world.board.flash.image) == (done, image):
                return
        raise Failed(f"the deed differs from its tape at {cut.at}")

    def _cut_boot(self, image, allowed, where):
        """The boot after a cut finds what is allowed, also when it loses the power again."""
        tape = self.boot(image, allowed, where)
        step = 1 if LONG else max(1, len(tape.writes) // 2)
        chosen = range(self.first % step, len(tape.writes), step)
        for again, pattern, _, torn in tape.cuts(image, lambda at: (2 + self.second % 8,) if at in chosen else ()):
            if LONG or not self.second:
                self._expect_booted(image, Cut(again, pattern), torn)
            self.second += 1
            self.boot(torn, allowed, f"{where}, again at {again}")

    def _expect_booted(self, image, cut, torn):
        """A boot that is really cut leaves what its tape says."""
        flash = NorFlash(SECTORS, image)
        flash.fault = cut
        try:
            Services(SmallBoard(flash))
        except PowerCut:
            if flash.image == torn:
                return
        raise Failed(f"the boot differs from its tape at {cut.at}")


class FaultCampaign(Deed):
    """Lets every program and erase of a deed go wrong without a cut; counts.

    `regardless`: facts of the last change that are written down even if an earlier change of the deed fails.
    """

    tried = reported = 0

    def __init__(self, world, prepare, act, regardless=()):
        super().__init__(world, prepare, act)
        self.regardless = regardless

    def run(self):
        """Raises Failed."""
        self.rehearse()
        for at in range(self.operations):
            for kind in Fail.KINDS:
                self._fail(at, kind, False)
                self._fail(at, kind, True)
        return self

    def _fail(self, at, kind, lasting):
        self.tried += 1
        world, ready = self.start(Fail(at, kind, lasting))
        where = f"{kind} at {at}{' and ever after' if lasting else ''}"
        try:
            self.act(world, ready)
            allowed = self.states[-1:]
        except StorageError:
            self.reported += 1
            allowed = self.states[self.done : self.done + 2]
            if self.regardless:  # the earlier change is not there, or is there although its write was called a failure
                first, last = self.states[0], self.states[-1]
                allowed += [dict(first, **{name: last[name] for name in self.regardless}), last]
        self.boot(world.board.flash.image, allowed, where)


def commit_one_by_one(world):
    """Break the journal: facts that belong together are written in a record each."""
    journal = world.services.journal
    whole = journal.commit

    def commit(changes):
        for record in sorted(changes):
            type(journal).commit(journal, {record: changes[record]})
        whole({})

    journal.commit = commit


def opens(world, passcode):
    """True if this passcode unlocks."""
    try:
        asyncio.run(world.services.guard.unlock(bytearray(passcode)))
        return True
    except PasscodeError:
        return False


def expect_usable(world, where):
    """One passcode opens the watch, unless it is lost, and the vault key is that of its records. Raises Failed."""
    if not world.services.guard.has_passcode():
        return
    if world.services.guard.lost() is not None:
        refused(LostError, world.unlock)
        return
    if not any(opens(world, passcode) for passcode in PASSCODES):
        raise Failed(f"{where}: no passcode opens the watch")
    with world.services.guard.vault_key() as key, world.services.receipt_key.open(key):
        pass
