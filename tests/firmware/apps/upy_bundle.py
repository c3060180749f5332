"""Bundles of an independent maker, and what is left of one when any byte of it is another: docs/bundles.md, R7."""

import json
import os

from support.bundles import CODE, WORDS, Cast, Home, content, manifest, packed, signed, write
from support.world import refused

from watch.apps.shelf import file_tree, pictures, words_file
from watch.apps.shelf.bundle import Bundle
from watch.apps.shelf.manifest import Manifest
from watch.crypto import cbor
from watch.kernel.errors import AppError, BundleError, CorruptError, SignerError, WatchError
from watch.kernel.steps import finish

FOLDER = "build/tests/bundle"
FILES = {"app.mpy": CODE, "words.cbor": cbor.encode(WORDS)}
LONG = bool(os.getenv("TAPWATCH_LONG"))
DEEP = 8 if LONG else 1
"""Bits of each byte that are flipped."""


def home():
    file_tree.removed(FOLDER)
    watch = Home(FOLDER)
    cast = Cast(watch.random)
    watch.root = cast.root.public
    return watch, cast


def accepted(watch, data):
    """True if the shelf would install these bytes."""
    try:
        watch.check(data)
    except (AppError, CorruptError):
        return False
    return True


def test_no_flipped_bit_is_accepted():
    watch, cast = home()
    whole = cast.reviewed(FILES)
    assert accepted(watch, whole)
    tried = 0
    for at in range(len(whole)):
        for turn in range(DEEP):
            changed = bytearray(whole)
            changed[at] ^= 1 << (at + turn) % 8
            assert not accepted(watch, changed), at
            tried += 1
    print("NOTE bundles of %d bytes with one flipped bit: %d tried, 0 accepted" % (len(whole), tried))


def test_no_other_length_is_accepted():
    watch, cast = home()
    whole = cast.reviewed(FILES)
    for length in range(len(whole)):
        assert not accepted(watch, whole[:length]), length
    for more in range(1, 65):
        for fill in (b"\x00", b"\xff"):
            assert not accepted(watch, whole + fill * more), more
    print("NOTE bundles cut at each of %d lengths, extended by 1 to 64 bytes: 0 accepted" % len(whole))


def test_a_check_that_lies_is_noticed():
    """The campaign can fail: a shelf that hashes no file takes one with another byte in it."""
    watch, cast = home()
    whole = bytearray(cast.reviewed(FILES))
    whole[-1] ^= 1
    plain = Bundle.read
    try:
        Bundle.read = lambda self, name: FILES[name]
        assert accepted(watch, whole)
    finally:
        Bundle.read = plain
    assert not accepted(watch, whole)


def test_bundles_of_an_independent_maker():
    """Made by CPython with cbor2 and cryptography; tests/tools/bundle_vectors.py."""
    with open("tests/vectors/apps/bundles.json") as file:
        vectors = json.load(file)
    watch = home()[0]
    watch.root, watch.now_s = bytes.fromhex(vectors["root"]), vectors["now_s"]
    watch.device_id = bytes.fromhex(vectors["device_id"])
    for case in vectors["bundles"]:
        data = bytes.fromhex(case["bundle"])
        if case["developer"]:
            watch.shelf.enrol(bytes.fromhex(case["developer"]), "Independent")
        if case["level"] is None:
            assert not accepted(watch, data), case["name"]
            continue
        checked = watch.check(data)
        assert (checked.verdict.level, checked.verdict.maker) == (case["level"], case["maker"]), case["name"]
        assert checked.bundle.words("zh") == case["words_zh"] and checked.digest.hex() == case["digest"]
    for case in vectors["licences"]:
        try:
            watch.shelf.add_licence(bytes.fromhex(case["licence"]), bytes.fromhex(case["certificate"]))
            good = True
        except WatchError:
            good = False
        assert good is case["good"], case["name"]
    watch.shelf.revoke(bytes.fromhex(vectors["revocations"]))
    reviewed = [case for case in vectors["bundles"] if case["level"] == "reviewed"]
    refused(SignerError, watch.check, bytes.fromhex(reviewed[0]["bundle"]))
    print("NOTE bundles of another maker: %d, licences: %d" % (len(vectors["bundles"]), len(vectors["licences"])))


