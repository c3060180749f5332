"""System images, deltas and a watch that takes them, made with the watch's own crypto.

Images of an independent maker are in tests/vectors/update.
"""

import os
import struct

from support.issuer import LATER_S, NOW_S, Party

from board.counting.devices import Entropy
from board.software_secret import SECRET_BYTES, SoftwareSecret
from tests.firmware.storage.norflash import SECTOR
from tests.firmware.update.nor_disk import Chip, Mounted, Supply, formatted
from watch.access.device import DeviceKeys
from watch.access.records import DeviceRecords
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.crypto.random import Random
from watch.kernel.errors import SignerError
from watch.kernel.steps import finish
from watch.storage import records
from watch.storage.journal import Journal
from watch.update.check import Check, System
from watch.update.files import Places
from watch.update.floor import Floor
from watch.update.health import Report
from watch.update.signers import Signers
from watch.update.slots import Slots
from watch.update.starts import Starts
from watch.update.updates import Updates

BOARD, MACHINE = "lilygo_twatch_ultra", "xtensawin"
DISK_SECTORS, SLOT_SECTORS, VAULT_SECTORS = 48, 2, 8
PART_BYTES = 2048
HEALTHY = Report([("panel", ""), ("touch", ""), ("radio", ""), ("vault", "")])
SICK = Report([("panel", ""), ("touch", "OSError: 19"), ("radio", ""), ("vault", "")])
_CAST = []


class Cast:
    """A manufacturer and three of its keys for updates, with certificates."""

    def __init__(self):
        random = Random(Entropy())
        random.seed()
        self.root, self.stranger = Party(random), Party(random)
        self.keys = [Party(random) for _ in range(3)]
        self.certificates = [self.certify(key, number + 1) for number, key in enumerate(self.keys)]

    def certify(self, key, serial, role="update", until_s=LATER_S, signer=None):
        """A certificate for a key."""
        fields = {1: role, 2: key.public, 3: 0, 4: until_s, 5: serial, 6: "Updates", 7: {}}
        return (signer or self.root).sign("tapwatch/certificate", fields)

    def signed(self, fields, signers=(0,), kind="tapwatch/system"):
        """The entries of a head."""
        return [[self.certificates[one], self.keys[one].sign(kind, fields)] for one in signers]


def cast():
    """The one of this run: keys cost time."""
    if not _CAST:
        _CAST.append(Cast())
    return _CAST[0]


def body(files, index=None):
    """Index and files."""
    lines = [(name, len(files[name])) for name in sorted(files)]
    size = 9
    while index is None:
        at, text = size, b""
        for name, length in lines:
            text += b"%s %d %d\n" % (name.encode(), at, length)
            at += length
        if 9 + len(text) == size:
            index = b"%08d\n" % size + text
        size = 9 + len(text)
    return index + b"".join([files[name] for name, _ in lines])


