"""What a wipe erases besides the vault: files, and what files that were deleted before have left behind."""

from micropython import const

from watch.access import states
from watch.crypto.scrub import scrub
from watch.kernel.errors import CorruptError, WriteError
from watch.kernel.loop import sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import FreeBlocks
    from watch.access.guard import Guard


class Wiping:
    """The part of a wipe that takes minutes. The vault is erased by then."""

    def __init__(self, free_blocks: "Optional[FreeBlocks]", guard: "Guard", delete: "Callable[[], None]") -> None:
        """`delete`: deletes the files of apps and cards."""
        self._free_blocks = free_blocks
        self._guard = guard
        self._delete = delete
        guard.listen(self._state_changed)

    @property
    def takes_long(self) -> bool:
        """True if there is something to do on this board."""
        return self._free_blocks is not None

    def resume(self) -> None:
        """To be called once at boot: a wipe that was cut off here begins anew. Raises StorageError."""
        if self._free_blocks is None:
            return
        try:
            pending = self._free_blocks.pending()
        except OSError:
            raise CorruptError("the file system does not say whether a wipe was cut off")
        if pending:
            self._guard.wipe()

    async def finish(self, show: "Callable[[int], None]") -> None:
        """Do it; `show` gets percent. A cut leaves it to the next start. Raises WriteError."""
        try:
            self._delete()
            if self._free_blocks is not None:
                for percent in self._free_blocks.erasing():
                    show(percent)
                    await sleep_ms(0)
        except OSError:
            raise WriteError("what deleted files have left could not be erased")
        finally:
            scrub()  # file systems have buffers

    def _state_changed(self, old: str, new: str) -> None:
        """Note it before the vault goes, so that the next start knows whatever is cut off when."""
        if new != states.WIPING or self._free_blocks is None:
            return
        try:
            self._free_blocks.begin()
        except OSError:
            pass  # `finish` tries again, and says so if it fails; only a cut before that would go unnoticed
