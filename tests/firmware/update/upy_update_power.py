"""R7: the power goes at every program and erase of an update: of the parts, the image, the switch, the confirmation.

`vfs`, slot record and vault are three flashes on one supply. After every cut the record says what can be started, and
the course goes on or starts anew. What `boot.py` does at such a start is tested beside it. Signatures write nothing:
here they are not looked at.
"""

import os

from tests.firmware.storage.norflash import CLEAN, HALF, RANDOM, Cut, Fail, PowerCut
from tests.firmware.update.image_kit import HEALTHY, Flash, Watch, contents, delta, image, read, record_of, write
from tests.firmware.update.nor_disk import Mounted
from watch.crypto.hashes import sha256
from watch.kernel.errors import StorageError
from watch.kernel.steps import finish
from watch.update.slots import EMPTY, PROVED, TRIAL, Slots

SHARE = "flash and update"
LONG = bool(os.getenv("TAPWATCH_LONG"))
PATTERNS = (CLEAN, HALF) + RANDOM
OLD = image(contents(5_000), f2=[1, 0, 0])
NEW = image(contents(9_000), f2=[1, 1, 0], f3=[1, 1, 0])
DELTA = delta(OLD, NEW)
SECTORS = 40
VERSIONS = {sha256(OLD)[:8]: (1, 0, 0), sha256(NEW)[:8]: (1, 1, 0)}


def watch_on(flash, folder):
    """The watch at a start, with what the record says that runs."""
    watch = Watch(folder, flash.slots, flash.sealed())
    record = watch.slots.record()
    watch.check.system.version = VERSIONS[record.digests[record.active]]
    watch.check.signers.judging = watch.check.signers.judging_again = lambda head: iter(())
    watch.starts.tidy()
    watch.updates.resume()
    return watch


def old_watch():
    """The flash of a watch that runs the old image."""
    flash = Flash(sectors=SECTORS)
    with Mounted(flash.disk) as folder:
        write(folder + "/a.twi", OLD)
    flash.slots.program(0, record_of(OLD))
    flash.sealed()
    return flash.images()


def tried_watch(data):
    """The flash of a watch that has just been updated, and not yet proved."""
    flash = Flash(old_watch())
    with Mounted(flash.disk) as folder:
        watch_on(flash, folder).update(data)
    return flash.images()


def begun(flash, folder):
    """A start: the mark of `boot.py`."""
    watch = watch_on(flash, folder)
    flash.slots.program(flash.slots.sector * (watch.slots._newest()[0]) + 256, b"\x7f")
    return watch


def updating(data):
    """Everything up to the restart."""
    return lambda flash, folder: watch_on(flash, folder).update(data)


def confirming(flash, folder):
    """The first start of the new system."""
    assert finish(begun(flash, folder).starts.confirming(HEALTHY))


def expect_bootable(watch, folder):
    """The slot that the record names holds the image that it names, and nothing rose before it was proved."""
    record = watch.slots.record()
    data = read("%s/%s.twi" % (folder, "ab"[record.active]))
    assert sha256(data)[:8] == record.digests[record.active] and len(data) == record.lengths[record.active]
    assert data in (OLD, NEW) and record.states[record.active] in (TRIAL, PROVED)
    floor = watch.floor.read()
    assert floor in ((0, 0, 0), (1, 1, 0))
    if record.states[record.active] == TRIAL:
        assert (
            record.states[1 - record.active] == PROVED and read("%s/%s.twi" % (folder, "ab"[1 - record.active])) == OLD
        )
    if floor != (0, 0, 0):
        assert data == NEW and record.states[record.active] == PROVED
    return data


def expect_end(images, data):
    """From here the update goes on, or is made again, and ends."""
    flash = Flash(images)
    with Mounted(flash.disk) as folder:
        watch = watch_on(flash, folder)
        kept = watch.updates.incoming.held
        if expect_bootable(watch, folder) == OLD:
            assert watch.slots.record().states[0] == PROVED
            watch.update(data)
            watch = watch_on(flash, folder)
        assert finish(watch.starts.confirming(HEALTHY))
        watch.starts.tidy()
        record = watch.slots.record()
        assert expect_bootable(watch, folder) == NEW and record.states == [EMPTY, PROVED]
        assert watch.floor.read() == (1, 1, 0) and os.listdir(folder) == ["b.twi"]
    return kept


def run(images, fault, work):
    """True if the work came to its end; the flash afterwards; operations."""
    flash = Flash(images, fault)
    try:
        with Mounted(flash.disk) as folder:
            work(flash, folder)
    except (OSError, PowerCut, StorageError):
        if fault is None:
            raise
        return False, flash
    return not flash.supply.dead, flash


def campaign(name, images, work, data):
    """Cut at every operation; in the short form with one pattern each, in turn."""
    operations = run(images, None, work)[1].supply.operations
    points = kept = 0
    for at in range(operations):
        for pattern in PATTERNS if LONG else (PATTERNS[at % len(PATTERNS)],):
            ended, flash = run(images, Cut(at, pattern), work)
            assert not ended and flash.supply.dead, "the cut was noticed"
            kept += expect_end(flash.images(), data) > 0
            points += 1
    print(
        "NOTE R7, %s: %d operations, %d cuts, 0 bricks; %d times the parts were still there"
        % (name, operations, points, kept)
    )


def test_an_image_comes_and_is_switched_to():
    campaign("image comes and is switched to", old_watch(), updating(NEW), NEW)


def test_a_delta_comes_and_is_switched_to():
    campaign("delta comes, image is made and switched to", old_watch(), updating(DELTA), DELTA)


def test_the_new_system_is_confirmed():
    campaign("new system is confirmed", tried_watch(NEW), confirming, NEW)


def test_a_refused_operation_is_reported():
    """R5: each operation fails instead; nothing says that it went well unless it did: the last deletions may fail."""
    for name, images, work, data, state in (
        ("image", old_watch(), updating(NEW), NEW, TRIAL),
        ("delta", old_watch(), updating(DELTA), DELTA, TRIAL),
        ("confirmation", tried_watch(NEW), confirming, NEW, PROVED),
    ):
        operations = run(images, None, work)[1].supply.operations
        tried = reported = 0
        for at in range(0, operations, 1 if LONG else 5):
            for kind in Fail.KINDS[:2] if LONG else Fail.KINDS[:1]:
                ended, flash = run(images, Fail(at, kind), work)
                tried += 1
                reported += not ended
                assert not ended or Slots(flash.slots).record().states[1] == state
                expect_end(flash.images(), data)
        told = (name, tried, operations, reported, tried - reported)
        print("NOTE R5, %s: %d errors at %d operations, %d reported, %d without harm, 0 lost" % told)
