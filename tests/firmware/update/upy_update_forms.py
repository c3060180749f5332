"""Forms that heads, indexes and deltas may not have, one fault at a time; a flash that cannot be read or written."""

import io
import os
import struct

from support.world import refused

from tests.firmware.storage.norflash import Fail
from tests.firmware.update.image_kit import Home, body, cast, contents, delta, image, packed, read, statement, write
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.kernel.errors import CorruptError, ImageError, StorageError, WriteError
from watch.kernel.steps import finish
from watch.update import files, index
from watch.update.delta import HEAD_BYTES, Delta
from watch.update.head import Head, bytes_of
from watch.update.image import Image
from watch.update.slots import PROVED
from watch.update.statement import Statement
from watch.update.updates import COMING
from watch.update.work import Work

SHARE = "flash and update"
LONG = bool(os.getenv("TAPWATCH_LONG"))
OLD = image(contents(600), f2=[1, 0, 0])
NEW = image(contents(1_500))


def headed(entries):
    """Head of an image with these entries."""
    return Head(packed(entries, b""))


def test_forms_that_a_head_may_not_have():
    good = cast().signed(statement(body(contents())))
    headed(good)
    for start in (b"", b"TWI1", b"TWI1\x00", b"TWI1\x00\x00", b"TWI1\x10\x01", b"TWB1\x00\x01", b"twi1\x00\x01"):
        refused(ImageError, bytes_of, start)
    whole = packed(good, b"")
    for short in (whole[:-1], whole[:7], whole[:6]):
        refused(ImageError, Head, short)
    certificate, envelope = good[0]
    for entries in (
        [],
        {},
        None,
        good * 4,
        [certificate],
        [[certificate]],
        [[certificate, envelope, b""]],
        [[certificate, None]],
        [[1, envelope]],
        [[bytes(1025), envelope]],
        [[certificate, certificate]],
        [[certificate, b""]],
        [[certificate, envelope[:-1]]],
        good + cast().signed(statement(body(contents()), f4=0)),
    ):
        refused(ImageError, headed, entries)


def test_numbers_and_texts_of_a_statement():
    good = statement(body(contents()))

    def stated(key, value):
        return Statement(cbor.encode({other: good[other] if other != key else value for other in good}))

    for key, value in ((6, 4_190_209), (1, ""), (1, "x" * 33), (9, ""), (5, "debug"), (3, [1, 1, 1]), (4, 1 << 48)):
        refused(ImageError, stated, key, value)
    assert stated(6, 4_190_208).body_bytes == 4_190_208


def indexed(text, files_bytes):
    """Check an index with the right length in front."""
    data = b"%08d\n" % (9 + len(text)) + text
    finish(index.checking(io.BytesIO(data), len(data) + files_bytes, "x"))


def test_lines_of_an_index():
    names = (b"board/x/board.mpy", b"facts.py", b"main.py")

    def text(names, more=b"", size=3):
        lines = b""
        for _ in range(3):  # until the numbers have settled
            start, found = 9 + len(lines), []
            for at, name in enumerate(names):
                found.append(b"%s %d %d%s\n" % (name, start + at * size, size, more))
            lines = b"".join(found)
        return lines

    indexed(text(names), 9)
    refused(ImageError, indexed, text(names, b" 1"), 9)
    refused(ImageError, indexed, text(names).replace(b" 3\n", b"\n"), 9)
    refused(ImageError, indexed, text(names[:2] + (b"zz.py", b"main.py")), 12)
    many = tuple([b"a/" + b"%090d" % number for number in range(660)])
    refused(ImageError, indexed, text(many + names), 3 * 663)


class Unsteady:
    """A file that cannot be read any more."""

    def readinto(self, into):
        raise OSError(5)


def test_a_file_that_changes_while_it_is_read_is_noticed():
    refused(CorruptError, finish, Work().hashing(Unsteady(), 3, ()))
    steps = Work().hashing(io.BytesIO(b"12"), 3, ())
    for _ in range(9):
        try:
            next(steps)
        except ImageError:
            return
    raise AssertionError("it is read for ever")


