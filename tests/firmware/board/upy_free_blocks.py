"""What deleted files leave in a littlefs, and that nothing of it is there once the free blocks were erased."""

import os

from board.parts.free_blocks import FreeBlocks
from tests.firmware.storage.norflash import CLEAN, HALF, Cut, Fail, PowerCut
from tests.firmware.update.boot_kit import GOOD, Started, flash, image
from tests.firmware.update.nor_disk import Chip, Mounted, Supply, content, formatted

SHARE = "flash and update"
TIMEOUT_S = 120
LONG = bool(os.getenv("TAPWATCH_LONG"))
BLOCKS = 14
CANARIES = [b"CANARY%02dX" % number for number in range(16)]
KEPT = b"this file stays\n" * 300
_ERASE_MS, _PAGE_US, _PAGES = 45, 400, 16
"""Typical times of a sector and of a page; Winbond W25Q128JV, "AC Electrical Characteristics"."""
_BEGINNING = 1
"""Operations until it is pending."""
_WATCH_BLOCKS = 3518
"""Of `vfs` on 16 MB; docs/updates.md."""


def used(blocks=BLOCKS):
    """A disk on which files were kept and deleted, small ones and large ones, in two folders."""
    chip = formatted(Chip(Supply(), blocks))
    with Mounted(chip) as folder:
        _write(folder + "/boot.py", KEPT)
        for name in ("/files", "/files/app"):
            os.mkdir(folder + name)
        paths = []
        for number, canary in enumerate(CANARIES):
            path = folder + ("/files/app/f%d", "/files/f%d", "/f%d")[number % 3] % number
            _write(path, canary * (700 if number % 8 == 0 else 2))
            paths.append(path)
        for path in paths:
            os.remove(path)
        os.rmdir(folder + "/files/app")
    return chip


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def left(chip):
    """Canaries on the raw flash."""
    image = bytes(chip.image)
    return [canary for canary in CANARIES if canary in image]


def erase(chip, steps=None):
    """Mount, and erase all, or so many steps of it. Raises what comes; PowerCut for a supply that is gone."""
    try:
        with Mounted(chip) as folder:
            work = FreeBlocks(folder).erasing()
            for number, percent in enumerate(work):
                assert 0 <= percent <= 99
                if number == steps:
                    break
    except OSError:
        if chip.supply.dead:
            raise PowerCut
        raise


def whole(chip):
    """Everything that should be there is, nothing else, and the work is not pending."""
    with Mounted(chip) as folder:
        with open(folder + "/boot.py", "rb") as file:
            assert file.read() == KEPT
        assert sorted(content(folder)) == ["boot.py", "files"], content(folder)
        assert not FreeBlocks(folder).pending()
    assert not left(chip)
    return True


def test_nothing_is_left():
    chip = used()
    assert left(chip) == CANARIES, "a text that is not there proves nothing"
    before = list(chip.erases)
    erase(chip)
    assert whole(chip)
    erased = [now - old for now, old in zip(chip.erases, before)]
    step_ms = _ERASE_MS + _PAGES * _PAGE_US // 1000
    print(
        "NOTE free blocks: 16 of 16 deleted texts found before, 0 after; %d erases of one block at most" % max(erased)
    )
    print("NOTE free blocks: %d s for all of a vfs by the data sheet (est)" % (_WATCH_BLOCKS * step_ms // 1000))
    assert max(erased) <= 4


def test_each_half_of_it_is_needed():
    """Blocks alone leave what lies in the logs; logs alone leave the blocks."""
    chip = used()
    with Mounted(chip) as folder:
        list(FreeBlocks(folder)._filling())
    assert left(chip)
    with Mounted(chip) as folder:
        os.remove(folder + "/erase.fill")
    whole_disk = used()
    with Mounted(whole_disk) as folder:
        work = FreeBlocks(folder)
        work._filling = lambda: iter(())
        list(work.erasing())
    assert left(whole_disk)


def test_it_is_pending_from_the_beginning_to_the_end():
    chip = used()
    with Mounted(chip) as folder:
        blocks = FreeBlocks(folder)
        assert not blocks.pending()
        blocks.begin()
        assert blocks.pending()
        for _ in blocks.erasing():
            assert blocks.pending()
        assert not blocks.pending()


def test_dropped_at_any_step_it_begins_anew():
    for steps in range(0, 165, 1 if LONG else 41):
        chip = used()
        erase(chip, steps)
        with Mounted(chip) as folder:
            assert FreeBlocks(folder).pending(), steps
        erase(chip)
        assert whole(chip)


def operations():
    """How many programs and erases it takes."""
    chip = used()
    before = chip.supply.operations
    erase(chip)
    return chip.supply.operations - before


def test_power_cuts():
    """After a cut at any operation the start finds it pending and ends it, or it has come to its end."""
    total = operations()
    points = range(0, total, 1 if LONG else 67)
    for point in points:
        for pattern in (CLEAN, HALF) if LONG else ((CLEAN, HALF)[point & 1],):
            supply = Supply(Cut(point, pattern))
            chip = used().again(supply)
            try:
                erase(chip)
            except PowerCut:
                pass
            assert supply.dead, point
            after = chip.again(Supply())
            with Mounted(after) as folder:
                pending = FreeBlocks(folder).pending()
            if pending:
                erase(after)
            assert whole(after) if pending else point <= _BEGINNING or not left(after), point
    print("NOTE free blocks: power cut at %d of %d operations: a start ends what was begun" % (len(points), total))


def test_errors_are_said_and_leave_it_pending():
    total = operations()
    points = range(3, total, 1 if LONG else 199)
    said = 0
    for point in points:
        chip = used().again(Supply(Fail(point, "error", True)))
        try:
            erase(chip)
        except OSError:
            said += 1
        after = chip.again(Supply())
        erase(after)
        assert whole(after)
    print("NOTE free blocks: a flash that fails from one of %d operations on: said %d times" % (len(points), said))
    assert said == len(points)


def test_a_file_system_that_does_not_answer_is_no_no():
    class Broken:
        """`os` of a flash that cannot be read."""

        @staticmethod
        def stat(path):
            raise OSError(5)

    from board.parts import free_blocks

    real, free_blocks.os = free_blocks.os, Broken
    try:
        FreeBlocks("/nor").pending()
    except OSError:
        return
    finally:
        free_blocks.os = real
    raise AssertionError("it said that nothing is pending")


def test_beside_a_system_that_runs():
    """As on a watch: littlefs at the root, the current folder in the image that is mounted at /slot."""
    on = flash({"/a.twi": image("old", GOOD), "/boot.py": KEPT}, blocks=20)
    with Started(on):
        os.mkdir("/files")
        _write("/files/small", CANARIES[0])
        os.remove("/files/small")
        assert left(on.disk) == CANARIES[:1]
        list(FreeBlocks("").erasing())
        assert sorted(os.listdir("/")) == ["a.twi", "boot.py", "files", "slot"]
    assert not left(on.disk)
