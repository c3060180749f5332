"""Code 128 bar codes (ISO/IEC 15417:2007): set C for pairs of digits, set B for the rest of ASCII."""

from micropython import const

from watch.kernel.errors import InputError

QUIET = const(10)
"""Modules of white before and behind the bars (section 4.3.6)."""
MOST_CHARACTERS = const(48)
"""Longest text; no screen of a watch is wide enough for more."""

_SYMBOL_MODULES = const(11)
_TO_C = const(99)
_TO_B = const(100)
_START_B = const(104)
_START_C = const(105)
_STOP = const(106)
_CHECK_MODULUS = const(103)
_FIRST = const(0x20)
_LAST = const(0x7E)
_DIGITS = "0123456789"
_WORTH_C = const(6)
"""Digits in the middle of set B that make a change to set C and back worth it (annex E)."""
_WORTH_C_AT_END = const(4)

# Table 1: widths of bars and spaces of the values 0 to 106, six digits each; the stop has a seventh.
_WIDTHS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232233111"
)
_LAST_BAR = const(2)


class BarCode:
    """One bar code at a time, in buffers that are allocated once."""

    def __init__(self) -> None:
        self._values = bytearray(2 * MOST_CHARACTERS + 3)
        self._modules = bytearray(_SYMBOL_MODULES * len(self._values) + _LAST_BAR)
        self._count = 0
        self._in_c = False
        self.size = 0
        """Modules from the first bar to the last; 0 before the first text."""

    def encode(self, text: str) -> None:
        """Make the bar code of a text. Raises InputError for an empty or long text, or one that is not printable ASCII.

        ASCII alone is taken, so every scanner reads the same text.
        """
        if not 0 < len(text) <= MOST_CHARACTERS or not all(_FIRST <= ord(char) <= _LAST for char in text):
            raise InputError("text for a bar code")
        self._count = 0
        self._put_text(text)
        values = self._values
        check = values[0]
        for place in range(1, self._count):
            check += place * values[place]
        self._put(check % _CHECK_MODULUS)
        self._put(_STOP)
        self._draw()

    def dark(self, x: int) -> bool:
        """True where there is a bar; `x` below `size`. Allocates nothing."""
        return self._modules[x] != 0

    def _put_text(self, text: str) -> None:
        at = 0
        while at < len(text):
            run = _digits_at(text, at)
            odd = run & 1 if at else 0  # an odd digit goes ahead in set B, or comes last if the text begins with it
            if _worth_c(run - odd, at + odd, len(text)):
                if odd:
                    at = self._put_b(text, at, at + 1)
                at = self._put_c(text, at, at + (run - odd & ~1))
            else:
                at = self._put_b(text, at, at + max(run, 1))

    def _put_c(self, text: str, at: int, end: int) -> int:
        self._enter(True)
        while at < end:
            self._put(int(text[at : at + 2]))
            at += 2
        return at

    def _put_b(self, text: str, at: int, end: int) -> int:
        self._enter(False)
        while at < end:
            self._put(ord(text[at]) - _FIRST)
            at += 1
        return at

    def _enter(self, c: bool) -> None:
        """Start in a set, or change to it."""
        if not self._count:
            self._put(_START_C if c else _START_B)
        elif c != self._in_c:
            self._put(_TO_C if c else _TO_B)
        self._in_c = c

    def _put(self, value: int) -> None:
        self._values[self._count] = value
        self._count += 1

    def _draw(self) -> None:
        x = 0
        for place in range(self._count):
            start = 6 * self._values[place]
            for width in range(start, start + 6):
                for _ in range(int(_WIDTHS[width])):
                    self._modules[x] = not width & 1
                    x += 1
        for _ in range(_LAST_BAR):
            self._modules[x] = 1
            x += 1
        self.size = x


def _digits_at(text: str, at: int) -> int:
    """Digits in a row from `at` on."""
    end = at
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    return end - at


def _worth_c(run: int, at: int, length: int) -> bool:
    """True if digits from `at` on take less room in set C, with the changes there and back."""
    at_end = at == 0 or at + run == length
    return run >= _WORTH_C or (run >= _WORTH_C_AT_END and at_end) or run == length == 2
