"""boot.py: which slot it takes, what it mounts, and what it never runs."""

import sys

import micropython

from tests.firmware.update.boot_kit import (
    BLANK,
    CRASH,
    GOOD,
    SAID,
    TEXT,
    UNWELL,
    Machine,
    Partition,
    Started,
    Waits,
    flash,
    image,
    packed,
    sector,
    start,
)
from watch.update.slots import EMPTY, FAILED, PROVED, TRIAL

OLD, NEW = image("old", GOOD), image("new", GOOD)
MARKS = 256


def names(on, count):
    """Which systems the next starts run."""
    return [start(on).name for _ in range(count)]


def two(states=(PROVED, PROVED), active=1, marks=b"", tries=2, new=NEW):
    """A flash with both systems."""
    record = packed(5, active, states, tries, (len(OLD), len(new)))
    return flash({"/a.twi": OLD, "/b.twi": new}, sector(record, marks) + BLANK)


def test_a_proved_system_starts_and_its_starts_are_marked():
    on = two()
    assert names(on, 3) == ["new"] * 3
    assert on.slots.image[MARKS : MARKS + 4] == b"\0\0\0\xff"


def test_a_system_on_trial_has_its_tries():
    for tries in (1, 2, 5):
        on = two((PROVED, TRIAL), tries=tries, new=image("new", UNWELL))
        assert names(on, tries + 2) == ["new"] * tries + ["old"] * 2, tries
        assert on.record().states == [PROVED, FAILED]


def test_three_crashes_in_a_row_bring_the_other_one_back():
    bad = image("new", CRASH)
    assert names(two(new=bad), 5) == ["new"] * 3 + ["old"] * 2
    on = two(new=bad, marks=b"\x7f\x7f\0")
    assert names(on, 4) == ["new"] * 3 + ["old"], "one that came up starts the count anew"
    on = two(states=(EMPTY, PROVED), new=bad)
    assert names(on, 5) == ["new"] * 5, "there is nothing else"
    on = two(states=(FAILED, PROVED), new=bad)
    assert names(on, 5) == ["new"] * 5, "the other one was given up already"


def test_each_start_is_watched():
    del Machine.watched[:]
    names(two(), 3)
    assert Machine.watched == [120_000] * 3


def _refused(*arguments):
    raise OSError(-261)


def test_a_flash_that_takes_no_mark_has_no_watchdog():
    """It could only be reset for ever: nothing counts its starts."""
    del Machine.watched[:]
    Partition.writeblocks = _refused
    try:
        assert names(two(), 1) == ["new"] and not Machine.watched
    finally:
        del Partition.writeblocks


def test_a_soft_reset_is_no_start():
    on = two((PROVED, TRIAL), new=image("new", CRASH))
    del Machine.watched[:]
    Machine.cause = Machine.SOFT_RESET
    try:
        assert names(on, 4) == ["new"] * 4
    finally:
        Machine.cause = Machine.PWRON_RESET
    assert on.slots.image[MARKS] == 0xFF and not Machine.watched


BAD_IMAGES = (
    b"",
    b"TWI1",
    b"TWI2" + NEW[4:],
    NEW[:-1],
    NEW + b"\0",
    b"TWI1\xff\xff" + NEW[6:],
    NEW.replace(b"main.py", b"niam.py"),
    NEW.replace(b"main.py ", b"main.py\xff"),
    NEW[:7] + b"99999999" + NEW[15:],
    NEW[:7] + b"-0000001" + NEW[15:],
    NEW[:7] + b"0000000x" + NEW[15:],
    NEW[:7] + b"00000020" + NEW[15:],
)


def test_a_file_that_is_no_image_is_left_for_the_other_one():
    for number, bad in enumerate(BAD_IMAGES):
        slots = sector(packed(5, 1, (PROVED, PROVED), 2, (len(OLD), len(NEW)))) + BLANK
        on = flash({"/a.twi": OLD, "/b.twi": bad}, slots)
        assert names(on, 1) == ["old"], number
        assert on.record().states == [PROVED, FAILED]
        blank = flash({"/b.twi": OLD, "/a.twi": bad})
        assert names(blank, 1) == ["old"] or number in (3, 4), (number, "without a record its length is not known")


def test_without_a_record_the_first_that_mounts_is_taken_and_written_down():
    on = flash({"/a.twi": OLD, "/b.twi": NEW}, 2 * sector(b"TWS1 damaged"))
    assert names(on, 1) == ["old"]
    record = on.record()
    assert (record.sequence, record.active, record.states) == (1, 0, [PROVED, PROVED])
    on = flash({"/a.twi": image("old", CRASH), "/b.twi": NEW})
    assert names(on, 5) == ["old"] * 3 + ["new"] * 2, "one that only crashes is not the end"


