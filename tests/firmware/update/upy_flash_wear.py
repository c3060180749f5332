"""Ten years of starts and updates: how often a block of `vfs` and a sector of `slots` is erased (R4)."""

import os

from tests.firmware.storage.norflash import SECTOR, NorFlash
from tests.firmware.update.boot_kit import BLANK, DIGEST, packed, sector
from tests.firmware.update.nor_disk import Chip, Mounted, Supply, formatted
from watch.crypto.hashes import sha256
from watch.update.files import Places
from watch.update.incoming import Incoming
from watch.update.slots import Slots

TIMEOUT_S = 240
LONG = bool(os.getenv("TAPWATCH_LONG"))
ENDURANCE_ERASES = 100_000
LIMIT = 0.2
UPDATES = 120
"""One a month."""
STARTS = 3653 * 3
MARKS = 256
"""Where the marks of starts begin; docs/updates.md, "The slot record"."""
IMAGE_BYTES = 3_500_000
WATCH_BLOCKS = 3518
PART_BYTES = 2048
SHARE = "flash and update"

TRIED_UPDATES = UPDATES if LONG else 4
SCALE = 8 if LONG else 16
"""Disk and image are so much smaller than those of a watch; the log of the folder, written by each part, is not."""


def test_updates_wear_the_file_system():
    blocks, size = WATCH_BLOCKS // SCALE, IMAGE_BYTES // SCALE
    chip = formatted(Chip(Supply(), blocks))
    part = bytes(range(256)) * (PART_BYTES // 256)
    with Mounted(chip) as folder:
        places = Places(folder)
        for path in (places.slot(0), places.slot(1)):
            with open(path, "wb") as file:
                file.write(bytes(size))
        before, incoming = list(chip.erases), Incoming(places)
        for update in range(TRIED_UPDATES):
            digest = sha256(bytes([update]))
            for at in range(0, size, PART_BYTES):
                incoming.take(digest, at, size, part[: min(PART_BYTES, size - at)])
            os.rename(places.part, places.slot(update & 1))
            incoming.drop()
    erased = [now - old for now, old in zip(chip.erases, before)]
    tried = TRIED_UPDATES
    mean = sum(erased) * UPDATES // tried // len(erased)
    # On the larger disk data take each block as often, but the log is written by SCALE times as many parts.
    worst = max(erased) * UPDATES * SCALE // tried
    print(
        "NOTE R4 vfs, %d updates: %d erases of a block on average, %d at most, %d bytes programmed for one"
        % (UPDATES, mean, worst, chip.bytes_programmed * SCALE // tried)
    )
    assert worst <= LIMIT * ENDURANCE_ERASES


def test_starts_and_updates_wear_the_slot_record():
    chip = NorFlash(2, sector(packed()) + BLANK)
    slots = Slots(chip)
    for update in range(UPDATES):
        other = 1 - update % 2
        slots.empty(other)
        slots.try_out(other, IMAGE_BYTES, DIGEST)
        slots.prove()
    erases = max(chip.erases) + STARTS // (SECTOR - MARKS) + 1
    print("NOTE R4 slots, %d updates and %d starts: %d erases of a sector" % (UPDATES, STARTS, erases))
    assert erases <= LIMIT * ENDURANCE_ERASES
