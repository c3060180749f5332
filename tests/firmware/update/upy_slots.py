"""The slot record: what it says, how it changes, and that the watch and boot.py write the same bytes."""

from tests.firmware.storage.norflash import SECTOR, Fail, NorFlash
from tests.firmware.update.boot_kit import BLANK, CRASH, DIGEST, GOOD, flash, image, packed, sector, start
from watch.kernel.errors import CorruptError, StateError, StorageError, WriteError
from watch.update.slots import EMPTY, FAILED, PROVED, TRIAL, Slots

MARKS = 256


def fresh(**fields):
    return NorFlash(2, sector(packed(**fields)) + BLANK)


def raises(kind, call, *arguments):
    try:
        call(*arguments)
    except kind:
        return
    raise AssertionError("it did not raise")


def test_a_blank_flash_has_no_record():
    slots = Slots(NorFlash(2))
    assert slots.record() is None
    assert slots.tries_left() == 0
    for change in (slots.prove, slots.up, slots.clear_failed):
        raises(CorruptError, change)
    raises(CorruptError, slots.empty, 1)
    raises(CorruptError, slots.try_out, 1, 5, DIGEST)


def test_other_geometries_are_refused():
    raises(ValueError, Slots, NorFlash(3))


def test_the_fields_of_a_record():
    record = Slots(fresh(sequence=70000, active=1, states=(FAILED, TRIAL), tries=3, lengths=(5, 1 << 24))).record()
    assert (record.sequence, record.active, record.tries) == (70000, 1, 3)
    assert (record.states, record.lengths, record.digests) == ([FAILED, TRIAL], [5, 1 << 24], [DIGEST, DIGEST])


def test_the_course_of_an_update():
    chip = fresh(sequence=1, lengths=(100, 0))
    slots = Slots(chip)
    slots.empty(1)
    assert slots.record().sequence == 1, "it was empty: nothing to write"
    slots.try_out(1, 200, b"12345678")
    record = slots.record()
    assert (record.active, record.states, record.lengths) == (1, [PROVED, TRIAL], [100, 200])
    assert record.digests == [DIGEST, b"12345678"] and slots.tries_left() == 2
    chip.clear(SECTOR + MARKS, b"\x7f")
    assert slots.tries_left() == 1
    slots.up()
    assert chip.image[SECTOR + MARKS] == 0 and slots.tries_left() == 1
    slots.prove()
    assert slots.record().states == [PROVED, PROVED] and slots.tries_left() == 0
    assert chip.image[MARKS] == 0xFF, "a new record has no starts"
    slots.up()
    assert chip.image[MARKS] == 0xFF, "no start, no mark"
    slots.prove()
    assert slots.record().sequence == 3, "it was proved: nothing to write"


def test_the_slot_that_runs_is_not_touched():
    slots = Slots(fresh(active=1, states=(PROVED, PROVED)))
    raises(StateError, slots.empty, 1)
    raises(StateError, slots.try_out, 1, 5, DIGEST)
    raises(ValueError, slots.try_out, 0, 5, DIGEST[:7])
    raises(ValueError, slots.try_out, 0, 5, DIGEST, 0)
    assert slots.record().sequence == 1


def test_a_slot_that_was_given_up_is_empty_once_told():
    slots = Slots(fresh(states=(PROVED, FAILED), lengths=(1, 2)))
    slots.clear_failed()
    record = slots.record()
    assert (record.states, record.lengths, record.digests[1]) == ([PROVED, EMPTY], [1, 0], bytes(8))
    slots.clear_failed()
    assert slots.record().sequence == record.sequence


def test_the_higher_sequence_counts():
    low, high = sector(packed(sequence=255)), sector(packed(sequence=256, states=(PROVED, PROVED)))
    for chip in (NorFlash(2, low + high), NorFlash(2, high + low)):
        assert Slots(chip).record().sequence == 256
    assert Slots(NorFlash(2, low + b"X" + high[1:])).record().sequence == 255


def test_any_bit_of_a_record_that_turns_over_ends_it():
    good = packed()
    for bit in range(8 * len(good)):
        bad = bytearray(good)
        bad[bit >> 3] ^= 1 << (bit & 7)
        assert Slots(NorFlash(2, sector(bytes(bad)) + BLANK)).record() is None, bit


def test_a_flash_that_fails_leaves_what_was_there():
    points = 0
    for kind in Fail.KINDS:
        for at in range(3):  # the record is written over as it is, then the other sector erased and programmed
            chip = NorFlash(2, sector(packed(2, lengths=(7, 0))) + sector(packed(1)))
            before = bytes(chip.image[:SECTOR])
            chip.fault = Fail(at, kind)
            if at == 0 and kind in ("ignored", "stuck"):  # no bit of it was to change
                Slots(chip).try_out(1, 9, DIGEST)
            else:
                raises(WriteError, Slots(chip).try_out, 1, 9, DIGEST)
            chip.fault = None
            assert chip.image[:SECTOR] == before
            points += 1
    print("NOTE slot record: %d faults of the flash, each said" % points)


def test_what_cannot_be_read_is_not_called_missing():
    chip = fresh()

    def read(address, into):
        raise OSError(5)

    chip.read = read
    raises(StorageError, Slots(chip).record)


def test_the_watch_and_boot_py_write_the_same_bytes():
    old, bad = image("old", GOOD), image("new", CRASH)
    on = flash({"/a.twi": old, "/b.twi": bad}, bytes(fresh(lengths=(len(old), 0)).image))
    mine = Slots(on.slots)
    mine.try_out(1, len(bad), DIGEST)
    assert on.slots.image[SECTOR:] == sector(packed(2, 1, (PROVED, TRIAL), 2, (len(old), len(bad))))
    for _ in range(2):
        start(on)
    assert on.slots.image[SECTOR + MARKS : SECTOR + MARKS + 3] == b"\x7f\x7f\xff"
    start(on)
    wanted = sector(packed(3, 0, (PROVED, FAILED), 2, (len(old), len(bad))), b"\x00")
    assert on.slots.image[:SECTOR] == wanted, "boot.py has given up slot b, and old has come up"
    assert mine.record().states == [PROVED, FAILED]
