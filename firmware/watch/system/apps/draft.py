"""A bundle on its way: parts of a file that come one after the other, one file at a time."""

from micropython import const

from watch.apps.shelf import file_tree
from watch.apps.shelf.bundle import MAX_BYTES
from watch.apps.shelf.bundle_folder import FOLDER
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError, StateError, WriteError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

_DIGEST_BYTES = const(32)
_PART_BYTES = const(2048)
PATIENCE_MS = const(120_000)
"""A sender that has been silent for so long has given up."""
YIELD_MS = const(2_000)
"""One that has been silent for so long gives way to another bundle: its link was lost, or it begins again later."""
_NAME = "draft"


class Draft:
    """The file `apps/draft` of the folder that the board lends. Nothing in it is looked at here."""

    def __init__(self, folder: "Optional[str]", ticks_ms: "Callable[[], int]") -> None:
        """`folder`: where files may be kept, None on a board without room."""
        self._folder = None if folder is None else "%s/%s" % (folder, FOLDER)
        self._ticks_ms = ticks_ms
        self.digest = b""
        """Of the bundle that is coming or here, empty if there is none."""
        self._held = self._total = self._since_ms = 0

    @property
    def path(self) -> str:
        """Where it lies. Raises StateError on a board without room."""
        if self._folder is None:
            raise StateError("this watch has no room for apps")
        return self._folder + "/" + _NAME

    @property
    def whole(self) -> bool:
        """True once every byte is here."""
        return self._total > 0 and self._held == self._total

    def take(self, digest: bytes, offset: int, total: int, part: bytes) -> int:
        """Keep a part; returns the bytes held so far.

        Raises InputError for a part that does not fit, StateError while another bundle is coming, WriteError.
        """
        _expect(digest, offset, total, part)
        path = self.path
        if self.digest and self.digest != digest and (offset or self.whole or self._silent_ms() < YIELD_MS):
            raise StateError("another app is coming")
        if offset == 0:
            self._begin(digest, total)
        elif self.digest != digest or offset != self._held or total != self._total:
            raise InputError("%d bytes of the app are held" % self._held)
        try:
            with open(path, "ab" if offset else "wb") as file:
                file.write(part)
        except OSError:
            self.drop()
            raise WriteError("the app could not be written")
        self._held = offset + len(part)
        self._since_ms = self._ticks_ms()
        return self._held

    def tick(self) -> None:
        """To be called now and then: forgets a bundle whose sender has gone silent in the middle of it."""
        if self.digest and not self.whole and self._silent_ms() >= PATIENCE_MS:
            self.drop()

    def drop(self) -> None:
        """Forget what has come."""
        self.digest, self._held, self._total = b"", 0, 0
        if self._folder is not None:
            file_tree.removed(self.path)  # what stays is swept away at the next start: nothing reads it

    def _silent_ms(self) -> int:
        """Since the last part; ticks that have wrapped meanwhile count as long."""
        passed_ms = ticks_diff(self._ticks_ms(), self._since_ms)
        return passed_ms if passed_ms >= 0 else PATIENCE_MS

    def _begin(self, digest: bytes, total: int) -> None:
        self.digest, self._held, self._total = digest, 0, total
        file_tree.made(str(self._folder))


def _expect(digest: bytes, offset: int, total: int, part: bytes) -> None:
    if len(digest) != _DIGEST_BYTES or not 0 < len(part) <= _PART_BYTES:
        raise InputError("an app comes with a hash of 32 bytes, in parts of 2,048 bytes at most")
    if not 0 < total <= MAX_BYTES or not 0 <= offset <= total - len(part):
        raise InputError("the app is too long")
