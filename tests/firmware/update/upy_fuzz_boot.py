"""Damaged and invented slot records and images: some system starts all the same, and the running watch says why not."""

import random

from tests.firmware.storage.norflash import NorFlash
from tests.firmware.update.boot_kit import BLANK, DIGEST, GOOD, flash, image, packed, sector, start
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise
from watch.kernel.errors import StateError, StorageError
from watch.update.slots import Slots

SHARE = "flash and update"
OLD, NEW = image("old", GOOD), image("new", GOOD)
HEAP_BYTES = 65536
"""Of the flash of the last input."""
RECORD = packed(1, 0, (2, 2), 2, (len(OLD), len(NEW)))


def any_record():
    """A record that is damaged, or whole and of any content; and marks that no start has left so."""
    marks = noise(random.randrange(8))
    if random.randrange(2):
        return sector(mutated(RECORD)[:256], marks)
    states = (random.randrange(6), random.randrange(6))
    lengths = [random.choice((0, 1, len(OLD), len(NEW), 0xFFFFFFFF)) for _ in range(2)]
    return sector(packed(random.getrandbits(30), random.randrange(4), states, random.randrange(256), lengths), marks)


def two_records():
    return any_record() + random.choice((BLANK, any_record()))


def test_records_in_the_running_watch():
    random.seed(20261125)

    def take(data):
        chip = NorFlash(2, data)
        slots = Slots(chip)
        record = slots.record()
        assert record is None or (record.active < 2 and slots.tries_left() <= 255)
        slots.up()
        slots.empty(1 - record.active)
        slots.try_out(1 - record.active, 5, DIGEST)
        assert slots.record().sequence > record.sequence

    share = Campaign("slot records", take, (StorageError, StateError), heap_bytes=HEAP_BYTES).run(two_records, 500)
    assert share < 0.9


def test_records_at_a_start():
    random.seed(20261126)
    on = flash({"/a.twi": OLD, "/b.twi": NEW})

    def take(data):
        on.slots.image = bytearray(data)
        states, lengths = said(data)
        ran = start(on)
        if ran.name is None:
            assert 0 in states or set(lengths) & {1, 0xFFFFFFFF}, "a whole system was not started"
            return
        assert ran.name in ("old", "new") and ran.error is None, ran.error

    Campaign("slot records at a start", take, (), heap_bytes=HEAP_BYTES).run(two_records, 300)


def said(data):
    """What the record that counts says, as the watch reads it."""
    record = Slots(NorFlash(2, data)).record()
    return ((2, 2), (0, 0)) if record is None else (record.states, record.lengths)


def test_images_at_a_start():
    """One that mounts and does not come up is left after three starts."""
    random.seed(20261127)
    end = NEW.index(b"# new")
    slots = sector(packed(1, 1, (2, 2), 2, (len(OLD), 0))) + BLANK
    on = flash({"/a.twi": OLD, "/b.twi": NEW}, slots)
    before = bytes(on.disk.image)
    at = before.index(NEW)

    def take(data):
        on.slots.image, on.disk.image = bytearray(slots), bytearray(before)
        on.disk.image[at : at + len(data)] = data
        last = [start(on) for _ in range(4)][-1]
        assert last.error is None or last.witness.shown, last.error

    def make():
        return (mutated(NEW[:end]) + NEW[end:])[: len(NEW)]

    Campaign("images at a start", take, (), heap_bytes=HEAP_BYTES).run(make, 100)
