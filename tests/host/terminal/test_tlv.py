"""BER-TLV and data object lists against pyemv and by property."""

from __future__ import annotations

import pyemv.tlv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapwatch.terminal.emv import dol, tags, tlv

PRIMITIVE = st.sampled_from(["50", "57", "5A", "82", "84", "9F10", "9F26", "9F36", "5F24", "DF4B"])
VALUES = st.binary(max_size=300)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(PRIMITIVE, VALUES, max_size=6), st.sampled_from(["70", "77", "6F"]))
def test_both_ways_with_pyemv(items: dict[str, bytes], outer: str) -> None:
    ours = tlv.encode(outer, b"".join(tlv.encode(tag, value) for tag, value in items.items()))
    assert ours == pyemv.tlv.encode({outer: items})
    (node,) = tlv.parse(ours)
    assert node.tag == outer and node.constructed
    assert {child.tag: child.value for child in node.children} == items
    assert pyemv.tlv.decode(ours) == {outer: items}


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=80))
def test_only_the_declared_error(data: bytes) -> None:
    try:
        tlv.parse(data)
    except tlv.TlvProblem:
        return


@pytest.mark.parametrize(
    "hexed, why",
    [
        ("9F", "inside a tag"),
        ("82", "ends after"),
        ("8202AA", "announces"),
        ("8280AA", "bad length"),
        ("8283000001AA", "bad length"),
        ("8282", "bad length"),
        ("1F8180800155", "more than"),
        ("77" + "05" + "8205AABBCC", "announces"),
        ("6F14" + "6F12" + "6F10" + "6F0E" + "6F0C" + "6F0A" + "6F08" + "6F06" + "6F04" + "6F02" + "6F00", "deeper"),
    ],
)
def test_refused(hexed: str, why: str) -> None:
    with pytest.raises(tlv.TlvProblem, match=why):
        tlv.parse(bytes.fromhex(hexed))


def test_zero_bytes_between_objects_are_skipped() -> None:
    assert [node.tag for node in tlv.parse(bytes.fromhex("00008201AA00840155000000"))] == ["82", "84"]


def test_find_follows_a_path() -> None:
    nodes = tlv.parse(bytes.fromhex("6F09" + "8401AA" + "A504" + "BF0C01" + "00"))
    assert tlv.find(nodes, "6F", "84").value == b"\xaa"
    assert tlv.find(nodes, "6F", "A5", "BF0C").children == ()
    assert tlv.find(nodes, "6F", "50") is None and tlv.find(nodes, "77") is None


def test_too_long_to_encode() -> None:
    with pytest.raises(tlv.TlvProblem):
        tlv.encode("50", bytes(65_536))


def test_dol_rules() -> None:
    """EMV Book 3 section 5.4: numbers keep their right end, everything else its left end."""
    values = {"9F02": bytes.fromhex("000000001234"), "9F37": b"\x01\x02\x03\x04", "5A": b"\x12\x34", "9F4E": b"Shop"}
    entries = [
        ("9F02", 3),
        ("9F02", 8),
        ("9F37", 2),
        ("9F37", 6),
        ("5A", 4),
        ("9F4E", 6),
        ("9F4E", 2),
        ("DF01", 2),
        ("77", 1),
    ]
    filled = [value.hex() for _, value in dol.fill(entries, values)]
    assert filled == [
        *("001234", "0000000000001234", "0102", "010203040000", "1234ffff"),
        *("53686f700000", "5368", "0000", "00"),
    ]


def test_dol_refused() -> None:
    for hexed in ("9F", "9F02", "9F0280", "9F02FA9F0310"):
        with pytest.raises(tlv.TlvProblem):
            dol.parse(bytes.fromhex(hexed))


def test_tag_table_is_sound() -> None:
    for tag, info in tags.TAGS.items():
        assert tag == tag.upper() and info.shortest <= info.longest and info.name
        assert tlv.is_constructed(tag) == (info.kind == tags.TEMPLATE), tag
        assert tlv.read_tag(bytes.fromhex(tag), 0) == (tag, len(tag) // 2)
    assert tags.name("FF01") == "(unknown)"
