"""Flip every bit that the journal has written: the facts stay what they were, or reading raises."""

from tests.firmware.storage.norflash import SECTOR, NorFlash
from tests.power.campaign import brief, contents
from watch.kernel.errors import CorruptError
from watch.storage.journal import Journal
from watch.storage.log import Log


def blank():
    flash = NorFlash(5)
    journal = Journal(flash)
    journal.mount()
    return flash, journal


def young():
    """A journal in its first sector."""
    flash, journal = blank()
    journal.commit({1: b"first", 2: b"second"})
    return flash.restored(), contents(journal)


def wiped():
    """A journal in its first sector after a wipe."""
    flash, journal = blank()
    journal.commit({1: b"forgotten"})
    journal.wipe()
    journal.commit({2: b"first"})
    journal.commit({3: b"second"})
    return flash.restored(), contents(journal)


def image():
    """A small journal whose facts lie in three sectors, headers of dead sectors around them."""
    flash, journal = blank()
    journal.commit({1: b"first", 2: b"second"})
    for _ in range(6):
        journal.commit({9: b"\xff" * 3000})
    journal.commit({9: None, 3: b"third"})
    journal.commit({1: b"changed"})
    return flash.restored(), contents(journal)


def outcome(flash, expected):
    """`same`, or `raised`; anything else is an assertion."""
    journal = Journal(flash)
    try:
        journal.mount()
        found = contents(journal)
    except CorruptError:
        assert not flash.operations, "damage was found and yet something was written"
        return "raised"
    assert found == expected, f"silently different: {brief(found)}"
    return "same"


def places(flash):
    """Offsets of bytes that are not blank, and of some behind them."""
    written = [place for place in range(flash.size) if flash.image[place] != 0xFF]
    return sorted(set(written + [place + 1 for place in written if place + 1 < flash.size]))


def test_flip_every_bit_before_a_boot():
    for make, least in ((image, 1000), (young, 300), (wiped, 400)):
        _flip_all(make, least)


def _flip_all(make, least):
    flash, expected = make()
    results = {"same": 0, "raised": 0}
    for place in places(flash):
        for bit in range(8):
            changed = flash.restored()
            changed.image[place] ^= 1 << bit
            results[outcome(changed, expected)] += 1
    raised, same = results["raised"], results["same"]
    print(f"NOTE flipped bits, {make.__name__}: {raised} raised, {same} harmless, 0 silently different")
    assert results["raised"] >= least, results


def test_flip_every_bit_while_mounted():
    flash, expected = image()
    journal = Journal(flash)
    journal.mount()
    raised = 0
    for place in places(flash):
        for bit in range(8):
            flash.image[place] ^= 1 << bit
            try:
                assert contents(journal) == expected, f"silently different at {place}"
            except CorruptError:
                raised += 1
            flash.image[place] ^= 1 << bit
    assert raised > 200


def test_lost_pages_raise():
    """What reads blank among the facts is damage, not an end. Only losing the last record is like a cut before it."""
    flash, expected = image()
    value = flash.image.find(b"changed")
    last = ((value - 12) // 256 * 256, value // 256 * 256)
    raised = 0
    for size in (256, SECTOR):
        for start in range(0, flash.size, size):
            if start not in last:
                changed = flash.restored()
                changed.image[start : start + size] = b"\xff" * size
                raised += outcome(changed, expected) == "raised"
    assert raised >= 5, raised


def test_without_marks_a_flipped_bit_would_go_unnoticed():
    """The marks are what tells a damaged last record from a torn one."""
    flash, expected = image()
    journal = Journal(flash)
    journal.mount()
    journal._log = Unmarked(journal._log.nor)
    journal.mount()
    journal.commit({1: b"newest"})
    place = flash.image.find(b"newest")
    flash.image[place] ^= 1
    journal = Journal(flash)
    journal.mount()
    assert journal.get(1) == b"changed", "this journal was meant to be fooled"
    assert expected[1] == b"changed"


class Unmarked(Log):
    def confirm(self, offset):
        pass
