"""R7: no image with a flipped bit, of another length, older, by another key or for another watch is accepted.

The hash of the body and the form of the head come before the signatures, so that few of these cost a verification. The
short form takes one bit of each byte of the head and of every eighth one of the body, the long one (TAPWATCH_LONG)
every bit.
"""

import json
import os

from tests.firmware.update.image_kit import (
    Sealed,
    Watch,
    body,
    cast,
    contents,
    image,
    packed,
    statement,
    write,
)
from tests.firmware.update.nor_disk import Chip, Supply
from watch.crypto.hashes import equal, sha256
from watch.kernel.errors import UpdateError
from watch.kernel.steps import finish
from watch.update import image as image_file
from watch.update.check import System
from watch.update.head import Head
from watch.update.image import Image
from watch.update.statement import version_of
from watch.update.work import Work

SHARE = "flash and update"
LONG = bool(os.getenv("TAPWATCH_LONG"))
BITS = 8 if LONG else 1
STRIDE = 1 if LONG else 8
"""Bytes of the body from one that is changed to the next."""
FOLDER = "build/tests/update" + os.getenv("PYTEST_XDIST_WORKER", "")
FILE = FOLDER + "/image.twi"
WHOLE_BYTES = 4096


def made_folder():
    for folder in ("build", "build/tests", FOLDER):
        try:
            os.mkdir(folder)
        except OSError:
            pass  # it is there


class Judge:
    """All that the watch asks of an image, and how often it came to a signature."""

    def __init__(self, watch=None):
        made_folder()
        self.watch = watch or Watch(FOLDER, Chip(Supply(), 2))
        self.work, self.verified = Work(), 0
        judging = self.watch.check.signers.judging

        def counted(head):
            self.verified += 1
            return judging(head)

        self.watch.check.signers.judging = counted

    def accepts(self):
        """True if the image in the file would be installed."""
        try:
            finish(self.watch.check.image(Image(FILE), self.work))
        except UpdateError:
            return False
        return True

    def takes(self, data):
        write(FILE, data)
        return self.accepts()


def four_kb():
    """An image of 4,096 bytes by one signer, for development."""
    small = len(image(contents(2000)))
    found = image(contents(2000 + WHOLE_BYTES - small))
    return found if len(found) == WHOLE_BYTES else image(contents(2000 + 2 * WHOLE_BYTES - small - len(found)))


def flipped(judge, whole):
    """Flip bits, one at a time; the number of those tried, and the places of those accepted."""
    write(FILE, whole)
    tried, accepted = 0, []
    head_bytes = Head(whole).body_at
    with open(FILE, "r+b") as file:
        for at in list(range(head_bytes)) + list(range(head_bytes, len(whole), STRIDE)):
            for turn in range(BITS):
                put(file, at, whole[at] ^ 1 << (at + turn) % 8)
                tried += 1
                if judge.accepts():
                    accepted.append(at)
            put(file, at, whole[at])
    return tried, accepted


def put(file, at, byte):
    file.seek(at)
    file.write(bytes((byte,)))


def test_no_flipped_bit_is_accepted():
    judge, whole = Judge(), four_kb()
    assert len(whole) == WHOLE_BYTES and judge.takes(whole)
    judge.verified = 0
    tried, accepted = flipped(judge, whole)
    assert not accepted and judge.accepts()
    what = "%d of %d tried, %d came to a signature" % (tried, 8 * len(whole), judge.verified)
    print("NOTE R7: image of %d bytes with one flipped bit: %s, %d accepted" % (len(whole), what, len(accepted)))


def test_no_other_length_is_accepted():
    judge, whole = Judge(), four_kb()
    step = 1 if LONG else 11
    tried = 0
    for length in range(0, len(whole), step):
        assert not judge.takes(whole[:length]), length
        tried += 1
    for more in range(1, 4097, step * 8):
        for fill in (b"\x00", b"\xff"):
            assert not judge.takes(whole + fill * more), more
            tried += 1
    print("NOTE R7: image cut short and extended, %d lengths tried, 0 accepted" % tried)


def test_no_other_watch_and_no_other_signer():
    judge, data = Judge(), body(contents())
    first, second, third = cast().signed(statement(data, f5="release"), (0, 1, 2))
    strange = [
        cast().certify(cast().stranger, 9, signer=cast().stranger),
        cast().stranger.sign("tapwatch/system", statement(data)),
    ]
    other = cast().signed(statement(data, f5="release", f4=1), (1,))
    cases = (
        ("older than what runs", image(f2=[0, 9, 9999], f3=[0, 0, 0])),
        ("another board", image(contents(board="waveshare_amoled_206"), f1="waveshare_amoled_206")),
        ("another processor", image(f9="x64")),
        ("release, one of two", packed([first], data)),
        ("release, one key twice", packed([first, first], data)),
        (
            "release, one key with two certificates",
            packed([first, [cast().certify(cast().keys[0], 7), first[1]]], data),
        ),
        ("release, two that say different things", packed([first, other[0]], data)),
        ("release, a third that is bad", packed([first, second, [third[0], second[1]]], data)),
        ("a stranger", packed([strange], data)),
        (
            "the root itself",
            packed(
                [[cast().certify(cast().root, 8, role="device"), cast().root.sign("tapwatch/system", statement(data))]],
                data,
            ),
        ),
        ("another kind of envelope", packed(cast().signed(statement(data), kind="tapwatch/app"), data)),
        ("nobody", packed([], data)),
        ("four", packed([first, second, third, first], data)),
    )
    for name, bad in cases:
        assert not judge.takes(bad), name
    good = (
        image(),
        image(signers=(2,)),
        packed([first, second], data),
        packed([third, first], data),
        packed([first, second, third], data),
    )
    for one in good:
        assert judge.takes(one)
    released = Judge(Watch(FOLDER, Chip(Supply(), 2), posture="release"))
    assert not released.takes(image(signers=(0, 1))) and released.takes(packed([first, second], data))
    floored = Judge(Watch(FOLDER, Chip(Supply(), 2), sealed=Sealed({0x0700: [1, 1, 1]})))
    assert not floored.takes(image()) and floored.takes(image(f2=[1, 1, 1]))
    print("NOTE R7: images by others, for others and older: %d tried, 0 accepted" % (len(cases) + 2))


