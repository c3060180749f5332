"""Runs inside MicroPython: unpacks characters of a page file as the watch does, for `test_pages.py`.

Usage: micropython tests/screens/unpack_pages.py PAGES STEP FILE writes every STEP-th character that the watch finds
there: its code point as 2 bytes, big-endian, then its glyph.
"""

import sys

from watch.ui.han import PagedGlyphs


def main(source, step, target):
    """One pass over all code points."""
    pages = PagedGlyphs(source)
    found = 0
    with open(target, "wb") as file:
        for code in range(0x10000):
            if pages.has(code):
                if found % step == 0:
                    file.write(bytes((code >> 8, code & 0xFF)))
                    file.write(pages.copy(code, 0))
                found += 1
    print(found)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
