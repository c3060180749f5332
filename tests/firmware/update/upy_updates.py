"""The course of an update on a littlefs: parts, question, image, switch, and what the next starts make of it."""

import gc
import os

from support.world import refused

from tests.firmware.update.image_kit import (
    FLOOR,
    HEALTHY,
    SICK,
    Home,
    Sealed,
    body,
    cast,
    contents,
    delta,
    image,
    packed,
    read,
    statement,
    write,
)
from watch.crypto.hashes import sha256
from watch.kernel.errors import (
    CorruptError,
    DeltaBaseError,
    FullError,
    ImageBoardError,
    ImageError,
    ImageSignerError,
    ImageVersionError,
    InputError,
    SealError,
    StateError,
    WriteError,
)
from watch.kernel.steps import finish
from watch.update.slots import EMPTY, FAILED, PROVED, TRIAL
from watch.update.updates import ASKED, COMING, DECLINED, RESTARTING, UNKNOWN

SHARE = "flash and update"
OLD = image(f2=[1, 0, 0])
NEW = image(contents(9_000, b"new "), f3=[1, 0, 1])
EIO = 5


def looked(watch, data):
    """Send a file and look at it; its hash."""
    digest = watch.send(data)
    finish(watch.updates.looking(digest))
    return digest


def test_a_whole_image_becomes_the_system():
    with Home(OLD) as home:
        updates = home.watch.updates
        digest = home.watch.send(NEW)
        assert updates.state(digest) == (COMING, 100)
        offer = finish(updates.looking(digest))
        assert (offer.version, offer.posture, offer.bytes) == ("1.1.0", "development", len(NEW))
        assert updates.state(digest)[0] == ASKED and not updates.wants_restart
        finish(updates.installing())
        assert updates.state(digest) == (RESTARTING, 100) and updates.wants_restart
        assert read(home.folder + "/b.twi") == NEW and sorted(os.listdir(home.folder)) == ["a.twi", "b.twi"]
        record = home.watch.slots.record()
        assert (record.active, record.states, record.tries) == (1, [PROVED, TRIAL], 2)
        assert record.lengths[1] == len(NEW) and record.digests[1] == sha256(NEW)[:8]
        start = home.restart(version=(1, 1, 0)).starts.started()
        assert (start.slot, start.on_trial, start.digest, start.given_up) == ("b", True, sha256(NEW)[:8], None)
        assert finish(home.watch.starts.confirming(HEALTHY))
        record = home.watch.slots.record()
        assert (record.active, record.states) == (1, [EMPTY, PROVED]), "the old one is below the floor"
        assert home.watch.sealed.values[FLOOR] == [1, 0, 1] and os.listdir(home.folder) == ["b.twi"]


def test_a_release_leaves_no_development_image_to_fall_back_to():
    """Else three starts that are cut off would open the REPL of a released watch."""
    for posture, left in (("release", EMPTY), ("development", PROVED)):
        with Home(OLD) as home:
            new = image(contents(9_000, b"code "), signers=(0, 1), f3=[1, 0, 0], f5=posture)
            looked(home.watch, new)
            finish(home.watch.updates.installing())
            watch = home.restart(version=(1, 1, 0), posture=posture)
            assert finish(watch.starts.confirming(HEALTHY))
            assert watch.slots.record().states == [left, PROVED], (posture, watch.slots.record().states)
            assert ("a.twi" in os.listdir(home.folder)) == (left == PROVED)


def test_a_delta_becomes_the_system():
    with Home(OLD) as home:
        new = image(contents(9_000, b"code "), f2=[1, 0, 1])
        parts = delta(OLD, new)
        assert len(parts) < len(new)
        home.watch.update(parts)
        assert read(home.folder + "/b.twi") == new and sorted(os.listdir(home.folder)) == ["a.twi", "b.twi"]
        home.restart(version=(1, 0, 1))
        assert finish(home.watch.starts.confirming(HEALTHY))
        assert home.watch.slots.record().states == [PROVED, PROVED], "the floor has not risen above it"


