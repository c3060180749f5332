"""The journal's interface: facts, errors, room, wipe, and what a mount costs."""

import random

from tests.firmware.storage.norflash import SECTOR, NorFlash
from tests.power.campaign import contents
from watch.kernel.errors import CorruptError, FullError, InputError, StorageError
from watch.storage.journal import Journal
from watch.storage.sector import BODY_BYTES, HEADER_BYTES


def mounted(flash):
    journal = Journal(flash)
    journal.mount()
    return journal


def expect(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return
    raise AssertionError(f"{error.__name__} expected")


def test_facts_survive_a_boot():
    flash = NorFlash()
    journal = mounted(flash)
    journal.commit({1: b"one", 0xFFFF: b"", 0: b"x" * 3000})
    journal.commit({1: bytearray(b"uno"), 2: memoryview(b"two")})
    journal.commit({0xFFFF: None, 7: None})
    expected = {0: b"x" * 3000, 1: b"uno", 2: b"two"}
    assert contents(journal) == expected
    assert contents(mounted(flash)) == expected
    assert journal.get(7) is None and journal.get(0xFFFF) is None
    assert isinstance(journal.get(1), bytes)


def test_nothing_works_before_mount():
    journal = Journal(NorFlash())
    for function, arguments in ((journal.get, (1,)), (journal.keys, ()), (journal.commit, ({1: b"x"},))):
        expect(StorageError, function, *arguments)


def test_geometry_is_checked():
    for size, sector in ((3 * SECTOR, SECTOR), (8 * SECTOR + 1, SECTOR), (8 * SECTOR, 512)):
        flash = NorFlash()
        flash.size, flash.sector = size, sector
        expect(ValueError, Journal, flash)


def test_bad_changes_write_nothing():
    flash = NorFlash()
    journal = mounted(flash)
    before = flash.operations
    for change in ({-1: b""}, {0x10000: b""}, {"1": b""}, {1: b"x" * BODY_BYTES}, {1: b"x" * 2000, 2: b"x" * 2100}):
        expect(InputError, journal.commit, change)
    journal.commit({})
    journal.commit({9: None})
    assert flash.operations == before


def test_a_change_may_fill_a_sector():
    flash = NorFlash()
    journal = mounted(flash)
    journal.commit({1: b"x" * 10})
    journal.commit({2: b"y" * (BODY_BYTES - 12)})
    assert contents(mounted(flash)) == {1: b"x" * 10, 2: b"y" * (BODY_BYTES - 12)}


MIXES = ((4, (1, 50, 300)), (5, (700, 1500)), (8, (1, 2100, 3000)), (16, (10, 2040)), (64, (90, 3000)))
"""Sectors, and sizes of facts that pack badly."""


def fill(journal, sizes):
    """Commit facts until the journal is full; the model."""
    model = {}
    while True:
        key = len(model)
        value = bytes([key & 255]) * random.choice(sizes)
        try:
            journal.commit({key: value})
        except FullError:
            return model
        model[key] = value


def test_full_loses_nothing_and_still_deletes():
    random.seed(3)
    for sectors, sizes in MIXES:
        flash = NorFlash(sectors)
        journal = mounted(flash)
        model = fill(journal, sizes)
        before = flash.operations
        expect(FullError, journal.commit, {0xFFFF: b"z" * (journal.free_bytes() + 1)})
        assert flash.operations == before, "a refused change wrote something"
        assert contents(mounted(flash)) == model
        _churn(journal, model, 30 * sectors)
        assert contents(mounted(flash)) == model
        used = sum([len(value) for value in model.values()])
        print(f"NOTE full at {used} of {flash.size} bytes, {sectors} sectors")
        for key in list(model):
            journal.commit({key: None})
        assert contents(mounted(flash)) == {} and journal.free_bytes() > used


def _churn(journal, model, changes):
    """Replace facts of a full journal by others of the same size, several at a time."""
    keys = list(model)
    for _ in range(changes):
        change = {}
        for key in (random.choice(keys), random.choice(keys)):
            if sum([len(value) for value in change.values()]) + len(model[key]) < 4000:
                change[key] = bytes([random.getrandbits(8)]) * len(model[key])
        journal.commit(change)
        model.update(change)


def test_free_bytes_are_really_free():
    journal = mounted(NorFlash(8))
    journal.commit({1: b"x" * 100})
    while journal.free_bytes() >= 4:
        free = journal.free_bytes()
        journal.commit({1000 + free: b"y" * min(3000, free - 4)})
    expect(FullError, journal.commit, {2: b"y" * 4})


def test_wipe_leaves_headers_only():
    flash = NorFlash(8)
    journal = mounted(flash)
    canaries = [bytes([0xA5, place]) * 16 for place in range(32)]
    for place, canary in enumerate(canaries * 9):
        journal.commit({place % 40: canary})
    journal.wipe()
    assert contents(journal) == {} and contents(mounted(flash)) == {}
    assert all(flash.image.find(canary) < 0 for canary in canaries)
    written = len([byte for byte in flash.image if byte != 0xFF])
    assert written <= 2 * HEADER_BYTES, written
    journal.commit({1: b"new life"})
    assert contents(mounted(flash)) == {1: b"new life"}


def test_wipe_works_on_a_damaged_flash():
    flash = NorFlash(5, bytes(range(256)) * 80)
    expect(CorruptError, mounted, flash)
    journal = Journal(flash)
    journal.wipe()
    journal.commit({1: b"new life"})
    assert contents(mounted(flash)) == {1: b"new life"}


def test_foreign_flash_is_never_taken_for_blank():
    for place in (0, SECTOR, SECTOR + 40, 5 * SECTOR - 1):
        flash = NorFlash(5)
        flash.image[place] = 0xFE
        if place == SECTOR:
            mounted(flash)  # one bit of our own header: a format that was cut
        else:
            expect(CorruptError, mounted, flash)


def test_read_errors_are_never_not_there():
    flash = NorFlash(4)
    mounted(flash).commit({1: b"one"})
    whole = flash.restored()
    mounted(whole)
    for at in range(whole.reads):
        broken = ReadFault(flash, at)
        expect(StorageError, Journal(broken).mount)
    broken = ReadFault(flash, -1)
    journal = mounted(broken)
    broken.at = broken.reads
    expect(StorageError, journal.get, 1)
    assert journal.get(1) == b"one"


class ReadFault(NorFlash):
    """Read number `at` fails."""

    def __init__(self, flash, at):
        NorFlash.__init__(self, len(flash.erases), flash.image)
        self.at = at

    def read(self, address, into):
        self.reads += 1
        if self.reads - 1 == self.at:
            raise OSError(5)
        into[:] = self.image[address : address + len(into)]


def test_wear_is_what_the_flash_saw():
    flash = NorFlash(6)
    journal = mounted(flash)
    for step in range(400):
        journal.commit({step % 3: b"x" * 200})
    counted, seen = journal.wear(), flash.erases
    assert all(abs(one - other) <= 1 for one, other in zip(counted, seen)), (counted, seen)
    assert max(seen) - min(seen) <= 1


def test_what_a_mount_reads():
    random.seed(5)
    flash = NorFlash(64)
    journal = mounted(flash)
    for _ in range(3000):
        journal.commit({random.randrange(120): bytes(random.randrange(250))})
    boot = flash.restored()
    journal = mounted(boot)
    facts = journal.keys()
    print(f"NOTE mount with {len(facts)} facts: {boot.reads} reads, {boot.bytes_read} bytes, {boot.operations} writes")
    assert boot.reads <= 64 + 24
    before = boot.reads
    for key in facts:
        journal.get(key)
    assert boot.reads - before == 2 * len(facts)
