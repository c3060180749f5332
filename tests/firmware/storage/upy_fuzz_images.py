"""The vault flash with anything on it: damage, and journals that somebody has written who knows the form.

Mounting tells what is there or raises a declared error; it never hangs, and what it could mount it can go on with.
"""

import random
import struct
from binascii import crc32

from tests.firmware.storage.norflash import SECTOR, NorFlash
from tests.firmware.storage.upy_fault_bitflips import image, wiped, young
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise
from watch.kernel.errors import FullError, StorageError, TagError
from watch.storage import counters
from watch.storage.journal import Journal
from watch.storage.record import encode, finish
from watch.storage.sealed import seal, unseal
from watch.storage.sector import HEADER_BYTES, Header

SHARE = "fuzz"
SECTORS = 5
LAST_BYTES = SECTORS * SECTOR + 2_048
"""The last image may still be referred to from the stack."""
KEY = bytes(range(32))


class Bytes:
    """A random source for seals."""

    def bytes(self, count):
        return noise(count)


def use(flash):
    """Mount, read everything, write something, mount again."""
    journal = Journal(flash)
    journal.mount()
    for key in list(journal.keys()):
        journal.get(key)
    journal.wear()
    try:
        journal.commit({7: b"after"})
    except FullError:
        return
    again = Journal(flash)
    again.mount()
    assert again.get(7) == b"after"


def damaged(flash):
    """One to four changes to an image: bytes, runs of bytes, pages, sectors copied over others."""
    content = flash.image
    for _ in range(random.randrange(1, 5)):
        kind = random.randrange(6)
        at = random.randrange(len(content))
        size = random.choice((1, 4, 16, 256, SECTOR))
        if kind < 3:
            content[at] = random.choice((0, 0xFF, content[at] ^ 1 << random.randrange(8), random.getrandbits(8)))
        elif kind == 3:
            piece = noise(min(size, 256))
            content[at : at + len(piece)] = piece[: len(content) - at]
        elif kind == 4:
            start, length = at // size * size, min(size, len(content) - at // size * size)
            content[start : start + length] = random.choice((b"\xff", b"\x00")) * length
        else:
            one, other = (random.randrange(SECTORS) * SECTOR for _ in range(2))
            content[one : one + SECTOR] = content[other : other + SECTOR]
    return flash


def test_damaged_images():
    random.seed(20261122)
    originals = [make()[0] for make in (image, young, wiped)]

    def make():
        return damaged(random.choice(originals).restored())

    share = Campaign("journal images, damaged", use, StorageError, heap_bytes=LAST_BYTES).run(make, 400, 2)
    assert 0.05 < share < 0.95, "the fuzzer must reach both ends"


def forged_header():
    """A header with a right checksum and odd numbers."""
    sequence = random.choice((1, 2, 4, 5, 9, 0, 0xFFFFFFFF, 1 << 31, random.getrandbits(32)))
    oldest = max(0, sequence - random.choice((0, 1, 2, 3, 200)))
    sealed = random.choice((0, HEADER_BYTES, 33, 100, 4095, 4096, 4097, 65_535))
    header = Header(sequence, oldest, random.getrandbits(32), sealed, random.randrange(8) == 0)
    return sequence, header.pack(random.choice((SECTORS, SECTORS, SECTORS, 0, 64)))


def forged_record(sequence, offset):
    """A record with a right checksum around facts that may lie about their lengths."""
    record = encode({random.randrange(5): noise(random.randrange(40)) for _ in range(random.randrange(1, 4))})
    if random.getrandbits(1):
        at = random.randrange(4, len(record) - 4)
        record[at] = random.choice((0, 0xFF, random.getrandbits(8)))
    finish(record, sequence, offset)
    if random.getrandbits(1):
        record[:2] = b"\0\0"
    return record


def forged():
    """Sectors of a journal as an attacker would write them."""
    content = bytearray(b"\xff" * (SECTORS * SECTOR))
    for _ in range(random.randrange(1, 4)):
        sequence, header = forged_header()
        start = sequence % SECTORS * SECTOR
        content[start : start + len(header)] = header
        offset = HEADER_BYTES
        for _ in range(random.randrange(4)):
            record = forged_record(sequence, offset)
            content[start + offset : start + offset + len(record)] = record
            offset += len(record)
    return NorFlash(SECTORS, content)


def test_forged_journals():
    random.seed(20261123)
    share = Campaign("journals, forged", use, StorageError, heap_bytes=LAST_BYTES).run(forged, 600)
    assert 0.02 < share < 0.95


def test_the_forger_knows_the_form():
    """Else the test above would only try what a checksum refuses."""
    content = bytearray(b"\xff" * (SECTORS * SECTOR))
    header = Header(1, 1, 1, HEADER_BYTES, False).pack(SECTORS)
    assert struct.unpack("<I", header[-4:])[0] == crc32(header[:-4])
    content[SECTOR : SECTOR + len(header)] = header
    record = encode({3: b"forged"})
    finish(record, 1, HEADER_BYTES)
    record[:2] = b"\0\0"
    content[SECTOR + HEADER_BYTES : SECTOR + HEADER_BYTES + len(record)] = record
    journal = Journal(NorFlash(SECTORS, content))
    journal.mount()
    assert journal.get(3) == b"forged"


def test_sealed_records():
    random.seed(20261124)
    good = seal(KEY, 5, b"value of a record", Bytes())

    def take(blob):
        assert unseal(KEY, 5, blob) == b"value of a record" and blob == good

    share = Campaign("sealed records", take, TagError).run(lambda: mutated(good), 750)
    assert share < 0.02
    try:
        unseal(KEY, 6, good)
        raise AssertionError("opened as another record")
    except TagError:
        pass


def test_counters():
    random.seed(20261125)
    good = counters.pack(7)

    def take(data):
        assert counters.pack(counters.unpack(data)) == data  # three changes may agree; one never does

    assert Campaign("counters", take, StorageError).run(lambda: mutated(good), 1_500) < 0.02
