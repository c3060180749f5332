"""Bundles for tests of the shelf, made with the watch's own crypto."""

import os
import struct

from board.counting.board import build
from watch.access.device import DeviceKeys
from watch.access.records import DeviceRecords
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.crypto.random import Random
from watch.storage.journal import Journal

FIELDS = ("id", "version", "kind", "api", "entry", "names", "icon", "colour", "permissions", "hosts", "files") + (
    "paid",
    "source",
    "tools",
)
NAMES = {"en": "Counter", "zh": "\u8ba1\u6570\u5668"}


class Desk:
    """A journal and its sealed records, on a flash of its own or on `flash`."""

    def __init__(self, flash=None):
        board = build()
        self.flash = flash or board.flash
        self.random = Random(board.entropy)
        self.random.seed()
        self.journal = Journal(self.flash)
        self.journal.mount()
        self.sealed = DeviceRecords(self.journal, DeviceKeys(board.secret), self.random)


def manifest(files, **changes):
    """The fields of a manifest over `files`, a map of name to bytes."""
    listed = [[name, len(files[name]), sha256(files[name])] for name in sorted(files)]
    fields = {
        1: "counter",
        2: [1, 0, 0],
        3: "app",
        4: 1,
        5: "app.n0",
        6: NAMES,
        7: "tiles",
        8: 0x4A9EFF,
        9: [],
        10: [],
        11: listed,
        12: False,
        13: bytes(32),
        14: "tests",
    }
    fields.update({FIELDS.index(name) + 1: value for name, value in changes.items()})
    return fields


def packed(envelope, files, rest=(None, None, None)):
    """The bytes of a bundle."""
    head = cbor.encode([envelope] + list(rest))
    return b"TWB1" + struct.pack(">H", len(head)) + head + b"".join(files[name] for name in sorted(files))


def signed(party, files, **changes):
    """A bundle without a review."""
    return packed(party.sign("tapwatch/app", manifest(files, **changes)), files)


def write(path, data):
    """Put bytes into a file, whose folders are made."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        try:
            os.mkdir("/".join(parts[:count]) or "/")
        except OSError:
            pass  # it is there
    with open(path, "wb") as file:
        file.write(data)
    return path
