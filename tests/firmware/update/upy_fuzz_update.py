"""What comes as an update, damaged and invented: heads, indexes, deltas, parts, notes and records of the floor."""

import io
import os
import random

from tests.firmware.update.image_kit import Home, Sealed, body, contents, delta, image, read, write
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_value, noise
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.kernel.errors import ImageError, InputError, SealError, StorageError, UpdateError
from watch.kernel.steps import finish
from watch.update import index
from watch.update.delta import Delta
from watch.update.floor import Floor
from watch.update.head import Head
from watch.update.image import Image
from watch.update.statement import Statement
from watch.update.work import Work

SHARE = "flash and update"
FOLDER = "build/tests/update_fuzz" + os.getenv("PYTEST_XDIST_WORKER", "")
OLD = image(contents(600), f2=[1, 0, 0])
NEW = image(contents(1_500))


def home():
    for folder in ("build", "build/tests", FOLDER):
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there
    return FOLDER


def test_heads():
    random.seed(20261123)
    head = NEW[: Head(NEW).body_at]

    def take(data):
        found = Head(data)
        assert found.body_at <= 4102 and found.statement.floor <= found.statement.version

    share = Campaign("heads of images", take, ImageError).run(lambda: mutated(head), 1_000)
    assert share < 0.9


def test_statements():
    random.seed(20261124)
    good = cbor.decode(Head(NEW).statement.payload, 2, 9)

    def take(fields):
        found = Statement(cbor.encode(fields))
        assert found.floor <= found.version and len(found.body_hash) == 32

    def make():
        while True:
            fields = mutated_value(good)
            try:
                cbor.encode(fields)
                return fields
            except InputError:
                continue  # no encoder makes such a one

    share = Campaign("statements about images", take, ImageError).run(make, 1_000)
    assert 0.01 < share < 0.9


def test_indexes():
    """Whatever is taken is a list of files that fill the body."""
    random.seed(20261125)
    data = body(contents(300))
    size = int(data[:8])

    def take(changed):
        finish(index.checking(io.BytesIO(changed), len(data), "lilygo_twatch_ultra"))
        end = 0
        for line in changed[9 : int(changed[:8])].split(b"\n")[:-1]:
            path, at, length = line.split(b" ")
            assert path[:1] != b"/" and b".." not in path.split(b"/") and end in (0, int(at))
            end = int(at) + int(length)
        assert end == len(data)

    share = Campaign("indexes of images", take, ImageError).run(lambda: mutated(data[:size]) + data[size:], 1_000)
    assert share < 0.9


def test_images():
    """A whole file is what its statement says, or is refused; the signatures are tried by upy_image_flips.py."""
    random.seed(20261126)
    path, work = home() + "/one.twi", Work()

    def take(data):
        write(path, data)
        assert finish(Image(path).checking(work)) == sha256(data)

    share = Campaign("images", take, ImageError, heap_bytes=4_096).run(lambda: mutated(NEW), 200, 20)
    assert share < 0.5


def test_deltas():
    """What a delta makes is what its head says, or it is refused and nothing is left."""
    random.seed(20261127)
    folder, work, good = home(), Work(), delta(OLD, NEW)
    base, path, made = folder + "/a.twi", folder + "/one.twd", folder + "/new.twi"
    write(base, OLD)

    def take(data):
        write(path, data)
        one = Delta(path)
        try:
            assert len(finish(one.starting(base, work, 100))) <= 100
            finish(one.making(base, made, work))
        except ImageError:
            try:
                os.stat(made)
            except OSError:
                raise ImageError
            raise AssertionError("something is left")
        assert read(made) == NEW and one.length == len(NEW)
        os.remove(made)

    share = Campaign("deltas", take, ImageError, heap_bytes=4_096).run(lambda: mutated(good), 150, 20)
    assert share < 0.5


def test_steps_of_deltas():
    """The head is right: only the form of the steps, and so their result, can be wrong."""
    random.seed(20261128)
    folder, work, good = home(), Work(), delta(OLD, NEW)
    path = folder + "/one.twd"
    write(path, good)
    reader = Delta(path)

    def take(steps):
        made = b""
        for count in reader._pieces(io.BytesIO(steps), io.BytesIO(OLD), len(OLD), work):
            made += work.buffer[:count]
            assert len(made) <= len(NEW)
        assert len(made) == len(NEW)

    share = Campaign("steps of deltas", take, ImageError, heap_bytes=4_096).run(lambda: mutated(good[72:]), 1_000)
    assert 0.001 < share < 0.9


def test_parts_in_any_order():
    """Against a model of a few lines: what is held is what was sent, in order, of the last one that began."""
    random.seed(20261129)
    files = [noise(random.randrange(1, 700)) for _ in range(3)]
    with Home(OLD) as at:
        model = [None, b""]

        def take(step):
            data, offset, count, total = step
            updates, digest = at.watch.updates, sha256(data)
            part = data[offset : offset + count]
            try:
                held = updates.take(digest, offset, total, part)
            except InputError:
                assert updates.incoming.held == len(model[1])
                raise
            if offset == 0:
                model[:] = [digest, b""]
            model[1] += part
            assert held == len(model[1]) == updates.incoming.held and model[0] == updates.incoming.digest
            assert read(at.folder + "/update.part") == model[1]
            if not random.getrandbits(4):
                at.restart()
                assert at.watch.updates.incoming.held == len(model[1])

        def make():
            data = random.choice(files)
            offset = random.choice((0, len(model[1]), len(model[1]), random.randrange(700)))
            return data, offset, random.randrange(300), random.choice((len(data), len(data), 5, 1 << 23, 0))

        share = Campaign("parts of updates", take, InputError, heap_bytes=8_192).run(make, 500, 50)
        assert 0.05 < share < 0.95


def test_notes_on_flash():
    random.seed(20261130)
    with Home(OLD) as at:
        at.watch.send(NEW)
        note = read(at.folder + "/update.note")

        def take(data):
            write(at.folder + "/update.note", data)
            at.watch.updates.resume()
            incoming = at.watch.updates.incoming
            assert (incoming.held == len(NEW) <= incoming.total) if incoming.digest else not incoming.held

        Campaign("notes of updates", take, StorageError, heap_bytes=4_096).run(lambda: mutated(note), 300, 100)


def test_records_of_the_floor():
    random.seed(20261201)

    def take(value):
        found = Floor(Sealed({0x0700: value})).read()
        assert len(found) == 3 and all(0 <= one <= 9999 for one in found)

    share = Campaign("floors", take, SealError).run(lambda: mutated_value([1, 2, 3]), 1_000)
    assert 0.01 < share < 0.9


def test_whole_courses():
    """Whatever comes: it ends with a declared error and nothing changed, or it is signed and the slot is switched."""
    random.seed(20261202)
    good = (NEW, delta(OLD, NEW))
    with Home(OLD) as at:

        def take(data):
            watch = at.restart()
            try:
                watch.update(data)
            except UpdateError:
                assert watch.slots.record().active == 0 and read(at.folder + "/a.twi") == OLD
                raise
            raise AssertionError("taken: %r" % data)

        def make():
            data = random.choice(good)
            while True:
                changed = mutated(data)
                if changed[:72] != data[:72] or len(changed) != len(data):
                    return changed

        Campaign("updates", take, UpdateError, most_ms=200, heap_bytes=8_192).run(make, 100, 200)
