"""Font files that are not what they should be."""

import os
import struct

from watch.kernel.errors import CorruptError, StorageError
from watch.ui.font import MISSING, Font

_GOOD = "firmware/assets/caption.small.twf"


def _with(data, action):
    """Run something on a font file with these bytes."""
    path = "build_font_%d.twf" % os.urandom(1)[0]
    with open(path, "wb") as file:
        file.write(data)
    try:
        return action(path)
    finally:
        os.remove(path)


def _read(path):
    font = Font(path)
    for code in (0x41, 0x7A, MISSING):
        font.glyph(code)


def test_a_cut_or_foreign_file_is_corrupt():
    with open(_GOOD, "rb") as file:
        good = file.read()
    for data in (b"", good[:11], good[:500], good[:-4000], b"PNG1" + good[4:], good[:8] + b"\xff\xff" + good[10:]):
        try:
            _with(data, _read)
        except CorruptError:
            continue
        raise AssertionError("accepted %d bytes" % len(data))


def test_an_absent_file_is_a_storage_error_and_not_an_empty_font():
    try:
        Font("firmware/assets/nothing.twf")
    except CorruptError:
        raise AssertionError("absent is not corrupt")
    except StorageError:
        return
    raise AssertionError("accepted")


def test_the_cache_stays_bounded():
    font = Font("firmware/assets/title.large.twf")
    for code in range(0x21, 0x7F):
        font.glyph(code)
    for code in range(0xA1, 0x100):
        font.glyph(code)
    assert font._cached <= 40960, font._cached
    assert sum(len(glyph) for glyph in font._cache.values()) == font._cached


def test_the_fast_searches_find_what_a_slow_one_does():
    checked = 0
    for name in ("title", "body", "caption", "figures", "display", "icons"):
        font = Font("firmware/assets/%s.small.twf" % name)
        pairs = {}
        for at in range(0, len(font._pairs), 6):
            left, right, amount = struct.unpack_from("<HHh", font._pairs, at)
            pairs[left, right] = amount
        codes = [struct.unpack_from("<HI", font._index, at) for at in range(0, len(font._index), 6)]
        for code, offset in codes:
            assert font._find(code) == offset, code
        letters = sorted({left for left, _ in pairs} | {right for _, right in pairs})[:60] + [0, 0xFFFF]
        for left in letters:
            for right in letters:
                assert font.kerning_16(left, right) == pairs.get((left, right), 0), (name, left, right)
                checked += 1
    print("NOTE kerning pairs compared with a plain search:", checked)
