"""Code 128 inside MicroPython: published symbol values, sets, limits."""

from watch.kernel.errors import InputError
from watch.ui.code128 import MOST_CHARACTERS, BarCode

START_B, START_C, TO_C, TO_B, STOP = 104, 105, 99, 100, 106


def values(text):
    """Symbol values."""
    bars = BarCode()
    bars.encode(text)
    return list(bars._values[: bars._count])


def test_published_check_values():
    assert values("Wikipedia") == [START_B, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, STOP]
    assert values("PJJ123C")[-2] == 55  # the textbook's 54 begins with set A, one less


def test_sets():
    assert values("12345678")[:-2] == [START_C, 12, 34, 56, 78]
    assert values("12345")[:-2] == [START_C, 12, 34, TO_B, 21]
    assert values("A12345")[:-2] == [START_B, 33, 17, TO_C, 23, 45]
    assert values("A1234B")[:-2] == [START_B, 33, 17, 18, 19, 20, 34]
    assert values("A123456B")[:-2] == [START_B, 33, TO_C, 12, 34, 56, TO_B, 34]


def test_a_payment_code_is_twelve_symbols():
    bars = BarCode()
    bars.encode("281234567800123456")
    assert bars.size == 12 * 11 + 2
    assert bars.dark(0) and bars.dark(1) and not bars.dark(2) and bars.dark(bars.size - 1)


def test_what_it_refuses():
    bars = BarCode()
    for text in ("", "é", "\x1f", "\x7f", "付", "1" * (MOST_CHARACTERS + 1)):
        try:
            bars.encode(text)
        except InputError:
            continue
        raise AssertionError(text)
