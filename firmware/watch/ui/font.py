"""Reads the fonts made by `tapwatch.assets`; the format is described in host_tools/tapwatch/assets/fontfile.py.

Only the index stays in memory. Glyphs are read when a text first needs them and kept up to a limit, so a watch holds
the few dozen it shows and not the thousand it could. What a font lacks it takes from the paged characters of the
nearest size (`watch.ui.han`).
"""

import struct

import micropython
from micropython import const

from watch.kernel.errors import CorruptError, StorageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from array import array

    from watch.ui.han import PagedGlyphs

MISSING = const(0xFFFD)
"""Code point of the box drawn for a character that the font lacks."""
_HEADER = const(12)
_ENTRY = const(6)
_GLYPH_HEADER = const(6)
_BIAS = const(128)
_CACHE_BYTES = const(40960)
"""Glyphs kept per font: about 90 letters of the headline size."""
_MAX_GLYPHS = const(8192)
IDEOGRAPHS = const(0x2E80)
"""First of the characters that are as wide as high."""

# Fields of a glyph: bytes of its header in the file.
_WIDTH = const(2)
_HEIGHT = const(3)
_LEFT = const(4)
_TOP = const(5)


class Font:
    """One font at one size.

    Args:
        path: the font file.
        pages: where to look for what the file lacks.

    Raises:
        StorageError: the file cannot be read.
        CorruptError: it is not a font, or is cut short.
    """

    def __init__(self, path: str, pages: "PagedGlyphs | None" = None) -> None:
        self.missing = 0
        """How often a character had to be drawn as a box."""
        try:
            self._file = open(path, "rb")  # noqa: SIM115 (glyphs are read from it later)
            head = self._file.read(_HEADER)
            if len(head) != _HEADER or head[:4] != b"TWF1":
                raise CorruptError(path)
            self.line_height, self.baseline, self.digit_height = head[4], head[5], head[6]
            self._index_count, pairs = struct.unpack("<HH", head[8:])
            if self._index_count > _MAX_GLYPHS:
                raise CorruptError(path)
            self._index = self._exactly(self._index_count * _ENTRY)
            self._pairs, self._pair_count = self._exactly(pairs * _ENTRY), pairs
        except OSError as error:
            raise StorageError("%s: %s" % (path, error))
        self._cache = {}
        self._cached = 0
        self._pages = pages
        self._one_size = None
        if pages is not None and pages.line_height != self.line_height:
            self._one_size = OneSize(self, pages)

    def suited(self, codes: "array") -> "Font | OneSize":
        """What to draw a text with: another than this font where it would mix two sizes of Han."""
        if self._one_size is not None:
            for code in codes:
                if code >= IDEOGRAPHS and not self._find(code) and self._one_size.pages.has(code):
                    return self._one_size
        return self

    @micropython.native
    def glyph(self, code: int) -> "bytes | bytearray":
        """The glyph of a character, or the missing box, which is counted. It is valid as long as it is held."""
        found = self._cache.get(code)
        if found is None:
            found = self._load(code)
        return found

    def kerning_16(self, left: int, right: int) -> int:
        """How far to move `right` when it follows `left`, in 1/16 px. Asked for each letter: allocates nothing."""
        return _kerning(self._pairs, self._pair_count, left, right)

    @micropython.native
    def advance_16(self, code: int) -> int:
        """How far the pen moves after a character, in 1/16 px; after its box, if it is missing."""
        if code not in self._cache and not self._find(code):
            if self._pages is not None and self._pages.has(code):
                return self._pages.advance_16
            code = MISSING
        return advance_16(self.glyph(code))

    def has(self, code: int) -> bool:
        """True when there is a picture for this character, in the font or in its pages."""
        return self._find(code) != 0 or (self._pages is not None and self._pages.has(code))

    def _load(self, code: int) -> "bytes | bytearray":
        offset = self._find(code)
        if offset:
            return self._read(code, offset)
        pages = self._pages
        if pages is not None and pages.has(code):
            return pages.copy(code, (self.line_height - pages.line_height) // 2)
        self.missing += 1
        if code == MISSING:
            raise CorruptError("font without a box for missing characters")
        return self.glyph(MISSING)

    def _read(self, code: int, offset: int) -> bytes:
        """A glyph from the file, which is kept."""
        try:
            self._file.seek(offset)
            head = self._exactly(_GLYPH_HEADER)
            found = head + self._exactly((head[_WIDTH] + 1) // 2 * head[_HEIGHT])
        except OSError as error:
            raise StorageError("font: %s" % error)
        if self._cached + len(found) > _CACHE_BYTES:
            self._cache.clear()
            self._cached = 0
        self._cache[code] = found
        self._cached += len(found)
        return found

    def _find(self, code: int) -> int:
        """Offset of a glyph in the file, 0 when there is none."""
        return _offset(self._index, self._index_count, code)

    def _exactly(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise CorruptError("font file is cut short")
        return data


class OneSize:
    """A font for lines that need Han which it lacks: then all Han of the line are of the pages' size."""

    def __init__(self, font: Font, pages: "PagedGlyphs") -> None:
        self.line_height, self.pages = font.line_height, pages
        self._font = font
        self._down_px = (font.line_height - pages.line_height) // 2
        self.kerning_16 = font.kerning_16

    def glyph(self, code: int) -> "bytes | bytearray":
        """As `Font.glyph`."""
        if code >= IDEOGRAPHS and self.pages.has(code):
            return self.pages.copy(code, self._down_px)
        return self._font.glyph(code)

    def advance_16(self, code: int) -> int:
        """As `Font.advance_16`."""
        if code >= IDEOGRAPHS and self.pages.has(code):
            return self.pages.advance_16
        return self._font.advance_16(code)


@micropython.viper
def _kerning(pairs: ptr8, count: int, left: int, right: int) -> int:
    """Look a pair up: entries of left, right and amount, 16 bits each, sorted. The plain version is in upy_font.py."""
    low = 0
    while low < count:
        middle = (low + count) >> 1
        at = middle * _ENTRY
        here = pairs[at] | (pairs[at + 1] << 8)
        wanted = left
        if here == left:
            here = pairs[at + 2] | (pairs[at + 3] << 8)
            wanted = right
            if here == right:
                amount = pairs[at + 4] | (pairs[at + 5] << 8)
                if amount & 0x8000:
                    amount -= 0x10000
                return amount
        if here < wanted:
            low = middle + 1
        else:
            count = middle
    return 0


@micropython.viper
def _offset(index: ptr8, count: int, code: int) -> int:
    """Look a glyph up: entries of code, 16 bits, and offset, 32 bits, sorted. 0 when there is none."""
    low = 0
    while low < count:
        middle = (low + count) >> 1
        at = middle * _ENTRY
        here = index[at] | (index[at + 1] << 8)
        if here == code:
            return index[at + 2] | (index[at + 3] << 8) | (index[at + 4] << 16) | (index[at + 5] << 24)
        if here < code:
            low = middle + 1
        else:
            count = middle
    return 0


def advance_16(glyph: "bytes | bytearray") -> int:
    """How far the pen moves after a glyph, in 1/16 px."""
    return glyph[0] | glyph[1] << 8


def left_px(glyph: "bytes | bytearray") -> int:
    """From the pen to the first column of ink."""
    return glyph[_LEFT] - _BIAS


def top_px(glyph: "bytes | bytearray") -> int:
    """From the top of the line to the first row of ink."""
    return glyph[_TOP] - _BIAS
