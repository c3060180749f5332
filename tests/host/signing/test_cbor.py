"""Deterministic CBOR against cbor2 and the examples of RFC 8949 appendix A."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapwatch.signing import cbor

RFC_8949_EXAMPLES = [
    (0, "00"),
    (23, "17"),
    (24, "1818"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ("\u6c34", "63e6b0b4"),
    ([], "80"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
]

KEYS = st.one_of(
    st.integers(-(1 << 64), (1 << 64) - 1),
    st.binary(max_size=30),
    st.text(max_size=30).filter(lambda t: "\x00" not in t),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=20,
)


@pytest.mark.parametrize("value, encoded", RFC_8949_EXAMPLES)
def test_rfc_examples_both_ways(value: object, encoded: str) -> None:
    assert cbor.encode(value).hex() == encoded
    assert cbor.decode(bytes.fromhex(encoded)) == value


def test_keys_are_sorted_bytewise_where_cbor2_sorts_by_length() -> None:
    value = {"aa": 1, 256: 2, b"": 3}
    assert cbor.encode(value).hex() == "a3190100024003626161" + "01"
    assert cbor2.dumps(value, canonical=True) != cbor.encode(value)


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_round_trip_and_cbor2_reads_the_same(value: object) -> None:
    encoded = cbor.encode(value)
    assert cbor.decode(encoded) == value
    assert cbor2.loads(encoded) == value


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=60))
def test_only_the_declared_error_and_only_one_encoding(data: bytes) -> None:
    try:
        value = cbor.decode(data)
    except cbor.CborProblem:
        return
    assert cbor.encode(value) == data


@pytest.mark.parametrize(
    "hexed, why",
    [
        ("", "ends early"),
        ("1817", "shortest"),
        ("1900ff", "shortest"),
        ("1b00000000ffffffff", "shortest"),
        ("5f4101ff", "indefinite"),
        ("9fff", "indefinite"),
        ("bf6161019fff", "indefinite"),
        ("1c", "reserved"),
        ("c11a514b67b0", "tags"),
        ("c249010000000000000000", "tags"),
        ("f90000", "floats"),
        ("fb3ff199999999999a", "floats"),
        ("f7", "simple"),
        ("f820", "simple"),
        ("a201020103", "out of order"),
        ("a203040102", "out of order"),
        ("a1f400", "map key"),
        ("a18000", "map key"),
        ("61ff", "UTF-8"),
        ("0000", "follow"),
        ("9a7fffffff", "more items"),
        ("ba7fffffff", "more items"),
        ("5a7fffffff", "ends early"),
        ("81" * 17 + "00", "nested"),
    ],
)
def test_refused(hexed: str, why: str) -> None:
    with pytest.raises(cbor.CborProblem, match=why):
        cbor.decode(bytes.fromhex(hexed))


def test_values_without_a_form_are_refused() -> None:
    for value in (1.5, object(), 1 << 64, -(1 << 64) - 1, {None: 1}, {True: 1}, {1.0: 1}):
        with pytest.raises(cbor.CborProblem):
            cbor.encode(value)


def test_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(cbor.CborProblem, match="at most"):
        cbor.decode(b"\x00" * (cbor.MAX_BYTES + 1))
