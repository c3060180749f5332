"""The check that shares no code with the maker: every changed byte, every other length, every signature too few."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.images import container, development
from tapwatch.images.build import Built, build
from tapwatch.images.check import Verdict, check
from tapwatch.images.container import Entry, ImageProblem
from tapwatch.images.statement import KIND, Statement
from tapwatch.signing import cbor, certificates
from tapwatch.signing.keys import PrivateKey
from tests.host.images import trees
from tests.host.images.trees import BUILT_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = bool(os.environ.get("TAPWATCH_LONG"))
YEAR_S = 365 * 86_400
ROOT = PrivateKey.generate()
KEYS = [PrivateKey.generate() for _ in range(3)]


def certificate(key: PrivateKey, **changes: Any) -> bytes:
    said = {"role": "update", "public": key.public, "name": "Ann", "serial": 7}
    dates = {"not_before": BUILT_S, "not_after": BUILT_S + YEAR_S}
    return certificates.issue(changes.pop("root", ROOT), **{**said, **dates, **changes})


def entry(key: PrivateKey, payload: bytes, **changes: Any) -> Entry:
    return Entry(certificate(key, **changes), key.sign_bytes(KIND, payload))


def signed(small: Built, *keys: PrivateKey, **changes: Any) -> bytes:
    """The small image, said to be something else, by some of the keys."""
    body = changes.pop("contents", None) or container.read(small.image).body
    payload = replace(small.statement, **changes).encoded()
    return container.write([entry(key, payload) for key in keys], body)


def judged(image: bytes, at: int = BUILT_S, revoked: frozenset[int] = frozenset()) -> Verdict:
    return check(image, ROOT.public, at, revoked)


def problems(verdict: Verdict) -> str:
    return "; ".join(problem for link in verdict.links for problem in link.problems)


def tiny(small: Built) -> bytes:
    """An image of under 1 kB, for tests that try every bit of it; the small one in the long form."""
    if LONG:
        return small.image
    wanted = dict.fromkeys(("main.py", "facts.py", "board/trial/board.mpy", "drivers/a.mpy"), b"x")
    body = container.write_body(wanted)
    said = replace(small.statement, length=len(body), body=hashlib.sha256(body).digest())
    return container.write([development.entry(said.encoded())], body)


def test_the_development_image_is_good(small: Built) -> None:
    verdict = check(small.image, development.root_key().public, BUILT_S)
    assert verdict.good and verdict.signers == ["Tapwatch development"] and verdict.needed == 1
    assert Statement.of(verdict.payload) == small.statement


def test_every_changed_bit_is_noticed(small: Built) -> None:
    image, root = tiny(small), development.root_key().public
    assert check(image, root, BUILT_S).good
    refused = 0
    for place in range(len(image)):
        for bit in range(8):
            changed = bytearray(image)
            changed[place] ^= 1 << bit
            assert not check(bytes(changed), root, BUILT_S).good, (place, bit)
            refused += 1
    print(f"NOTE images: {refused} images with a changed bit refused, {len(image)} bytes")


def test_every_other_length_is_noticed(small: Built) -> None:
    image, root = tiny(small), development.root_key().public
    for length in range(len(image)):
        assert not check(image[:length], root, BUILT_S).good, length
        with pytest.raises(ImageProblem):
            container.read(image[:length])
    for more in (b"\0", b"\n", b"main.py", image):
        assert not check(image + more, root, BUILT_S).good
        with pytest.raises(ImageProblem, match="body is not the one"):
            container.read(image + more)
    print(f"NOTE images: {len(image)} cut images refused, 4 longer ones")


@pytest.mark.parametrize(
    ("posture", "count", "good"),
    [("development", 1, True), ("development", 3, True), ("release", 1, False), ("release", 2, True)],
)
def test_as_many_must_sign_as_the_posture_asks(posture: str, count: int, good: bool, small: Built) -> None:
    verdict = judged(signed(small, *KEYS[:count], posture=posture))
    assert verdict.good is good and verdict.needed == (2 if posture == "release" else 1)
    assert ("not enough have signed" in problems(verdict)) is not good


def test_one_key_counts_once(small: Built) -> None:
    """Also under two certificates."""
    payload = replace(small.statement, posture="release").encoded()
    pair = [entry(KEYS[0], payload), entry(KEYS[0], payload, serial=8, name="Bob")]
    verdict = judged(container.write(pair, container.read(small.image).body))
    assert "has signed already" in problems(verdict) and "not enough" in problems(verdict)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"root": KEYS[2]}, "not that of tapwatch/certificate"),
        ({"role": "store"}, "for store, not for update"),
        ({"not_before": BUILT_S + 1}, "not good at this time"),
        ({"not_before": 0, "not_after": BUILT_S - 1}, "not good at this time"),
        ({"serial": 9}, "revoked"),
        ({"public": KEYS[1].public}, "not that of tapwatch/system"),
    ],
)
def test_one_bad_certificate_spoils_the_image(changes: dict[str, Any], words: str, small: Built) -> None:
    """Every signature must be good: a second good one does not help."""
    payload, body = small.statement.encoded(), container.read(small.image).body
    for good in ([], [entry(KEYS[1], payload)]):
        image = container.write([*good, entry(KEYS[0], payload, **changes)], body)
        verdict = judged(image, revoked=frozenset({9}))
        assert not verdict.good and words in problems(verdict)


def test_signatures_of_different_systems_do_not_add_up(small: Built) -> None:
    body = container.read(small.image).body
    payloads = [replace(small.statement, posture="release", built_s=time).encoded() for time in (1, 2)]
    image = container.write([entry(*pair) for pair in zip(KEYS[:2], payloads, strict=True)], body)
    assert "different systems" in problems(judged(image))
    with pytest.raises(ImageProblem, match="not all of the same system"):
        container.read(image)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"posture": "debug"}, "posture or machine"),
        ({"machine": "armv7m"}, "posture or machine"),
        ({"floor": (1, 4, 1)}, "floor is above"),
        ({"version": (1, 4)}, "three numbers"),
        ({"version": (1, 4, 10_000)}, "three numbers"),
        ({"length": 3}, "3 were signed"),
        ({"body": bytes(32)}, "not what was signed"),
        ({"body": bytes(31)}, "SHA-256 has 32"),
        ({"board": "other"}, "board/other/board.mpy is missing"),
        ({"built_s": "now"}, "has another type"),
        ({"built_s": True}, "has another type"),
    ],
)
def test_a_statement_that_is_wrong_is_refused_whoever_signs_it(
    changes: dict[str, Any], words: str, small: Built
) -> None:
    assert words in problems(judged(signed(small, KEYS[0], **changes)))


INDEXES: tuple[tuple[Callable[[bytes], bytes], str], ...] = (
    (lambda body: body.replace(b"main.py ", b"zain.py "), "not in order"),
    (lambda body: body.replace(b"main.py ", b"../n.py "), "lead out"),
    (lambda body: body + b"more", "do not fill the body"),
    (lambda body: b"x" + body[1:], "begin with its length"),
    (lambda body: b"00000001" + body[8:], "do not fill the body"),
    (lambda body: b"00070000" + body[8:], "65,536"),
    (lambda body: body.replace(b"main.py ", b"m\xe4in.py "), "lead out"),
    (lambda body: body.replace(b" 200\n", b" \xb200\n"), "not where it should be"),
    (lambda body: body.replace(b"drivers/", b"/rivers/"), "lead out"),
    (lambda body: body.replace(b"drivers/", b"drive.//"), "lead out"),
)


@pytest.mark.parametrize(("change", "words"), INDEXES)
def test_an_index_that_lies_is_refused_whoever_signs_it(
    change: Callable[[bytes], bytes], words: str, small: Built
) -> None:
    body = change(container.read(small.image).body)
    image = signed(small, KEYS[0], length=len(body), body=hashlib.sha256(body).digest(), contents=body)
    assert words in problems(judged(image))
    with pytest.raises(ImageProblem):
        _ = container.read(image).files


def assembled(head: bytes, body: bytes) -> bytes:
    """An image with any head."""
    return b"TWI1" + len(head).to_bytes(2, "big") + head + body


def test_a_head_has_its_limits_whoever_signs(small: Built) -> None:
    """Three signatures, 4,096 bytes, one way to write it: nobody signs the head, so everybody could change it."""
    payload, body = small.statement.encoded(), container.read(small.image).body
    pairs = [[one.certificate, one.envelope] for one in (entry(key, payload) for key in (*KEYS, ROOT))]
    long = entry(KEYS[0], payload, attributes={"long": "x" * 4_000})
    head = cbor.encode(pairs[:1])
    assert judged(assembled(head, body)).good and head[0] == 0x81
    heads = (
        cbor.encode(pairs),
        cbor.encode([[long.certificate, long.envelope]]),
        b"\x98\x01" + head[1:],
        head + b"\x00",
    )
    for wrong in heads:
        assert "head" in problems(judged(assembled(wrong, body))) or "CBOR" in problems(judged(assembled(wrong, body)))
        with pytest.raises(ImageProblem):
            container.read(assembled(wrong, body))


@pytest.mark.parametrize("start", [0, 15, 17, 99])
def test_a_file_lies_where_the_one_before_ends(start: int, small: Built) -> None:
    body = b"00000016\na %02d 0\n" % start
    image = signed(small, KEYS[0], length=len(body), body=hashlib.sha256(body).digest(), contents=body)
    assert "is not where it should be" in problems(judged(image))
    with pytest.raises(ImageProblem):
        container.read_index(body)


def one_file(size: bytes) -> bytes:
    """A body whose only file is said to have that length."""
    length = 9
    while length != (right := len(b"00000000\na %d %s\n" % (length, size))):
        length = right
    return b"%08d\na %d %s\n" % (length, length, size)


@pytest.mark.parametrize("size", [b"00", b"-0", b"+0", b" ", b"", b"0x0", "\u00b2".encode("latin-1"), b"2" * 5_000])
def test_a_length_is_written_in_one_way(size: bytes, small: Built) -> None:
    """Also one that Python would not read at all."""
    body = one_file(size)
    image = signed(small, KEYS[0], length=len(body), body=hashlib.sha256(body).digest(), contents=body)
    assert "is not where it should be" in problems(judged(image))
    with pytest.raises(ImageProblem):
        container.read_index(body)
    assert container.read_index(one_file(b"0")) == {"a": (16, 0)}


def test_the_files_of_a_start_must_be_there(small: Built) -> None:
    for path in ("main.py", "facts.py", "board/trial/board.mpy"):
        body = container.write_body({name: data for name, data in small.files.items() if name != path})
        image = signed(small, KEYS[0], length=len(body), body=hashlib.sha256(body).digest(), contents=body)
        assert f"{path} is missing" in problems(judged(image))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x80",
        b"\x84\x80\x80\x80\x80",
        b"\x81\x80",
        b"\x81\x82\x40\x60",
        b"\x9f\xff",
        b"\x81" * 200,
        b"\xc1\x00",
        b"\xff",
        b"\x81\x82\x40\x40",
        cbor.encode([[b"\x84\x40\xa0\x40\x40", b"\xf6"]]),
    ],
)
def test_a_head_of_another_form_is_refused(head: bytes) -> None:
    image = b"TWI1" + len(head).to_bytes(2, "big") + head + b"body"
    assert not judged(image).good
    with pytest.raises(ImageProblem):
        container.read(image)


def test_the_form_is_refused_before_anything_is_read(small: Built) -> None:
    for image in (b"", b"TWI1", b"TWI2" + small.image[4:], b"TWI1\x10\x01" + small.image[6:]):
        assert not judged(image).good
        with pytest.raises(ImageProblem):
            container.read(image)
    with pytest.raises(ImageProblem, match="1 to 3 signatures"):
        container.write([], b"")
    with pytest.raises(ImageProblem, match="at most 4096"):
        container.write([Entry(bytes(3000), bytes(2000))], b"")


def test_three_signatures_with_the_longest_names_fit_into_the_head(small: Built) -> None:
    payload = replace(small.statement, board="x" * 32).encoded()
    attributes = {f"name{number}": "x" * 20 for number in range(8)}
    entries = [entry(key, payload, name="n" * 64, attributes=attributes) for key in KEYS]
    assert container.read(container.write(entries, container.read(small.image).body)).entries == tuple(entries)


def test_a_release_image_needs_two_and_says_so(small_tree: Path) -> None:
    wanted = trees.plan_of(small_tree, posture="release")
    built = build(wanted, lambda payload: [entry(key, payload) for key in KEYS[:2]])
    assert judged(built.image).good and built.statement.posture == "release"
