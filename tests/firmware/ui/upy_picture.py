"""Card art files: what is of the form is drawn as it says, everything else is refused by one error."""

import random

from support.art import art_file

from watch.kernel.errors import InputError
from watch.ui import picture


def _refused(data):
    for large in (False, True):
        try:
            picture.parse(data, large)
        except InputError:
            continue
        return False
    return True


def test_both_pictures_are_read_with_their_colours_and_rows():
    data = art_file()
    small, big = picture.parse(data, False), picture.parse(data, True)
    assert (small.width, small.height) == (160, 100) and (big.width, big.height) == (320, 200)
    assert bytes(big.palette) == b"\xf8\x00\x07\xe0"
    assert len(big.rows) == 200 and big.rows[1] == 20


def test_every_cut_and_every_longer_file_is_refused():
    data = art_file()
    cuts = list(range(0, len(data), 97)) + [len(data) - 1]
    refused = sum(1 for cut in cuts if _refused(data[:cut]))
    assert refused == len(cuts), "a cut file was taken"
    assert _refused(data + b"\x00") and _refused(bytes(24_577))
    print("NOTE card art: %d of %d cut files refused" % (refused, len(cuts)))


def test_changed_bytes_raise_nothing_but_the_declared_error():
    random.seed(7)
    data = art_file()
    refused = 0
    for _ in range(300):
        changed = bytearray(data)
        changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
        refused += _refused(bytes(changed))
    assert refused > 100
    print("NOTE card art: 300 files with a changed bit, %d refused, no other error" % refused)
