"""Thousands of characters that stay on flash: Han, kana, full-width forms, all of GB 2312 but its alphabets.

The file is described in `tapwatch.assets.pagefile`. In memory are one bit for each character of a page (93 pages:
3.5 KB), the statistics of the coder (3 KB), and a fixed number of slots for unpacked glyphs. A text takes copies
when it is set, so what is on the screen never depends on the slots, however many characters it has.
"""

import struct
from array import array

from micropython import const

from watch.kernel.errors import CorruptError, StorageError
from watch.ui import page_code

SLOTS = const(64)
"""Characters kept unpacked, a page of rows full: 27 and 45 KB on the large panel, 13 and 23 KB on the small one."""
_HEADER = const(12)
_ODDS = const(3072)
_PAGES = const(256)
_BITS = const(32)
"""Bytes of one page's bits."""
_OFFSET = const(4)
_MOST_PIXELS = const(64)
"""Largest side of a cell; twice the sizes that are made."""
_MOST_PACKED = const(1024)
"""Largest packed character; the largest that is made has less than 300 bytes."""
_SPAN = const(1 << 24)
"""Where the coder begins."""
_TOP = const(5)


class PagedGlyphs:
    """All paged characters of one size.

    Args:
        path: the page file.
        slots: glyphs kept unpacked.

    Raises:
        StorageError: the file cannot be read.
        CorruptError: it is not a page file, or is cut short.
    """

    def __init__(self, path: str, slots: int = SLOTS) -> None:
        self.loads = 0
        """Characters read from flash so far."""
        try:
            self._file = open(path, "rb")  # noqa: SIM115 (glyphs are read from it later)
            head = self._file.read(_HEADER)
            if len(head) != _HEADER or head[:4] != b"TWP1":
                raise CorruptError(path)
            self._odds = self._exactly(_ODDS)
            self._rows = self._exactly(_PAGES)
            pages = struct.unpack("<H", head[10:])[0]
            if pages > _PAGES or max(self._rows) > pages:
                raise CorruptError(path)
            self._bits = self._exactly(pages * _BITS)
            self._offsets = self._exactly(pages * _OFFSET)
        except OSError as error:
            raise StorageError("%s: %s" % (path, error))
        width, height = head[4], head[5]
        if width & 1 or not 0 < width <= _MOST_PIXELS or not 0 < height <= _MOST_PIXELS:
            raise CorruptError(path)
        self.line_height, self.advance_16 = head[8], head[9] << 4
        self._packed = bytearray(_MOST_PACKED)
        self._levels = bytearray(width + 2)
        cell = struct.pack("<H", self.advance_16) + head[4:8] + bytes(width // 2 * height)
        self._slots = [bytearray(cell) for _ in range(slots)]
        self._codes = array("H", bytes(2 * slots))
        self._recent = bytearray(slots)
        self._hand = 0

    def has(self, code: int) -> bool:
        """True when there is a picture of this character."""
        row = self._rows[code >> 8] - 1
        return row >= 0 and bool(self._bits[row * _BITS + ((code & 0xFF) >> 3)] >> (code & 7) & 1)

    def copy(self, code: int, down_px: int) -> bytearray:
        """The glyph of a character that is there, moved down in its line; it stays as it is as long as it is held."""
        glyph = bytearray(self._slots[self.slot(code)])
        glyph[_TOP] += down_px
        return glyph

    def slot(self, code: int) -> int:
        """The slot that holds a character from now on until others need it. Allocates nothing."""
        at = page_code.find(self._codes, len(self._codes), code)
        if at < 0:
            at = self._least_recent()
            self._codes[at] = 0
            self._load(code, self._slots[at])
            self._codes[at] = code
        else:
            self._recent[at] = 1
        return at

    def _least_recent(self) -> int:
        """A slot that was not used again since the hand passed it last."""
        while True:
            at = self._hand
            self._hand = (at + 1) % len(self._codes)
            if not self._recent[at]:
                return at
            self._recent[at] = 0

    def _load(self, code: int, cell: bytearray) -> None:
        row, low = self._rows[code >> 8] - 1, code & 0xFF
        order = page_code.rank(self._bits, row * _BITS, low)
        packed = self._packed
        try:
            page = self._offset(row)
            self._file.seek(page + 2 * order)
            self._fill(_OFFSET)
            start, end = packed[0] | packed[1] << 8, packed[2] | packed[3] << 8
            if not start <= end <= start + _MOST_PACKED:
                raise CorruptError("page file")
            self._file.seek(page + start)
            packed[0] = packed[1] = packed[2] = 0
            self._fill(end - start)
        except OSError as error:
            raise StorageError("page file: %s" % error)
        value = packed[0] << 16 | packed[1] << 8 | packed[2]
        page_code.unpack(value, _SPAN, self._odds, packed, cell, self._levels, end - start)
        self.loads += 1

    def _offset(self, row: int) -> int:
        at, offsets = row * _OFFSET, self._offsets
        return offsets[at] | offsets[at + 1] << 8 | offsets[at + 2] << 16 | (offsets[at + 3] & 0x3F) << 24

    def _fill(self, count: int) -> None:
        """Read into the buffer for packed characters."""
        if self._file.readinto(self._packed, count) != count:
            raise CorruptError("page file is cut short")

    def _exactly(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise CorruptError("page file is cut short")
        return data
