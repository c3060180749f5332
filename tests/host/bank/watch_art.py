"""Runs inside unix MicroPython: the watch's own code reads card art. Started by test_against_watch.py.

Reads lines of hex, a file each. Prints for both panels width, height and SHA-256 of the pixels as the panel gets them.
"""

import sys

from watch.crypto.hashes import sha256
from watch.ui import picture

for line in sys.stdin:
    for large in (False, True):
        art = picture.parse(bytes.fromhex(line.strip()), large)
        pixels = bytearray()
        for run in art.runs:
            pixels.extend(art.palette[run >> 4].to_bytes(2, "little") * ((run & 15) + 1))
        print(art.width, art.height, sha256(pixels).hex())
