"""Programs and erases that fail without a cut: an error, a silent nothing, a stuck bit. None may pass for a success."""

from tests.firmware.storage.norflash import Fail, NorFlash
from tests.power.campaign import Failed, contents, remember
from tests.power.stories import before_copy, prepared
from watch.kernel.errors import CorruptError, WatchError, WriteError
from watch.storage.journal import Journal

SHARE = "cuts and faults"
TIMEOUT_S = 240


class Faults:
    """One story, with every operation failing once in every way, or failing for ever from there on."""

    def __init__(self, flash, steps, make=Journal):
        self.flash = flash
        self.steps = steps
        self.make = make
        self.points = 0
        self.reported = 0
        self.states = []

    def run(self):
        operations = self._reference()
        for at in range(operations):
            for kind in Fail.KINDS:
                self._once(Fail(at, kind))
                self._once(Fail(at, kind, lasting=True))

    def _reference(self):
        flash = self.flash.restored()
        journal = self.make(flash)
        journal.mount()
        self.states = [contents(journal)]
        for step in self.steps:
            step(journal)
            self.states.append(contents(journal))
        return flash.operations

    def _once(self, fault):
        self.points += 1
        flash = self.flash.restored()
        flash.fault = fault
        where = f"{fault.kind} at {fault.at}{' and ever after' if fault.lasting else ''}"
        journal = self.make(flash)
        for number, step in enumerate([lambda journal: journal.mount()] + self.steps):
            try:
                step(journal)
            except WriteError:
                self.reported += 1
                self._after_report(flash, journal, step, self.states[max(0, number - 1) : number + 1], where)
                return
            self._expect(journal, [self.states[number]], where)
        self._expect_boot(flash, [self.states[-1]], where)

    def _after_report(self, flash, journal, step, allowed, where):
        """What a reported failure leaves: one of two states, the same at the next boot, and a journal that goes on."""
        if flash.fault.lasting:
            self._expect_honest(journal, step, allowed, where)
            self._expect_boot(flash, allowed, where)
            return
        step(journal)
        self._expect(journal, allowed[-1:], f"{where}, second try")
        self._expect_boot(flash, allowed[-1:], f"{where}, second try")

    def _expect_honest(self, journal, step, allowed, where):
        """While the flash keeps failing, the journal either tells the truth or says that it cannot."""
        try:
            self._expect(journal, allowed, f"{where}, while it fails")
            step(journal)
            self._expect(journal, allowed[-1:], f"{where}, tried again while it fails")
        except WatchError:
            return

    def _expect(self, journal, allowed, where):
        try:
            state = contents(journal)
        except CorruptError as error:
            raise Failed(f"{where}: reported as success, but {error}")  # noqa: B904 - MicroPython keeps no cause
        if state not in allowed:
            raise Failed(f"{where}: reported as success, holds {state}")

    def _expect_boot(self, flash, allowed, where):
        journal = self.make(flash.restored())
        journal.mount()
        self._expect(journal, allowed, f"{where}, next boot")


def run(name, flash, steps):
    faults = Faults(flash, steps)
    faults.run()
    print(f"NOTE failed writes, {name}: {faults.points} tried, {faults.reported} reported, 0 passed for a success")


def test_fault_format_and_commits():
    run("format and commits", NorFlash(4), [remember({1: b"one"}), remember({2: b"two" * 200, 1: None})])


def test_fault_next_sector_and_copy():
    run("next sector and copy", before_copy(6, 5, 100, 600), [remember({100: b"q" * 600}), remember({51: b"r"})])


def test_fault_copy_with_one_sector_free():
    flash = before_copy(5, 7, 400, 500, forced=True)
    run("copy with one sector free", flash, [remember({100: b"q" * 500}), remember({51: b"r" * 40, 100: None})])


def test_fault_wipe():
    run("wipe", prepared(5, [{1: b"secret" * 200}, {2: b"more" * 300}]), [Journal.wipe, remember({3: b"after"})])


def test_fault_in_recovery():
    torn = prepared(5, [{1: b"kept"}])
    torn.image[torn.image.find(b"kept") + 8 + 2] = 0
    run("recovery", torn, [remember({2: b"next"})])


class NoReadBack(NorFlash):
    """A flash that tells the reader what was written, not what is there: as if nothing were read back."""

    def program(self, address, data):
        self.told = (address, data)
        NorFlash.program(self, address, data)

    def read(self, address, into):
        NorFlash.read(self, address, into)
        if self.told[0] == address and len(self.told[1]) == len(into):
            into[:] = self.told[1]

    told = (-1, b"")

    def restored(self):
        return NoReadBack(self.size // self.sector, self.image)


def test_fault_campaign_notices_a_missing_read_back():
    try:
        run("no read-back", NoReadBack(4), [remember({1: b"one"}), remember({2: b"two" * 200, 1: None})])
    except Failed as error:
        assert "success" in str(error), error
        return
    raise AssertionError("a journal without read-back passed")