def test_forms_that_a_manifest_may_not_have():
    good = manifest(FILES)
    Manifest(good)
    for place, values in (
        (1, ("a", "a" * 25, "Counter", "1up", "a-b", "", 7)),
        (2, ([1, 0], [1, 0, 10_000], [1, 0, -1], [1, 0, True], "1.0.0")),
        (3, ("game", 1)),
        (4, (0, 2, True)),
        (5, ("app", "app.", "other.n0", "app.n0.x", "app.0n", "app.n-0", 5)),
        (
            6,
            (
                {"en": "A"},
                {"en": "A", "zh": ""},
                {"en": "A\u202e", "zh": "b"},
                {"en": " A", "zh": "b"},
                {"en": "x" * 25, "zh": "b"},
            ),
        ),
        (7, ("rocket", "", None)),
        (8, (-1, 0x1000000, True)),
        (9, (["haptics", "glance"], ["haptics", "haptics"], ["root"], "haptics")),
        (10, (["a.com"], ["b.com", "a.com"], "a.com")),
        (
            11,
            (
                [],
                [["app.py", 1, bytes(32)]],
                [["app.mpy", 0, bytes(32)]],
                [["app.mpy", 24_577, bytes(32)]],
                [["app.mpy", 1, bytes(31)]],
            ),
        ),
        (12, (0, None)),
        (13, (bytes(31), "x" * 32)),
        (14, ("", "x" * 121)),
    ):
        for value in values:
            fields = dict(good)
            fields[place] = value
            refused(BundleError, Manifest, fields)
        fields.pop(place)
        refused(BundleError, Manifest, fields)
    for host in ("localhost", "A.com", "a..com", "-a.com", "a.com:80", "a.com/x", "\u0430.com", "x" * 61 + ".com"):
        refused(BundleError, Manifest, manifest(FILES, permissions=["web"], hosts=[host]))
    Manifest(manifest(FILES, permissions=["haptics", "web"], hosts=["api.example.com", "b-1.example.com"]))


def test_words_and_pictures():
    for table in (
        {"de": {}},
        {"en": []},
        {"en": {"": "a"}},
        {"en": {"k" * 25: "a"}},
        {"en": {"k": "a" * 401}},
        {1: {}},
        [],
    ):
        refused(BundleError, words_file.parse, cbor.encode(table))
    refused(BundleError, words_file.parse, cbor.encode(WORDS) + b"\x00")
    assert words_file.parse(cbor.encode({"en": {"k%d" % place: "a" for place in range(120)}}))
    one = b"\x00\x03\x00\x02\x02" + b"\x00\x00\xff\xff" + b"\x00\x00\x00\x03" + b"\x12\x00\x11"
    good = b"TWI1" + bytes((0, 0, 0, len(one))) * 2 + one + one
    finish(pictures.checking("icon.img", good))
    count = 0
    for at in range(len(good)):
        refused(BundleError, finish, pictures.checking("icon.img", good[:at]))
        for bit in range(8):
            changed = bytearray(good)
            changed[at] ^= 1 << bit
            try:
                finish(pictures.checking("icon.img", changed))
            except BundleError:
                count += 1
    assert count > len(good) * 4, count


def test_the_shelf_gives_its_memory_back():
    import gc

    watch, cast = home()
    bundle, sizes = cast.reviewed(FILES), []
    for turn in range(101 if LONG else 21):
        watch.install(bundle)
        watch.shelf.open("counter")
        watch.shelf.remove("counter")
        if turn in (0, 100 if LONG else 20):
            gc.collect()
            sizes.append(gc.mem_alloc())
    assert content(watch.files + "/apps") == {}
    print(
        "NOTE shelf, heap after %d rounds of installing, opening and removing: %+d bytes" % (turn, sizes[1] - sizes[0])
    )
    assert sizes[1] <= sizes[0] + 64, sizes


def test_heads_that_are_half_there():
    cast = home()[1]
    path = write(FOLDER + "/half", b"")
    envelope = cast.maker.sign("tapwatch/app", manifest(FILES))
    some = cast.store_certificate
    for rest in ((some, None, None), (some, some, None), (None, some, some), (1, 2, 3)):
        refused(BundleError, Bundle, write(path, packed(envelope, FILES, rest)))
    refused(BundleError, Bundle, write(path, packed(cast.maker.sign("tapwatch/licence", manifest(FILES)), FILES)))
    refused(BundleError, Bundle, write(path, signed(cast.maker, FILES) + bytes(131_072)))
    refused(CorruptError, Bundle, FOLDER + "/nothing")
