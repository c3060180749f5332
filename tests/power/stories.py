"""Flash images that campaigns start from."""

from tests.firmware.storage.norflash import NorFlash
from watch.storage.journal import Journal


def prepared(sectors, changes):
    """A flash on which these changes were committed one after the other."""
    flash = NorFlash(sectors)
    journal = Journal(flash)
    journal.mount()
    for change in changes:
        journal.commit(change)
    return flash.restored()


class Watching(Journal):
    """A journal that tells how it made room."""

    copies = 0
    forced = 0

    def _copy_oldest(self, index):
        self.copies += 1
        if self._log.window > self._most_sectors():
            self.forced += 1
        Journal._copy_oldest(self, index)


def before_copy(sectors, cold, size, filler, forced=False):
    """A flash on which every sector was used before, and where committing {100: filler} copies the oldest sector.

    `cold` facts of `size` bytes are never changed. With `forced` the copy goes to a sector taken for it, so that for a
    moment only one sector of the flash is free.
    """
    flash = NorFlash(sectors)
    journal = Watching(flash)
    journal.mount()
    for key in range(cold):
        journal.commit({key: bytes([key]) * size})
    for step in range(100 * sectors):
        before = journal.forced if forced else journal.copies
        image = flash.restored()
        journal.commit({100: bytes([step & 255]) * filler})
        if step > 5 * sectors and (journal.forced if forced else journal.copies) > before:
            return image
    raise ValueError("this mix never copies")
