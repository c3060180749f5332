"""From text to placed glyphs: decoding, measuring, kerning, breaking into lines.

Text from outside may hold anything. Every code point that would not show (control characters, direction marks,
zero-width characters, broken UTF-8, characters beyond the basic plane) becomes the missing box: nothing hides.
Only what chooses the form of the sign before it (variation selectors 15 and 16, the joiner of emoji) is left out:
phones write it behind every heart, and a second box would say nothing.
Everything stands in the order in which it came, from left to right. No font has letters that are written from right to
left: each of them is a box, so that no text can put another amount or name together on the screen.
"""

from array import array

import micropython
from micropython import const

from watch.kernel import interrupt
from watch.ui.font import IDEOGRAPHS, MISSING, advance_16

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.font import Font, OneSize

    AnyFont = Font | OneSize

MAX_CHARACTERS = const(240)
"""Longest text that is laid out; the rest is cut and marked with an ellipsis. A screen holds about 150."""
ELLIPSIS = const(0x2026)
_MAX_BYTES = const(4096)
"""What is looked at of a text: 16 bytes a character, for what chooses the form of a sign counts as none."""
_BALANCE_PX = const(8)
_SPACE = const(0x20)
_NO_BREAK_SPACE = const(0xA0)
_HIDDEN = (0xAD, 0x61C)
"""Soft hyphen and Arabic letter mark: characters of two bytes that would not show."""
_FORMS = (b"\xef\xb8\x8e", b"\xef\xb8\x8f", b"\xe2\x80\x8d")
"""U+FE0E, U+FE0F and U+200D in UTF-8."""
_CLOSING = tuple(ord(sign) for sign in "，。！？、）：；》」』】〉〕”’…％%")
"""Never at the start of a line."""
_OPENING = tuple(ord(sign) for sign in "（《「『【〈〔“‘")
"""Never at the end of a line."""


class Run:
    """One line of text, ready to draw: glyphs and their pen positions in px.

    The glyphs are the run's own, so drawing it neither allocates nor asks whether a cache still has them.
    """

    def __init__(self, font: "AnyFont", codes: "array", start: int, end: int) -> None:
        interrupt.point()
        self.font = font
        self.text = _text(codes, start, end)
        held = {code: font.glyph(code) for code in set(codes[start:end])}
        self.glyphs = [held[codes[i]] for i in range(start, end)]
        self.offsets = array("h", bytes(2 * (end - start)))
        pen = 0
        for i in range(end - start):
            if i:
                pen += font.kerning_16(codes[start + i - 1], codes[start + i])
            self.offsets[i] = (pen + 8) >> 4
            pen += advance_16(self.glyphs[i])
        self.width = (pen + 15) >> 4
        """Width of the line in px."""


class _Pens:
    """Where the pen stands before and behind each character of a text, in 1/16 px.

    It is measured once and asked for every way to break the text: measuring is what takes the time.
    """

    @micropython.native
    def __init__(self, font: "AnyFont", codes: "array") -> None:
        self._codes = codes
        self._before = array("i", bytes(4 * len(codes)))
        self._behind = array("i", bytes(4 * len(codes)))
        pen = last = 0
        for at in range(len(codes)):
            code = codes[at]
            if at:
                pen += font.kerning_16(last, code)
            self._before[at] = pen
            pen += font.advance_16(code)
            self._behind[at] = pen
            last = code

    def breaks(self, width: int) -> "list[int]":
        """Where each line of at most `width` px ends."""
        interrupt.point()
        ends = []
        start = 0
        while start < len(self._codes):
            start = self._line_end(start, width)
            ends.append(start)
        return ends

    def balanced(self, width: int, ends: "list[int]") -> "list[int]":
        """The breaks at the least width, from half on, that needs no more lines than `ends` and tears no more words."""
        low, high = width // 2, width
        torn = self._torn(ends)
        while high - low > _BALANCE_PX:
            middle = (low + high) // 2
            narrower = self.breaks(middle)
            if len(narrower) > len(ends) or self._torn(narrower) > torn:
                low = middle
            else:
                high, ends = middle, narrower
        return ends

    def _torn(self, ends: "list[int]") -> int:
        """How many lines end within a word."""
        return sum(not _may_break(self._codes, end) for end in ends if end < len(self._codes))

    @micropython.native
    def fitting(self, start: int, width: int) -> int:
        """Index behind the last character from `start` on that still fits in `width` px."""
        behind = self._behind
        at, end = start, len(behind)
        if at < end:
            most = self._before[start] + (width << 4)
            while at < end and behind[at] <= most:
                at += 1
        return at

    def _line_end(self, start: int, width: int) -> int:
        """Index behind the last character of the line that begins at `start`; spaces at a break belong to the line."""
        codes = self._codes
        fit = self.fitting(start, width)
        while fit < len(codes) and codes[fit] == _SPACE:
            fit += 1
        if fit == len(codes):
            return fit
        end = fit
        while end > start and not _may_break(codes, end):
            end -= 1
        return end if end > start else max(fit, start + 1)