def test_an_empty_slot_is_never_started():
    on = flash({"/b.twi": NEW}, sector(packed(5, 0, (PROVED, EMPTY), 2, (len(OLD), len(NEW)))) + BLANK)
    assert isinstance(start(on).error, Waits)


def test_if_nothing_mounts_it_says_what_to_do_and_stays():
    del SAID[:]
    ran = start(flash({"/main.py": b"raise ValueError('planted')"}))
    assert isinstance(ran.error, Waits) and ran.name is None
    assert len(SAID) == 1 and "tapwatch flash --keep-state" in SAID[0]


class Deaf:
    """A partition that fails as it is told."""

    def __init__(self, partition, fails):
        self._partition, self._fails = partition, fails

    def readblocks(self, *arguments):
        if self._fails == "read":
            raise OSError(-261)  # ESP_ERR_INVALID_STATE and the like: codes of ESP-IDF are negative
        return self._partition.readblocks(*arguments)

    def writeblocks(self, *arguments):
        if self._fails == "write":
            raise RuntimeError("a flash that is not there")
        return self._partition.writeblocks(*arguments)


def test_whatever_is_raised_it_does_not_go_back_to_the_port():
    """The port runs no main.py behind a boot.py that raised, and opens its REPL."""
    for fails in ("read", "write", "gone"):
        found = Partition.find
        Partition.find = classmethod(lambda cls, kind, label: _deaf(cls, fails))
        del SAID[:]
        try:
            ran = start(two())
        finally:
            Partition.find = found
        assert isinstance(ran.error, Waits) and ran.name is None, (fails, ran.error)
        assert len(SAID) == 1 and "tapwatch flash --keep-state" in SAID[0], SAID


class Pressed:
    """The module `micropython` in whose `kbd_intr` something is raised, as at the first branch behind it."""

    const = micropython.const

    def __init__(self, kind):
        self._kind = kind

    def kbd_intr(self, character):
        raise self._kind


def test_ctrl_c_that_came_before_the_first_line_is_dropped():
    """The port has opened it; tests/host/flashing/test_first_lines.py shows where it is raised."""
    for kind in (KeyboardInterrupt, RuntimeError):
        sys.modules["micropython"], ran = Pressed(kind), None
        try:
            ran = start(two())
        finally:
            sys.modules["micropython"] = micropython
        assert ran.name == ("new" if kind is KeyboardInterrupt else None), (kind, ran.name, ran.error)


def test_a_main_py_that_is_no_program_is_no_system():
    """The port would open its REPL; the other slot is started, and without one it waits."""
    for wrong in (b"def run(:\n", b"run(\n", b"  x\n y\n", b"\x00\xff\xfe(", b"return 1\n"):
        on = flash({"/a.twi": OLD, "/b.twi": image("new", wrong)}, sector(packed(5, 1, (PROVED, PROVED))) + BLANK)
        assert names(on, 2) == ["old"] * 2, wrong
        assert isinstance(start(flash({"/a.twi": image("old", wrong)})).error, Waits), wrong


def test_main_py_is_read_before_it_is_chosen():
    """A flash that fails from then on does not lead to the port."""
    with Started(two()) as left:
        left["vfs"].umount("/")  # all files of the flash are gone
        with open("/slot/main.py") as file:
            assert file.read().startswith("# new")


def test_what_is_said_may_fail_too():
    """No memory for the text, or a port that takes none: it waits all the same, and tries again."""
    del SAID[:]
    tried = []

    def say(*words):
        tried.append(words)
        if len(tried) < 4:
            raise (MemoryError, OSError, RuntimeError)[len(tried) - 1]
        raise Waits

    assert isinstance(start(flash({}), say=say).error, Waits)
    print("NOTE boot: %d tries to say why nothing starts, none led back to the port" % len(tried))
    assert len(tried) == 4


def _deaf(cls, fails):
    return [] if fails == "gone" else [Deaf(cls.found[0], fails)]


PLANTED = b"import witness\nwitness.shown.append('PLANTED ' + __name__)\nraise ValueError\n"
SHADOWS = ("os", "io", "struct", "binascii")
"""Modules of the port for which it takes a file of that name, if there is one on the path."""
MODULES = {"deep/__init__.py": b"", "deep/in_it.py": b"TEXT = 'from the image'\n"}
USES = b"import os, deep.in_it\nwitness.show(deep.in_it.TEXT)\n"


def planted():
    """A flash full of files that would be run if anything but the image were on the path."""
    files = {"/a.twi": image("old", GOOD + USES, MODULES.items()), "/boot.mpy": b"M\x06", "/boot": PLANTED}
    for name in SHADOWS + ("time", "esp32", "machine", "vfs", "micropython", "sys", "main", "facts", "watch", "deep"):
        files["/%s.py" % name] = files["/lib/%s.py" % name] = PLANTED
    for path in ("/watch/__init__.py", "/lib/watch/__init__.py", "/deep/__init__.py", "/deep/in_it.py"):
        files[path] = PLANTED
    return flash(files, blocks=64)