def test_a_system_that_fails_is_given_up_and_told():
    with Home(OLD) as home:
        home.watch.update(NEW)
        watch = home.restart(version=(1, 1, 0))
        assert not finish(watch.starts.confirming(SICK))
        assert watch.slots.record().states == [PROVED, TRIAL] and watch.sealed.writes == 0
        record = watch.slots.record()
        record.states[1], record.active = FAILED, 0  # what `boot.py` writes down
        watch.slots._change(record, 1, FAILED, record.lengths[1], record.digests[1])
        watch = home.restart()
        start = watch.starts.started()
        assert (start.slot, start.on_trial, start.given_up) == ("a", False, "1.1.0")
        assert finish(watch.starts.confirming(SICK)), "the proved one is kept whatever its devices say"
        watch.starts.told()
        assert watch.starts.started().given_up is None and watch.slots.record().states == [PROVED, EMPTY]
        watch.starts.tidy()
        assert os.listdir(home.folder) == ["a.twi"]
        watch.update(NEW)
        assert watch.slots.record().states == [PROVED, TRIAL], "it may be tried again"


def test_the_wearer_is_asked_as_soon_as_the_head_is_there():
    with Home(OLD) as home:
        updates, digest = home.watch.updates, sha256(NEW)
        refused(StateError, finish, updates.looking(digest))
        updates.take(digest, 0, len(NEW), NEW[:5])
        assert finish(updates.looking(digest)) is None
        updates.take(digest, 5, len(NEW), NEW[5:100])
        assert finish(updates.looking(digest)) is None and updates.state(digest)[0] == COMING
        updates.take(digest, 100, len(NEW), NEW[100:2000])
        assert finish(updates.looking(digest)).version == "1.1.0"
        refused(StateError, finish, updates.installing())
        assert updates.state(digest)[0] == ASKED, "the rest has to come first"
        refused(StateError, updates.take, digest, 0, len(NEW), NEW[:100])
        refused(StateError, updates.take, sha256(b""), 0, 10, b"other")
        home.watch.send(NEW)
        finish(updates.installing())
        assert updates.wants_restart
        refused(StateError, updates.take, digest, 0, len(NEW), NEW[:100])


def test_the_wearer_says_no():
    with Home(OLD) as home:
        updates = home.watch.updates
        refused(StateError, updates.decline)
        digest = looked(home.watch, NEW)
        updates.decline()
        assert updates.state(digest)[0] == DECLINED and os.listdir(home.folder) == ["a.twi"]
        refused(StateError, finish, updates.installing())
        home.watch.update(NEW)
        assert updates.wants_restart, "asked again, it may be a yes"


