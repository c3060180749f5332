"""Bytes to lines, lines to times and messages, when the phone pauses, and what goes back."""

import json

from tests.firmware.services.kit import refused
from watch.ble.phone_link import flow, lines, say
from watch.ble.phone_link.lines import Lines, message_in, time_in
from watch.kernel.errors import InputError


def fed(data, size):
    """Lines after writes of so many bytes."""
    found = Lines()
    for at in range(0, len(data), size):
        found.feed(memoryview(data)[at : at + size])
    return found


def test_any_pieces_make_the_same_lines():
    for size in (1, 3, 20, 128, 500):
        found = fed(b"\x10GB({})\n\n\x10one\ntwo", size)
        assert len(found) == 2 and found.held == 11
        assert found.take() == b"\x10GB({})" and found.take() == b"\x10one" and found.take() is None
        found.feed(memoryview(b"\n"))
        assert found.take() == b"two" and found.held == 0 and found.dropped == 0


def test_overlong_lines_are_dropped_whole():
    most = lines.MOST_LINE_BYTES
    found = fed(b"a" * most + b"\n" + b"b" * (most + 1) + b"\nc\n", 128)
    assert len(found.take()) == most and found.take() == b"c" and found.dropped == 1


def test_a_gap_costs_one_line():
    found = Lines()
    found.feed(memoryview(b"one\ntw"))
    found.lost()
    found.lost()
    found.feed(memoryview(b"o\nthree\n"))
    assert found.take() == b"one" and found.take() == b"three" and found.dropped == 1


def test_what_waits_is_bounded():
    found = fed(b"x" * 99 + b"\n", 100)
    for _ in range(1_000):
        found.feed(memoryview(b"y" * 199 + b"\n"))
    assert len(found) <= lines.MOST_HELD and found.held <= lines.MOST_HELD_BYTES
    assert found.dropped == 1_001 - len(found)
    found.clear()
    assert len(found) == 0 and found.held == 0


def test_messages():
    for line in (b"\x10GB({})", b"GB({})", b"\x10GB({})\r", b"GB({});"):
        at, end = message_in(bytearray(line))
        assert line[at:end] == b"{}", line
    for line in (b"", b"G", b"GB(", b"GB({}", b"\x10\x10GB({})", b"print(1)", b"xGB({})", b")"):
        found = message_in(bytearray(line))
        assert found is None, (line, found)


def test_times():
    rest = b";(s=>{s&&(s.timezone=1)&&require('Storage').write('setting.json',s)})(require('Storage').readJSON(1))"
    for text, value in (
        (b"setTime(1795003200);E.setTimeZone(1.0)", (1_795_003_200, 60)),
        (b"setTime(1795003200.5);E.setTimeZone(-3.5)", (1_795_003_200, -210)),
        (b"setTime(1795003200);E.setTimeZone(5.75)", (1_795_003_200, 345)),
        (b"setTime(1795003200);E.setTimeZone(-0.0)", (1_795_003_200, 0)),
        (b"setTime(1795003200);E.setTimeZone(12)", (1_795_003_200, 720)),
    ):
        assert time_in(bytearray(b"\x10" + text + rest)) == value == time_in(bytearray(text)), text
    for text in (b"setTime();E.setTimeZone(1)", b"setTime(1)", b"settime(1);E.setTimeZone(1)", b"GB({})", b""):
        assert time_in(bytearray(text)) is None, text
    refused(InputError, time_in, bytearray(b"setTime(99999999999);E.setTimeZone(1)"))
    refused(InputError, time_in, bytearray(b"setTime(1);E.setTimeZone(100)"))
    assert time_in(bytearray(b"setTime(" + b"9" * 6_000)) is None


def test_flow():
    control = flow.Flow()
    assert control.news(flow.HIGH_BYTES - 1, 1) == b""
    assert control.news(flow.HIGH_BYTES, 1) == flow.XOFF == control.news(flow.LOW_BYTES + 1, 1)
    control.told(flow.XOFF)
    assert control.paused and control.news(flow.LOW_BYTES + 1, 1) == b""
    assert control.news(flow.LOW_BYTES, 1) == flow.XON
    control.hold("payment", True)
    assert control.held and control.news(0, 0) == b""
    control.hold("payment", False)
    control.told(control.news(0, 0))
    assert not control.paused and control.pauses == 1
    assert control.news(0, flow.HIGH_LINES) == flow.XOFF


def test_lines_for_the_phone():
    for message in (
        {"t": "status", "bat": 80, "chg": 0},
        {"t": "notify", "msg": '\u00e9 \u5b89 \U0001f600 "\\\n\0\x7f', "n": None, "list": [1, 2.5, True]},
    ):
        line = say.line(message)
        assert line[:1] == b"{" and line.endswith(b"}\r\n") and b"\n" not in line[:-2]
        assert max(line) < 0x80 and json.loads(line)["t"] == message["t"], line
    assert b'"msg":"\\u00e9 \\u5b89 \\ud83d\\ude00' in line
