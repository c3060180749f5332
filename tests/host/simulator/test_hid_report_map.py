"""The report map of the watch, as an independent parser and the television's own read it."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import hid_parser
import pytest

from tapwatch.compiled import search_path
from tapwatch.simulator.tv.controls import NAMES, Controls
from tapwatch.simulator.tv.report_map import MAX_BYTES, BadReportMap, Field, parse
from tests.fuzz.campaign import count

ROOT = Path(__file__).resolve().parents[3]
_PRINT = "from watch.ble.hid.report_map import report_map; print(report_map().hex())"
DESKTOP, BUTTON, CONSUMER = 0x01, 0x09, 0x0C
GAMEPAD, REMOTE = 1, 2
UNJUDGED = {
    "Data specifies a unit or unit exponent, but we don't support those yet",
    "Usage(page=Consumer, usage=AC Home) has no compatible usage types with a variable item",
    "Usage(page=Consumer, usage=AC Back) has no compatible usage types with a variable item",
}
"""Of hid-parser: the hat's angle has a unit, and remote controls declare selectors (HID Usage Tables 1.5) as bits."""


@pytest.fixture(scope="module")
def report_map() -> bytes:
    """What the firmware makes."""
    command = [str(Path(sys.executable).with_name("micropython")), "-c", _PRINT]
    environment = {"MICROPYPATH": search_path()}
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=30)
    return bytes.fromhex(made.stdout)


def _descriptor(report_map: bytes) -> hid_parser.ReportDescriptor:
    """The map by hid-parser, which says what it cannot judge."""
    with pytest.warns() as said:
        descriptor = hid_parser.ReportDescriptor(report_map)
    assert {str(one.message) for one in said} == UNJUDGED
    return descriptor


def _independent(report_map: bytes, report: int) -> list[tuple[int, int, int, int, int, int, bool]]:
    """(page, usage, offset, bits, low, high, null) of each value, by hid-parser."""
    items = _descriptor(report_map).get_input_items(report)
    return [
        (
            one.usage.page,
            one.usage.usage,
            int(one.offset),
            int(one.size),
            one.logical_min,
            one.logical_max,
            one.null_state,
        )
        for one in items
        if isinstance(one, hid_parser.VariableItem)
    ]


def test_an_independent_parser_finds_the_documented_fields(report_map):
    buttons = [(BUTTON, number + 1, number, 1, 0, 1, False) for number in range(12)]
    hat = [(DESKTOP, 0x39, 12, 4, 1, 8, True)]
    axes = [
        (DESKTOP, usage, 16 + 8 * place, 8, -127, 127, False) for place, usage in enumerate((0x30, 0x31, 0x32, 0x35))
    ]
    assert _independent(report_map, GAMEPAD) == buttons + hat + axes
    usages = (0xE9, 0xEA, 0xE2, 0xCD, 0xB5, 0xB6, 0x223, 0x224, 0x40, 0x30, 0x42, 0x43, 0x44, 0x45, 0x41)
    keys = [(CONSUMER, usage, place, 1, 0, 1, False) for place, usage in enumerate(usages)]
    assert _independent(report_map, REMOTE) == keys
    descriptor = _descriptor(report_map)
    assert descriptor.input_report_ids == [GAMEPAD, REMOTE]
    assert int(descriptor.get_input_report_size(GAMEPAD)) == 8 * 6
    assert int(descriptor.get_input_report_size(REMOTE)) == 8 * 2
    print(f"NOTE hid: {len(report_map)} bytes, {len(buttons + hat + axes)} + {len(keys)} fields, as hid-parser says")


def test_the_television_reads_the_same(report_map):
    ours = parse(report_map)
    for report in (GAMEPAD, REMOTE):
        mine = [(f.page, f.usage, f.offset, f.bits, f.low, f.high, f.null) for f in ours if f.report == report]
        assert mine == _independent(report_map, report)
    assert {(one.page, one.usage) for one in ours} == set(NAMES), "a control has no name, or a name no control"


def test_controls_tell_changes_only(report_map):
    controls = Controls(parse(report_map))
    assert controls.take(GAMEPAD, bytes.fromhex("0130 7f 81 00 00")) == {"button-a": 1, "hat": 3, "x": 127, "y": -127}
    assert controls.take(GAMEPAD, bytes.fromhex("0130 7f 81 00 00")) == {}
    assert controls.take(GAMEPAD, bytes.fromhex("0000 00 81 00 05")) == {"button-a": 0, "hat": 0, "x": 0, "tilt-y": 5}
    assert controls.take(REMOTE, bytes.fromhex("0002")) == {"power": 1}
    assert controls.take(REMOTE, b"") == {"power": 0}, "a report that is cut holds nothing down"
    assert controls.release() == {"y": 0, "tilt-y": 0}


def test_a_field_reads_what_is_out_of_range_as_nothing_or_the_nearest():
    hat = Field(1, DESKTOP, 0x39, 0, 4, 1, 8, True)
    assert [hat.read(bytes([value])) for value in (0, 1, 8, 9)] == [None, 1, 8, None]
    axis = Field(1, DESKTOP, 0x30, 0, 8, -127, 127, False)
    assert axis.read(b"\x80") == -127 and axis.read(b"\xff") == -1


@pytest.mark.parametrize(
    "descriptor",
    [
        "fe0000",
        "0501 09",
        "a101",
        "c0",
        "b4",
        "75ff 9501 0901 8102",
        "1500 2501 7501 96ffff 0901 8102",
        "19 01 2aff ff",
    ],
)
def test_a_bad_report_map_is_refused(descriptor):
    with pytest.raises(BadReportMap):
        parse(bytes.fromhex(descriptor))


def test_any_bytes_are_parsed_or_refused(report_map):
    rng, refused = random.Random(2), 0
    with pytest.raises(BadReportMap):
        parse(bytes(MAX_BYTES + 1))
    rounds = count(2_000)
    for round_ in range(rounds):
        data = bytearray(report_map if round_ % 2 else rng.randbytes(rng.randrange(60)))
        for _ in range(rng.randrange(4)):
            if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            Controls(parse(bytes(data))).take(1, rng.randbytes(rng.randrange(8)))
        except BadReportMap:
            refused += 1
    print(f"NOTE tv: {rounds} changed or random report maps, {refused} refused, the others read")