def test_parts_go_on_where_they_were_after_a_restart():
    with Home(OLD) as home:
        digest, incoming = sha256(NEW), home.watch.updates.incoming
        for end in (2048, 4096, 5000):
            home.watch.updates.take(digest, incoming.held, len(NEW), NEW[incoming.held : end])
            updates = home.restart().updates
            incoming = updates.incoming
            assert (incoming.digest, incoming.held, incoming.total) == (digest, end, len(NEW))
            assert updates.state(digest) == (COMING, 100 * end // len(NEW))
        assert updates.state(sha256(b"")) == (UNKNOWN, 0)
        home.watch.update(NEW)
        assert read(home.folder + "/b.twi") == NEW


def test_parts_that_do_not_fit_change_nothing():
    with Home(OLD) as home:
        digest, updates = sha256(NEW), home.watch.updates
        updates.take(digest, 0, len(NEW), NEW[:2048])
        other = sha256(b"other")
        for bad in (
            (digest, 2047, len(NEW), NEW[:1]),
            (digest, 2049, len(NEW), NEW[:1]),
            (digest, 2048, len(NEW) + 1, NEW[:1]),
            (digest, 2048, len(NEW), b""),
            (digest, 2048, len(NEW), bytes(2049)),
            (digest, len(NEW), len(NEW), b"more"),
            (digest, -1, len(NEW), b"x"),
            (digest[:31], 2048, len(NEW), b"x"),
            (other, 2048, len(NEW), b"x"),
            (other, 0, 4_194_311, b"x"),
            (other, 0, 0, b"x"),
        ):
            refused(InputError, updates.take, *bad)
            assert updates.incoming.held == 2048 and updates.incoming.digest == digest
        assert updates.take(other, 0, 10, b"other") == 5, "another one ends what was coming"
        assert home.restart().updates.incoming.digest == other
        home.watch.updates.clear()
        assert os.listdir(home.folder) == ["a.twi"] and home.watch.updates.state(other) == (UNKNOWN, 0)


def test_a_note_that_is_damaged_is_no_note():
    with Home(OLD) as home:
        home.watch.send(NEW)
        note = read(home.folder + "/update.note")
        for bad in (b"", note[:-1], note + b"x", b"TWU2" + note[4:], note[:36] + bytes(4)):
            write(home.folder + "/update.note", bad)
            assert home.restart().updates.incoming.digest == b""
        os.remove(home.folder + "/update.note")
        home.restart().starts.tidy()
        assert os.listdir(home.folder) == ["a.twi"], "nobody knows whose bytes these are"


def fails(updates, digest, error):
    """Looking at a file ends with this error, whose code becomes the state; the file is gone."""
    refused(error, finish, updates.looking(digest))
    assert updates.state(digest)[0] == error.code and not updates.incoming.digest


def test_what_this_watch_does_not_take_is_gone():
    release = image(contents(), signers=(0, 1), f5="release")
    expired, twice = (
        cast().certify(cast().keys[0], 9, until_s=1),
        cast().signed(statement(body(contents()), f5="release")),
    )
    data = body(contents())
    entries = cast().signed(statement(data))
    with Home(OLD) as home:
        for bad, error in (
            (image(contents(board="other"), f1="other"), ImageBoardError),
            (image(f9="x64"), ImageBoardError),
            (image(f2=[0, 9, 9], f3=[0, 0, 0]), ImageVersionError),
            (image(f5="release"), ImageSignerError),
            (image(signers=(0, 0), f5="release"), ImageSignerError),
            (packed(twice + [[cast().certify(cast().keys[0], 8), twice[0][1]]], data), ImageSignerError),
            (packed([[expired, entries[0][1]]], data), ImageSignerError),
            (packed([[cast().certify(cast().keys[0], 9, role="store"), entries[0][1]]], data), ImageSignerError),
            (
                packed([[cast().certify(cast().keys[0], 9, signer=cast().stranger), entries[0][1]]], data),
                ImageSignerError,
            ),
            (packed([[cast().certificates[1], entries[0][1]]], data), ImageSignerError),
            (image(signers=(0, 1)).replace(cast().certificates[1], cast().certificates[0]), ImageSignerError),
        ):
            fails(home.watch.updates, home.watch.send(bad), error)
        home.watch.update(release)
    with Home(OLD, posture="release") as home:
        fails(home.watch.updates, home.watch.send(image()), ImageBoardError)
        home.watch.update(release)
    with Home(OLD, root=b"") as home:
        fails(home.watch.updates, home.watch.send(image()), ImageSignerError)
    with Home(OLD) as home:
        home.watch.revoked = [2]
        fails(home.watch.updates, home.watch.send(image(signers=(0, 1))), ImageSignerError)
        home.watch.update(image())


def test_the_floor_holds_and_a_damaged_one_stops_everything():
    with Home(OLD, sealed=Sealed({FLOOR: [1, 1, 1]})) as home:
        fails(home.watch.updates, home.watch.send(NEW), ImageVersionError)
        for damaged in (SealError("no"), [1, 0], [1, 0, -1], "1.0.0", [1, 0, True], CorruptError("flash")):
            home.watch.sealed.values[FLOOR] = damaged
            digest = home.watch.send(NEW)
            refused(CorruptError, finish, home.watch.updates.looking(digest))
            assert home.watch.updates.state(digest)[0] == COMING, "the file is not to blame"
        home.watch.sealed.values[FLOOR] = [1, 1, 0]
        digest = looked(home.watch, NEW)
        home.watch.sealed.values[FLOOR] = SealError("since then")
        refused(SealError, finish, home.watch.updates.installing())
        assert home.watch.updates.state(digest)[0] == COMING and home.watch.slots.record().states == [PROVED, EMPTY]


def test_the_floor_only_rises():
    floor = Home(OLD, sealed=Sealed({FLOOR: [2, 0, 0]}))
    with floor as home:
        home.watch.floor.raise_to((1, 9, 9))
        home.watch.floor.raise_to((2, 0, 0))
        assert home.watch.sealed.writes == 0
        home.watch.floor.raise_to((2, 0, 1))
        assert home.watch.sealed.values[FLOOR] == [2, 0, 1]
        home.watch.sealed.values[FLOOR] = [1]
        refused(SealError, home.watch.floor.raise_to, (9, 0, 0))
        assert home.watch.sealed.writes == 1


def test_only_a_signed_image_that_runs_raises_the_floor():
    for data, version, raised in (
        (NEW, (1, 1, 0), [1, 0, 1]),
        (NEW, (1, 1, 1), None),
        (
            NEW.replace(cast().certificates[0], cast().certify(cast().keys[0], 1, signer=cast().stranger)),
            (1, 1, 0),
            None,
        ),
        (b"TWI1\x00", (1, 1, 0), None),
    ):
        with Home(data, version=version) as home:
            assert finish(home.watch.starts.confirming(HEALTHY))
            assert home.watch.sealed.values.get(FLOOR) == raised
    with Home(NEW, version=(1, 1, 0)) as home:
        home.watch.now_s = 5_000_000_000
        assert finish(home.watch.starts.confirming(HEALTHY))
        assert home.watch.sealed.values[FLOOR] == [1, 0, 1], "it was judged by the clock when it came"


def test_one_image_at_a_time_on_trial():
    with Home(OLD) as home:
        home.watch.update(NEW)
        watch = home.restart(version=(1, 1, 0))
        digest = watch.send(NEW)
        refused(StateError, finish, watch.updates.looking(digest))
        assert watch.updates.state(digest)[0] == COMING
        finish(watch.starts.confirming(HEALTHY))
        finish(watch.updates.looking(digest))


def test_a_watch_without_a_record_takes_nothing():
    with Home(OLD) as home:
        home.flash.slots.erase(0)
        refused(StateError, finish, home.watch.updates.looking(home.watch.send(NEW)))
        assert home.watch.starts.started() is None
        refused(StateError, finish, home.watch.starts.confirming(HEALTHY))


def test_a_delta_from_another_image_or_one_that_is_damaged():
    other, new = image(contents(500, b"zz"), f2=[1, 0, 0]), image(f2=[1, 2, 0])
    good = delta(OLD, new)
    unsigned = packed(
        [[cast().certificates[0], cast().stranger.sign("tapwatch/system", statement(body(contents())))]], b""
    )
    with Home(OLD) as home:
        updates = home.watch.updates
        fails(updates, home.watch.send(delta(other, new)), DeltaBaseError)
        fails(updates, home.watch.send(good, digest=sha256(b"another file")), ImageError)
        fails(updates, home.watch.send(delta(OLD, OLD[:-1])), ImageError)
        fails(updates, home.watch.send(delta(OLD, unsigned + body(contents()))), ImageSignerError)
        wrong = good[:36] + sha256(b"another result") + good[68:]
        digest = looked(home.watch, wrong)
        refused(ImageError, finish, updates.installing())
        assert updates.state(digest)[0] == ImageError.code and os.listdir(home.folder) == ["a.twi"]


def test_what_was_agreed_to_is_what_is_installed():
    with Home(OLD) as home:
        digest = looked(home.watch, NEW)
        write(home.folder + "/update.part", image(contents(9_000, b"other"), f2=[1, 1, 0])[: len(NEW)])
        refused(ImageError, finish, home.watch.updates.installing())
        assert home.watch.updates.state(digest)[0] == ImageError.code
        assert home.watch.slots.record().states == [PROVED, EMPTY]
        digest = home.watch.send(NEW, digest=sha256(b"announced as another"))
        finish(home.watch.updates.looking(digest))
        refused(ImageError, finish, home.watch.updates.installing())


def test_a_full_file_system_loses_nothing():
    with Home(OLD) as home:
        home.fill(60_000)
        refused(FullError, home.watch.send, NEW)
        assert not home.watch.updates.incoming.digest and read(home.folder + "/a.twi") == OLD
        os.remove(home.folder + "/filler")
        digest, updates = sha256(NEW), home.watch.updates
        updates.take(digest, 0, len(NEW), NEW[:2048])
        home.fill(4096)
        held = 2048
        try:
            while held < len(NEW):
                held = updates.take(digest, held, len(NEW), NEW[held : held + 2048])
        except FullError:
            pass
        assert held < len(NEW) and updates.incoming.held in (0, held), "what is held is told"
        assert home.restart().updates.incoming.held == updates.incoming.held
        os.remove(home.folder + "/filler")
        home.watch.update(NEW)
        assert read(home.folder + "/b.twi") == NEW


def test_a_delta_that_finds_no_room_may_be_tried_again():
    new = image(contents(40_000, b"code "), f2=[1, 2, 0])
    with Home(OLD) as home:
        watch = home.watch
        digest = looked(watch, delta(OLD, new))
        home.fill(24_000)
        refused(FullError, finish, watch.updates.installing())
        assert watch.updates.state(digest) == (COMING, 100) and "new.twi" not in os.listdir(home.folder)
        os.remove(home.folder + "/filler")
        finish(watch.updates.looking(digest))
        finish(watch.updates.installing())
        assert watch.updates.wants_restart and read(home.folder + "/b.twi") == new


def test_a_step_that_is_dropped_leaves_nothing_half_done():
    with Home(OLD) as home:
        digest = home.watch.send(NEW)
        for steps in range(1, 9):
            work = home.watch.updates.looking(digest)
            for _ in range(steps):
                next(work)
            work.close()
            assert home.watch.updates.state(digest) == (COMING, 100)
        finish(home.watch.updates.looking(digest))
        work = home.watch.updates.installing()
        next(work)
        work.close()
        assert home.watch.updates.state(digest) == (COMING, 100) and home.watch.slots.record().active == 0
        home.watch.update(NEW)


def heap():
    """Bytes in use."""
    gc.collect()
    return gc.mem_alloc()


def peak(course):
    """Bytes of heap that a generator has at most, above what was there."""
    before, most = heap(), 0
    for _ in course:
        most = max(most, heap() - before)
    return most


def test_checking_takes_little_memory():
    data, most, kept = contents(80_000), 0, []
    images = [image(data, f2=[1, 0, patch]) for patch in range(2)]
    with Home(OLD, sectors=96) as home:
        for patch in range(2):  # names are made in the first round
            digest = home.watch.send(images[patch])
            before = heap()
            most = max(most, peak(home.watch.updates.looking(digest)), peak(home.watch.updates.installing()))
            kept.append(heap() - before)
            finish(home.restart(version=(1, 0, patch)).starts.confirming(HEALTHY))
    assert most < 65_536 and max(kept[1:]) < 4_096, (most, kept)
    print("NOTE update: at most %d bytes of heap while 80,000 bytes are checked, %d afterwards" % (most, kept[-1]))


def test_a_part_that_the_flash_refuses_was_not_taken():
    with Home(OLD) as home:
        updates, digest = home.watch.updates, sha256(NEW)
        updates.take(digest, 0, len(NEW), NEW[:2048])
        plain = home.flash.disk.program

        def program(address, data):
            raise OSError(EIO)

        home.flash.disk.program = program
        refused(WriteError, updates.take, digest, 2048, len(NEW), NEW[2048:4096])
        home.flash.disk.program = plain
        assert updates.incoming.held in (0, 2048)
        home.restart()
        home.watch.update(NEW)
        assert read(home.folder + "/b.twi") == NEW