def contents(size=600, fill=b"code ", board=BOARD):
    """Files of a small system."""
    filler = (fill * (size // len(fill) + 1))[:size]
    return {
        "main.py": b"run()\n",
        "facts.py": b"VERSION = '1'\n",
        "board/%s/board.mpy" % board: b"M",
        "watch/a.mpy": filler,
    }


def statement(data, **changes):
    """The fields of a statement about a body; `changes` by `f` and the key."""
    fields = {
        1: BOARD,
        2: [1, 1, 0],
        3: [1, 0, 0],
        4: NOW_S,
        5: "development",
        6: len(data),
        7: sha256(data),
        8: sha256(b"source"),
        9: MACHINE,
    }
    fields.update({int(key[1:]): value for key, value in changes.items()})
    return fields


def packed(entries, data):
    """The file."""
    head = cbor.encode(entries)
    return b"TWI1" + struct.pack(">H", len(head)) + head + data


def image(files=None, signers=(0,), **changes):
    """A whole image."""
    data = body(files or contents())
    return packed(cast().signed(statement(data, **changes), signers), data)


def delta(old, new, block=64):
    """A delta that copies what is at a block of the old image, and brings the rest."""
    known = {bytes(old[at : at + block]): at for at in range(0, len(old) - block + 1, block)}
    out, at, literal = b"", 0, b""

    def brought(data):
        return struct.pack(">I", 0x80000000 | len(data)) + data if data else b""

    while at < len(new):
        found = known.get(bytes(new[at : at + block]))
        if found is None:
            literal += new[at : at + 1]
            at += 1
            continue
        out, literal = out + brought(literal) + struct.pack(">II", block, found), b""
        at += block
    return b"TWD1" + sha256(old) + sha256(new) + struct.pack(">I", len(new)) + out + brought(literal)


class Sealed:
    """Sealed records without the seal."""

    def __init__(self, values=None):
        self.values = dict(values or {})
        self.writes = 0

    def read(self, record):
        value = self.values.get(record)
        if isinstance(value, Exception):
            raise value
        return value

    def write(self, record, value):
        self.writes += 1
        self.values[record] = value


class Watch:
    """All of the room on one folder and one flash for the slot record."""

    def __init__(self, folder, slots_flash, sealed=None, version=(1, 0, 0), posture="development", root=None):
        self.sealed = sealed or Sealed()
        self.now_s, self.revoked = NOW_S, []
        self.root = cast().root.public if root is None else root
        self.places = Places(folder)
        self.slots = Slots(slots_flash)
        signers = Signers(lambda: self.root, lambda: self.now_s, self._expect_valid)
        self.floor = Floor(self.sealed)
        self.check = Check(signers, self.floor, System(BOARD, version, posture, MACHINE))
        self.updates = Updates(self.places, self.slots, self.check)
        self.starts = Starts(self.places, self.slots, self.check)

    def _expect_valid(self, serial):
        if serial in self.revoked:
            raise SignerError("certificate %d was revoked" % serial)

    def send(self, data, digest=None, part=PART_BYTES):
        """All parts of a file, from where it is; its hash."""
        digest = digest or sha256(data)
        incoming = self.updates.incoming
        at = incoming.held if incoming.digest == digest else 0
        while at < len(data):
            at = self.updates.take(digest, at, len(data), data[at : at + part])
        return digest

    def update(self, data):
        """The whole course, the wearer agrees."""
        finish(self.updates.looking(self.send(data)))
        finish(self.updates.installing())


def write(path, data):
    """Put bytes into a file."""
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


class Flash:
    """All parts of the flash that an update writes, on one supply: `vfs`, `slots` and `vault`."""

    def __init__(self, images=None, fault=None, sectors=DISK_SECTORS):
        """New and formatted, or as `images` say."""
        self.supply = Supply()
        disk, slots, vault = images or (None, None, None)
        if disk is None:
            self.disk = formatted(Chip(self.supply, sectors))
        else:
            self.disk = Chip(self.supply, len(disk) // SECTOR, disk)
        self.slots = Chip(self.supply, SLOT_SECTORS, slots)
        self.vault = Chip(self.supply, VAULT_SECTORS, vault)
        self.supply.operations, self.supply.fault = 0, fault

    def images(self):
        """What the next start finds."""
        return tuple([bytes(chip.image) for chip in (self.disk, self.slots, self.vault)])

    def again(self, fault=None):
        """The same at the next start."""
        return Flash(self.images(), fault)

    def sealed(self):
        """Sealed records in the vault."""
        journal = Journal(self.vault)
        journal.mount()
        random = Random(Entropy())
        random.seed()
        return DeviceRecords(journal, DeviceKeys(SoftwareSecret(bytearray(range(SECRET_BYTES)))), random)


class Home:
    """A watch whose slot `a` holds a proved image, on a mounted littlefs while the `with` lasts."""

    def __init__(self, old, sectors=DISK_SECTORS, **arguments):
        """`arguments` of Watch."""
        self.flash, self._arguments, self._old = Flash(sectors=sectors), arguments, old
        self._mounted = Mounted(self.flash.disk)

    def __enter__(self):
        self.folder = self._mounted.__enter__()
        write(self.folder + "/a.twi", self._old)
        self.flash.slots.program(0, record_of(self._old))
        self.watch = Watch(self.folder, self.flash.slots, **self._arguments)
        return self

    def __exit__(self, *error):
        self._mounted.__exit__(*error)

    def fill(self, leave):
        """A file that leaves so many bytes."""
        free = os.statvfs(self.folder)[3] * SECTOR - leave
        with open(self.folder + "/filler", "wb") as file:
            for _ in range(free // SECTOR - 1):  # the name takes a part of one
                file.write(bytes(SECTOR))

    def remount(self):
        """A start: littlefs believes what it had in its cache when a read failed, until it is mounted again."""
        self._mounted.__exit__()
        self._mounted = Mounted(self.flash.disk)
        self._mounted.__enter__()

    def restart(self, **arguments):
        """The watch at its next start, with the same records."""
        self.watch = Watch(self.folder, self.flash.slots, sealed=self.watch.sealed, **arguments)
        self.watch.updates.resume()
        return self.watch


def record_of(data, state=2, sequence=1):
    """Bytes of a slot record whose slot `a` holds an image."""
    import binascii

    fields = struct.pack(">4sI4B2I8s8s", b"TWS1", sequence, 0, state, 0, 2, len(data), 0, sha256(data)[:8], bytes(8))
    return fields + struct.pack(">I", binascii.crc32(fields))


FLOOR = records.UPDATE_FLOOR