def literal(data):
    return struct.pack(">I", 0x80000000 | len(data)) + data


def copy(count, offset):
    return struct.pack(">II", count, offset)


def pieces(home, steps, length=10):
    """What steps make of an old image of 8 bytes."""
    path = home.folder + "/one.twd"
    write(path, b"TWD1" + bytes(64) + length.to_bytes(4, "big"))
    made, work = bytearray(), Work()
    for count in Delta(path)._pieces(io.BytesIO(steps), io.BytesIO(b"01234567"), 8, work):
        made.extend(work.view[:count])
    return made


def test_forms_that_a_delta_may_not_have():
    with Home(OLD) as home:
        assert pieces(home, copy(8, 0) + literal(b"ab")) == b"01234567ab"
        for steps in (
            b"",
            literal(b"ab"),
            literal(b"0123456789a"),
            literal(b"0123456789")[:-2],
            literal(b"ab") + copy(8, 0)[:-1],
            literal(b"") + literal(b"0123456789"),
            copy(0, 0) + literal(b"0123456789"),
            copy(8, 1) + literal(b"ab"),
            copy(1, 8) + literal(b"0123456789"),
            copy(1, 0xFFFFFFFF) + literal(b"012345678"),
            copy(8, 0)[:-1],
            copy(8, 0) + b"\x80\x00",
            literal(b"0123456789") + b"\x00",
            struct.pack(">I", 0x80010001) + bytes(65_537),
        ):
            refused(ImageError, pieces, home, steps)
        refused(ImageError, pieces, home, literal(bytes(65_536)) + literal(b"ab"), 65_537)
        assert len(pieces(home, literal(bytes(65_536)), 65_536)) == 65_536
        good = delta(OLD, NEW)
        for bad in (
            b"",
            good[: HEAD_BYTES - 1],
            b"TWI1" + good[4:],
            good[:68] + bytes(4),
            good[:68] + b"\x00\x40\x00\x07",
        ):
            write(home.folder + "/bad.twd", bad)
            refused(ImageError, Delta, home.folder + "/bad.twd")
        if LONG:
            refused(ImageError, pieces, home, literal(b"x") * 65_537, 65_537)


def test_an_image_longer_than_was_said_is_refused_at_once():
    with Home(OLD) as home:
        digest = home.watch.send(NEW + b"x")
        refused(ImageError, finish, home.watch.updates.looking(digest))


def test_another_image_under_the_agreed_hash():
    """The head that the wearer was asked about is gone when the file is whole."""
    other = image(contents(1_500), f4=5)
    with Home(OLD) as home:
        updates, digest = home.watch.updates, sha256(other)
        first = packed(cast().signed(statement(body(contents(1_500)), f4=6)), body(contents(1_500)))
        assert len(first) == len(other)
        home.watch.send(first, digest=digest)
        finish(updates.looking(digest))
        write(home.folder + "/update.part", other)
        refused(ImageError, finish, updates.installing())
        assert home.watch.slots.record().active == 0


def test_names_that_are_taken_by_folders():
    with Home(OLD) as home:
        home.watch.send(NEW)
        os.remove(home.folder + "/update.part")
        os.mkdir(home.folder + "/update.part")
        write(home.folder + "/update.part/x", b"")
        refused(WriteError, home.watch.updates.clear)
        os.remove(home.folder + "/update.part/x")
        os.rmdir(home.folder + "/update.part")
        os.mkdir(home.folder + "/b.twi")
        write(home.folder + "/b.twi/x", b"")
        refused(WriteError, home.watch.update, NEW)
        assert home.watch.slots.record().states[0] == PROVED and home.watch.updates.state(sha256(NEW)) == (COMING, 100)


def test_an_old_image_that_is_gone_is_an_error():
    with Home(OLD) as home:
        digest = home.watch.send(delta(OLD, NEW))
        os.remove(home.folder + "/a.twi")
        refused(CorruptError, finish, home.watch.updates.looking(digest))
        assert home.watch.updates.state(digest) == (COMING, 100)