class WithoutModules:
    """The modules that a start finds are those of the watch: what the tests have loaded is put aside."""

    NAMES = SHADOWS + ("vfs", "watch", "main", "facts", "deep", "deep.in_it")

    def __enter__(self):
        self._aside = {name: sys.modules.pop(name, None) for name in self.NAMES}

    def __exit__(self, *error):
        for name, module in self._aside.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def test_nothing_planted_is_ever_imported():
    on = planted()
    with WithoutModules():
        ran = start(on)
        assert not can_import(on, "watch"), "it is not in this image"
    assert ran.witness.shown == ["old", "from the image"], (ran.witness.shown, ran.error)


def test_a_boot_py_that_leaves_the_root_on_the_path_is_noticed():
    late = TEXT.replace('    sys.path[:] = (".frozen",)', "    pass")
    with WithoutModules():
        ran = start(planted(), compile(late, "boot.py", "exec"))
    assert ran.witness.shown[0] in ["PLANTED " + name for name in SHADOWS], ran.witness.shown


def can_import(on, name):
    """True if a module is found once boot.py has run."""
    with Started(on):
        try:
            __import__(name)
            return True
        except ImportError:
            return False


LARGE = bytes([n * 7 & 0xFF for n in range(9000)])
CONTENT = {"a/b/c.bin": b"", "a/small": b"123456", "a/large": LARGE, "long.py": b"X = 1\n" * 2000, "z": b"end"}
READ = b"""
import os, errno
def fails(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as error:
        return error.errno == number
assert [os.stat(path)[0] for path in ("/slot", "/slot/a", "a/b", "a/small", "main.py")] == [16384] * 3 + [32768] * 2
assert os.stat("/slot/a/large")[6] == 9000 and os.stat("a/b/c.bin")[6] == 0
for path in ("/slot/none", "/slot/a/smal", "a/small/x", "mall", " ", "a/small 0", "/slot/mai"):
    assert fails(errno.ENOENT, os.stat, path) and fails(errno.ENOENT, open, path), path
for mode in ("w", "a", "r+", "wb", "x"):
    assert fails(30, open, "z", mode), mode
assert fails(30, open, "a")
with open("a/small", "rb") as small, open("/slot/a/large", "rb") as one, open("a/large", "rb") as other:
    assert small.read() == b"123456"
    assert one.read(3) == bytes((0, 7, 14))
    assert other.seek(8998) == 8998 and other.read(50) == bytes((8998 * 7 & 255, 8999 * 7 & 255))
    assert other.read(1) == b""
    assert one.read(2) == bytes((21, 28))
    into = bytearray(4)
    assert one.readinto(into) == 4 and into == bytes((35, 42, 49, 56))
    assert one.readinto(into, 2) == 2 and into == bytes((63, 70, 49, 56))
    one.seek(8999)
    assert one.readinto(into) == 1 and one.readinto(into) == 0
    assert one.seek(9500) and one.read() == b""
    one.seek(0)
    assert len(one.read()) == 9000
import long
assert long.X == 1
witness.show("all well")
"""


def test_the_image_is_a_file_system():
    on = flash({"/a.twi": image("old", GOOD + READ, CONTENT.items())})
    ran = start(on)
    sys.modules.pop("long", None)
    if ran.error:
        raise ran.error
    assert ran.witness.shown == ["old", "all well"]


def test_only_the_image_is_on_the_path():
    on = two()
    with Started(on) as left:
        assert sys.path == ["/slot", ".frozen"], sys.path
        assert left["__name__"] == "__main__"


def test_an_import_reads_each_byte_about_once():
    """Files of littlefs would be read eight bytes at a time, and found anew for each name that is tried."""
    module = b"# " + 30 * b"forty bytes of a comment in a module..\n# " + b"\nX = 1\n"
    count = 12
    files = {"pack/m%d.py" % number: module for number in range(count)}
    files["pack/__init__.py"] = b"".join([b"import pack.m%d\n" % number for number in range(count)])
    on = flash({"/a.twi": image("old", GOOD, files.items())}, blocks=16)
    try:
        with Started(on):
            before = on.disk.bytes_read, on.disk.reads
            __import__("pack")
            bytes_read, reads = on.disk.bytes_read - before[0], on.disk.reads - before[1]
    finally:
        for name in ["pack"] + ["pack.m%d" % number for number in range(count)]:
            sys.modules.pop(name, None)
    total = sum([len(text) for text in files.values()])
    print("NOTE boot: %d bytes of modules are imported in %d reads of %d bytes" % (total, reads, bytes_read))
    assert bytes_read < 2 * total, (bytes_read, total)
