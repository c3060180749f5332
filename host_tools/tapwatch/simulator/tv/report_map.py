"""Reads report descriptors, USB HID 1.11 section 6.2.2: where each field of an input report lies.

What is needed of a controller: variables. Arrays, output and feature reports are skipped, with the room that they take.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

MAX_BYTES = 512
"""Longest report map, HIDS 1.0 section 2.6.1."""
MAX_FIELDS = 256
MAX_FIELD_BITS = 32
_MAX_DEPTH = 16
"""Nested collections or pushed states."""
_LONG = 0xFE
_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_INPUT, _OUTPUT, _FEATURE, _COLLECTION, _END = 8, 9, 11, 10, 12
_USAGE_PAGE, _LOGICAL_MIN, _LOGICAL_MAX, _SIZE, _ID, _COUNT, _PUSH, _POP = 0, 1, 2, 7, 8, 9, 10, 11
_USAGE, _USAGE_MIN, _USAGE_MAX = 0, 1, 2
_CONSTANT, _VARIABLE, _NULL = 0x01, 0x02, 0x40


class BadReportMap(ValueError):
    """The bytes are no report map that this host can use; the text says why."""


@dataclass(frozen=True)
class Field:
    """One value in an input report.

    Attributes:
        report: its report ID, 0 without one.
        page, usage: what it means, HID Usage Tables.
        offset, bits: where it lies, counted from the first bit behind the ID.
        low, high: logical range.
        null: values out of that range mean "nothing".
    """

    report: int
    page: int
    usage: int
    offset: int
    bits: int
    low: int
    high: int
    null: bool

    def read(self, data: bytes) -> int | None:
        """The value in a report; None for nothing, and for a report that is too short."""
        if self.offset + self.bits > 8 * len(data):
            return None
        value = int.from_bytes(data, "little") >> self.offset & ((1 << self.bits) - 1)
        if self.low < 0 and value >> (self.bits - 1):
            value -= 1 << self.bits
        if self.low <= value <= self.high:
            return value
        return None if self.null else min(max(value, self.low), self.high)


@dataclass
class _Globals:
    page: int = 0
    low: int = 0
    high: int = 0
    size: int = 0
    report: int = 0
    count: int = 0


@dataclass
class _Parser:
    state: _Globals = field(default_factory=_Globals)
    pushed: list[_Globals] = field(default_factory=list)
    usages: list[tuple[int, int]] = field(default_factory=list)
    first: int = 0
    depth: int = 0
    at: dict[int, int] = field(default_factory=dict)
    found: list[Field] = field(default_factory=list)

    def take(self, kind: int, tag: int, data: bytes) -> None:
        """One item."""
        if kind == _MAIN:
            self._main(tag, int.from_bytes(data, "little"))
            self.usages = []
        elif kind == _GLOBAL:
            self._global(tag, data)
        elif kind == _LOCAL:
            self._local(tag, int.from_bytes(data, "little"), len(data))

    def _main(self, tag: int, flags: int) -> None:
        if tag == _COLLECTION:
            self.depth += 1
        elif tag == _END:
            self.depth -= 1
        elif tag == _INPUT:
            self._input(flags)
        elif tag not in (_OUTPUT, _FEATURE):
            raise BadReportMap(f"main item {tag}")
        if not 0 <= self.depth <= _MAX_DEPTH:
            raise BadReportMap("collections do not match")

    def _input(self, flags: int) -> None:
        state = self.state
        if not 0 < state.size <= MAX_FIELD_BITS or state.count > MAX_FIELDS:
            raise BadReportMap(f"{state.count} fields of {state.size} bits")
        start = self.at.get(state.report, 0)
        self.at[state.report] = start + state.size * state.count
        if flags & _CONSTANT or not flags & _VARIABLE or not self.usages:
            return
        if len(self.found) + state.count > MAX_FIELDS:
            raise BadReportMap("too many fields")
        for number in range(state.count):
            page, usage = self.usages[min(number, len(self.usages) - 1)]
            place = start + number * state.size
            null = bool(flags & _NULL)
            self.found.append(Field(state.report, page, usage, place, state.size, state.low, state.high, null))

    def _global(self, tag: int, data: bytes) -> None:
        plain, signed = int.from_bytes(data, "little"), int.from_bytes(data, "little", signed=True)
        names = {_USAGE_PAGE: "page", _SIZE: "size", _ID: "report", _COUNT: "count"}
        if tag in names:
            setattr(self.state, names[tag], plain)
        elif tag == _LOGICAL_MIN:
            self.state.low = signed
        elif tag == _LOGICAL_MAX:
            self.state.high = plain if self.state.low >= 0 else signed
        elif tag == _PUSH:
            self.pushed.append(replace(self.state))
            if len(self.pushed) > _MAX_DEPTH:
                raise BadReportMap("pushed too often")
        elif tag == _POP:
            if not self.pushed:
                raise BadReportMap("popped too often")
            self.state = self.pushed.pop()

    def _local(self, tag: int, value: int, size: int) -> None:
        page, usage = (value >> 16, value & 0xFFFF) if size > 2 else (self.state.page, value)
        if tag == _USAGE:
            self.usages.append((page, usage))
        elif tag == _USAGE_MIN:
            self.first = usage
        elif tag == _USAGE_MAX:
            if not 0 <= usage - self.first < MAX_FIELDS:
                raise BadReportMap("a range of usages without sense")
            self.usages += [(page, one) for one in range(self.first, usage + 1)]
        if len(self.usages) > MAX_FIELDS:
            raise BadReportMap("too many usages")


def parse(descriptor: bytes) -> list[Field]:
    """The fields of all input reports, in their order. Raises BadReportMap."""
    if len(descriptor) > MAX_BYTES:
        raise BadReportMap(f"{len(descriptor)} bytes")
    parser, at = _Parser(), 0
    while at < len(descriptor):
        head = descriptor[at]
        size = (0, 1, 2, 4)[head & 3]
        data = descriptor[at + 1 : at + 1 + size]
        if head == _LONG or len(data) != size:
            raise BadReportMap(f"an item at {at} that is long or cut")
        parser.take(head >> 2 & 3, head >> 4, data)
        at += 1 + size
    if parser.depth:
        raise BadReportMap("a collection does not end")
    return parser.found