class Unreadable:
    """A flash whose read number `at` fails, once."""

    def __init__(self, chip, at):
        self.chip, self.at, self.count, self.plain = chip, at, 0, chip.read

    def __enter__(self):
        self.chip.read = self
        return self

    def __exit__(self, *error):
        self.chip.read = self.plain

    def __call__(self, address, into):
        self.count += 1
        if self.count - 1 == self.at:
            raise OSError(5)
        self.plain(address, into)


def failing_reads(name, data, work, fresh):
    """Let each read of `work` fail; what it raises is an error of the storage, and nothing is gone."""
    at = tried = told = 0
    while True:
        home = fresh()
        with home:
            digest = home.watch.send(data)
            with Unreadable(home.flash.disk, at) as flash:
                try:
                    work(home, digest)
                    good = True
                except StorageError:
                    good, told = False, told + 1
            if flash.count <= at:
                break
            home.remount()
            home.restart()
            assert good or home.watch.updates.incoming.whole, "the parts are still there"
            assert read(home.folder + "/a.twi") == OLD
        at, tried = at + (1 if LONG else 9), tried + 1
    print("NOTE R5, %s: %d read errors, %d told, the others did no harm" % (name, tried, told))
    assert told


def test_a_read_error_is_never_not_there():
    def look(home, digest):
        finish(home.watch.updates.looking(digest))

    def resume(home, digest):
        home.watch.updates.resume()
        assert home.watch.updates.incoming.digest == digest

    failing_reads("image is looked at", NEW, look, lambda: Home(OLD))
    failing_reads("delta is looked at", delta(OLD, NEW), look, lambda: Home(OLD))
    failing_reads("a start finds what was coming", NEW, resume, lambda: Home(OLD))


def test_reads_of_single_steps():
    """The same for steps that begin with a file whose blocks nobody has read yet."""
    with Home(OLD) as home:
        home.watch.send(delta(OLD, NEW))
        work, part = Work(), home.watch.places.part
        one, whole, folder = Delta(part), Image(home.watch.places.slot(0)), Delta(part)
        os.mkdir(home.folder + "/folder")
        folder.path = home.folder + "/folder"
        refused(CorruptError, finish, folder.expecting_whole(b"", work))
        for step in (
            lambda: files.size(part),
            home.watch.updates.resume,
            lambda: Delta(part),
            lambda: Image(home.watch.places.slot(0)),
            lambda: finish(one.starting(home.watch.places.slot(0), work, 100)),
            lambda: finish(one.expecting_whole(b"", work)),
            lambda: finish(whole.checking(work)),
            home.watch.updates._start,
            home.watch.places.free_bytes,
        ):
            home.remount()
            with Gone(home):
                refused(CorruptError, step)


def test_a_note_that_cannot_be_read_is_no_missing_note():
    with Home(OLD) as home:
        home.watch.send(NEW)
        os.remove(home.folder + "/update.note")
        os.mkdir(home.folder + "/update.note")
        refused(CorruptError, home.watch.updates.resume)


class Gone:
    """A flash that cannot be read at all."""

    def __init__(self, home):
        self._chip = home.flash.disk

    def __enter__(self):
        self._plain, self._chip.read = self._chip.read, self._fail

    def __exit__(self, *error):
        self._chip.read = self._plain

    def _fail(self, address, into):
        raise OSError(5)


def test_the_first_part_is_taken_with_its_note_or_not_at_all():
    at = 0
    while True:
        with Home(OLD) as home:
            home.flash.supply.operations, home.flash.supply.fault = 0, Fail(at, "error")
            try:
                home.watch.updates.take(sha256(NEW), 0, len(NEW), NEW[:100])
                good = True
            except StorageError:
                good = False
            home.flash.supply.fault = None
            assert home.restart().updates.incoming.held in (0, 100)
            assert good is False or home.watch.updates.incoming.held == 100
            if home.flash.supply.operations <= at:
                break
        at += 1
    assert at > 3
