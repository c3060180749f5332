"""QR codes, ISO/IEC 18004:2015: versions 1 to 20, four levels, the mask with the least penalty."""

from micropython import const

from watch.kernel import interrupt
from watch.kernel.errors import InputError
from watch.ui import qr_matrix, qr_tables
from watch.ui.qr_codewords import Codewords

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.qr_codewords import Text

LOW, MEDIUM, QUARTILE, HIGH = qr_tables.LOW, qr_tables.MEDIUM, qr_tables.QUARTILE, qr_tables.HIGH
"""Levels: about 7, 15, 25 and 30 % of the codewords may be damaged."""
QUIET = qr_tables.QUIET
"""Modules of white around a symbol."""


class QrCode:
    """One symbol at a time, in buffers that are allocated once: about 20 KB for version 20, 9 KB for version 12."""

    def __init__(self, most_version: int = qr_tables.MOST_VERSION) -> None:
        """Raises InputError for a version beyond 20."""
        if not 1 <= most_version <= qr_tables.MOST_VERSION:
            raise InputError("no such QR code version")
        size = qr_tables.size_of(most_version)
        self._codewords = Codewords(most_version)
        self._grid = bytearray(size * size)
        self._work = bytearray(size * size)
        self._tiles = qr_matrix.make_tiles()
        self.size = 0
        """Modules along one side; 0 before the first text."""
        self.version = 0
        self.level = LOW
        self.mask = 0

    def encode(self, text: "Text", level: int = LOW, least_version: int = 1) -> None:
        """Make the symbol of a text, or of bytes. Raises InputError if it is too long.

        The mode is the tightest that has all characters: digits, capitals, or bytes (text as UTF-8).
        """
        interrupt.point()
        self._codewords.encode(text, level, least_version)
        self.version, self.level = self._codewords.version, level
        self.size = qr_tables.size_of(self.version)
        qr_matrix.draw_fixed(self._grid, self.version)
        count = qr_tables.codewords_of(self.version)
        qr_matrix.place(self._grid, self.size, self._codewords.out, count)
        best = -1
        for mask in range(qr_matrix.MASKS):
            interrupt.point()
            self._apply(mask)
            penalty = qr_matrix.penalty(self._work, self.size)
            if best < 0 or penalty < best:
                best, self.mask = penalty, mask
        self._apply(self.mask)

    def dark(self, x: int, y: int) -> bool:
        """True for a dark module; `x`, `y` below `size`. Allocates nothing."""
        return self._work[y * self.size + x] != 0

    def modules(self) -> bytearray:
        """Row after row, 1 for dark, `size` in each; overwritten by the next text, which may be larger."""
        return self._work

    def _apply(self, mask: int) -> None:
        qr_matrix.draw_format(self._grid, self.size, qr_tables.format_bits(self.level, mask))
        qr_matrix.apply(self._grid, self._work, self.size, self._tiles, mask)