def test_a_watch_that_lies_is_noticed():
    """The campaign can fail: checks that say yes to everything let flipped bits through."""
    judge, whole = Judge(), image()
    changed = bytearray(whole)
    changed[-1] ^= 1
    plain = image_file.equal
    try:
        image_file.equal = lambda one, other: True
        assert judge.takes(changed), "a body that nobody compares with its hash"
    finally:
        image_file.equal = plain
    assert not judge.takes(changed)
    data = body(contents())
    unsigned = packed([[cast().certificates[0], cast().keys[1].sign("tapwatch/system", statement(data))]], data)
    assert not judge.takes(unsigned)
    judge.watch.check.signers.judging = lambda head: iter(())
    assert judge.takes(unsigned), "signatures that nobody looks at"


def test_forms_that_a_statement_may_not_have():
    data = body(contents())
    good = statement(data)
    for key, values in (
        (1, (7, "", "x" * 33, None)),
        (2, ([1, 0], [1, 0, 0, 0], [1, 0, 10_000], [1, 0, -1], [1, 0, True], "1.0.0")),
        (3, ([1, 1, 1], [2, 0, 0], [1], None)),
        (4, (-1, 1 << 48, "now", True)),
        (5, ("debug", "", 1)),
        (6, (len(data) + 1, len(data) - 1, -1, 4_190_209, True)),
        (7, (bytes(31), bytes(33), "x" * 32)),
        (8, (bytes(31), None)),
        (9, (1, "", "x64")),
    ):
        for value in values:
            fields = dict(good)
            fields[key] = value
            write_and_refuse(fields, data, (key, value))
    more, less, other = dict(good), dict(good), dict(good)
    more[10] = 0
    other["1"] = less.pop(9) and other.pop(1)
    for fields in (more, less, other, [1], None):
        write_and_refuse(fields, data, fields)


def write_and_refuse(fields, data, what):
    assert not Judge().takes(packed(cast().signed(fields), data)), what


def test_forms_that_an_index_may_not_have():
    judge, files = Judge(), contents(20)
    good = body(files)
    size = int(good[:8])
    text, rest = good[9:size], good[size:]

    def takes(index):
        data = b"%08d\n" % (9 + len(index)) + index + rest
        return judge.takes(packed(cast().signed(statement(data)), data))

    assert takes(text)
    lines = text.split(b"\n")[:-1]
    for name, index in (
        ("unsorted", b"\n".join([lines[1], lines[0]] + lines[2:]) + b"\n"),
        ("twice", b"\n".join([lines[0]] + lines) + b"\n"),
        ("no last newline", text[:-1]),
        ("a hole", text.replace(b"facts.py ", b"facts.py 1")),
        ("past the end", text[:-3] + b"99\n"),
        ("leading zero", text.replace(b" 20\n", b" 020\n")),
        ("no number", text.replace(b" 20\n", b" 2x\n")),
        ("negative", text.replace(b" 20\n", b" -1\n")),
        ("leading slash", text.replace(b"watch/", b"/watch")),
        ("upwards", text.replace(b"watch/a", b"wat/../")),
        ("a dot", text.replace(b"watch/a", b"wat/./a")),
        ("empty part", text.replace(b"watch/a", b"wat//aa")),
        ("a strange character", text.replace(b"watch/a", b"watc\\/a")),
        ("three numbers", text.replace(b"main.py ", b"main.py 1 ")),
        ("a long path", text.replace(b"watch/a", b"watch/" + b"a" * 91)),
        ("no main", text.replace(b"main.py", b"mainn.p")),
        ("no facts", text.replace(b"facts.py", b"factz.py")),
        ("no board", text.replace(b"board.mpy", b"bored.mpy")),
        ("nothing", b""),
    ):
        assert not takes(index), name
    for first in (b"00000008\n", b"00065537\n", b"99999999\n", b"0000000x\n", b"000000123", b""):
        data = first + good[9:]
        assert not judge.takes(packed(cast().signed(statement(data)), data)), first


def test_images_of_an_independent_maker():
    """Made by CPython with cbor2 and cryptography; tests/tools/image_vectors.py."""
    with open("tests/vectors/update/images.json") as file:
        vectors = json.load(file)
    watch = Watch(FOLDER, Chip(Supply(), 2), root=bytes.fromhex(vectors["root"]))
    watch.now_s = vectors["now_s"]
    judge, accepted = Judge(watch), 0
    for case in vectors["images"]:
        running = case["running"]
        version = version_of(running["version"])
        watch.sealed.values = {0x0700: running["floor"]}
        watch.check.system = System(vectors["board"], version, running["posture"], vectors["machine"])
        data = bytes.fromhex(case["image"])
        assert judge.takes(data) is case["good"], case["name"]
        assert equal(sha256(data), bytes.fromhex(case["sha256"]))
        accepted += case["good"]
    print("NOTE images of another maker: %d, %d of them good" % (len(vectors["images"]), accepted))