def line(font: "Font", text: str) -> Run:
    """A single line."""
    codes = decode(text)
    return Run(font.suited(codes), codes, 0, len(codes))


def elided(font: "Font", text: str, width: int) -> Run:
    """A single line, cut with an ellipsis when it is wider than `width` px. Only for text that nobody approves."""
    codes = decode(text)
    suited = font.suited(codes)
    pens = _Pens(suited, codes)
    if pens.fitting(0, width) == len(codes):
        return Run(suited, codes, 0, len(codes))
    end = pens.fitting(0, width - (font.advance_16(ELLIPSIS) + 15 >> 4))
    short = codes[:end]
    short.append(ELLIPSIS)
    return Run(suited, short, 0, end + 1)


def wrapped(font: "Font", text: str, width: int, balanced: bool = True) -> "list[Run]":
    """Lines of at most `width` px; a word longer than a line is broken where the line ends.

    Balanced lines are about equally long, as a headline wants it; a text to read fills its lines.
    """
    codes = decode(text)
    suited = font.suited(codes)
    pens = _Pens(suited, codes)
    ends = pens.breaks(width)
    if balanced:
        ends = pens.balanced(width, ends)
    runs = []
    start = 0
    for end in ends:
        last = end
        while last > start and codes[last - 1] == _SPACE:
            last -= 1
        runs.append(Run(suited, codes, start, last))
        start = end
    return runs


def decode(text: "str | bytes") -> "array":
    """Code points of a text, at most `MAX_CHARACTERS`, with `MISSING` for everything that would not show."""
    return _decoded(text.encode() if isinstance(text, str) else text)


def _decoded(data: bytes) -> "array":
    """As `decode`, of UTF-8 or what should be."""
    interrupt.point()
    codes = array("H")
    at, end = 0, min(len(data), _MAX_BYTES)
    while at < end:
        if len(codes) == MAX_CHARACTERS:
            codes[MAX_CHARACTERS - 1] = ELLIPSIS
            break
        first = data[at]
        if 0x20 <= first < 0x7F:  # nearly all of most texts
            codes.append(first)
            at += 1
            continue
        length = _sequence_length(data, at)
        if data[at : at + length] not in _FORMS:
            codes.append(_code(data, at, length))
        at += length
    return codes


def _text(codes: "array", start: int, end: int) -> str:
    """Code points as text, by way of UTF-8: `chr` would look each one up among all names that the program knows."""
    data = bytearray()
    for at in range(start, end):
        code = codes[at]
        if code < 0x80:
            data.append(code)
        elif code < 0x800:
            data.append(0xC0 | code >> 6)
            data.append(0x80 | code & 0x3F)
        else:
            data.append(0xE0 | code >> 12)
            data.append(0x80 | code >> 6 & 0x3F)
            data.append(0x80 | code & 0x3F)
    return str(data, "utf-8")


def _may_break(codes: "array", at: int) -> bool:
    """True if a line may end before index `at`."""
    if codes[at] in _CLOSING or codes[at - 1] in _OPENING:
        return False
    return codes[at - 1] == _SPACE or codes[at] >= IDEOGRAPHS or codes[at - 1] >= IDEOGRAPHS


def _sequence_length(data: bytes, at: int) -> int:
    """Bytes of the well-formed UTF-8 sequence at `at`, or 1 when it is broken (RFC 3629)."""
    first = data[at]
    length = 1 if first < 0xC0 else 2 if first & 0xE0 == 0xC0 else 3 if first & 0xF0 == 0xE0 else 4
    if at + length > len(data):
        return 1
    for i in range(at + 1, at + length):
        if data[i] & 0xC0 != 0x80:
            return 1
    return length


def _code(data: bytes, at: int, length: int) -> int:
    """The code point of a sequence, or `MISSING`."""
    first = data[at]
    if length == 1:
        return first if 0x20 <= first < 0x7F else MISSING
    if length == 2:
        code = (first & 0x1F) << 6 | data[at + 1] & 0x3F
        return code if code >= _NO_BREAK_SPACE and code not in _HIDDEN else MISSING
    if length == 3:
        code = (first & 0x0F) << 12 | (data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F
        return MISSING if code < 0x800 or _invisible(code) else code
    return MISSING


def _invisible(code: int) -> bool:
    """Zero-width, direction and format characters, odd spaces, surrogates, private use, specials (Unicode 16)."""
    return (
        0x2000 <= code <= 0x200F
        or 0x2028 <= code <= 0x202F
        or 0x205F <= code <= 0x206F
        or code == 0x3000
        or 0xD800 <= code <= 0xF8FF
        or 0xFE00 <= code <= 0xFE0F
        or code == 0xFEFF
        or code >= 0xFFF0
    )
