"""The form of an NDEF message (NFC Forum NDEF 1.0, section 3), looked at before it goes to a watch."""

from __future__ import annotations

MAX_BYTES = 512
"""Of the whole message; docs/formats.md, message 12."""
MAX_RECORDS = 16
_MB, _ME, _CF, _SR, _IL, _TNF = 0x80, 0x40, 0x20, 0x10, 0x08, 0x07
"""Message begins, message ends, chunk, short record, id length present, type name format."""
_EMPTY, _EXTERNAL, _UNKNOWN, _UNCHANGED = 0, 4, 5, 6


class NdefProblem(ValueError):
    """Bytes that are no NDEF message, or one that the watch does not take."""


def looks_like(data: bytes) -> bool:
    """True if the first record could begin a message: MB, no chunk that ends it, a kind that may come first."""
    return bool(data) and bool(data[0] & _MB) and data[0] & _TNF <= _UNKNOWN and data[0] & (_ME | _CF) != _ME | _CF


def check(data: bytes) -> int:
    """Refuse what the watch would refuse; returns the number of records. Raises NdefProblem."""
    _expect(len(data) <= MAX_BYTES, f"it has more than {MAX_BYTES} bytes")
    at = head = 0
    for number in range(MAX_RECORDS):
        _expect(at < len(data), "it has no last record")
        in_chunks, head = head & _CF, data[at]
        _expect(bool(head & _MB) == (number == 0), "a record but the first begins a message")
        _expect((head & _TNF == _UNCHANGED) == bool(in_chunks), "the chunks of a record do not follow each other")
        at = _end_of_record(data, at)
        if head & _ME:
            _expect(at == len(data), "there are bytes behind its last record")
            _expect(not head & _CF, "its last record is cut into chunks and not finished")
            return number + 1
    raise NdefProblem(f"it has more than {MAX_RECORDS} records")


def _end_of_record(data: bytes, at: int) -> int:
    head = data[at]
    length_bytes = 1 if head & _SR else 4
    fixed = at + 2 + length_bytes + bool(head & _IL)
    _expect(fixed <= len(data), "it ends in the head of a record")
    type_bytes, id_bytes = data[at + 1], data[fixed - 1] if head & _IL else 0
    payload_bytes = int.from_bytes(data[at + 2 : at + 2 + length_bytes], "big")
    kind = head & _TNF
    _expect(kind <= _UNCHANGED, "a record has a reserved kind")
    _expect((type_bytes > 0) == (_EMPTY < kind <= _EXTERNAL), "a record lacks its type, or has one that it must not")
    _expect(kind != _EMPTY or not id_bytes + payload_bytes, "an empty record has content")
    _expect(kind != _UNCHANGED or not head & _IL, "a later chunk has an id")
    _expect(all(0x20 <= char < 0x7F for char in data[fixed : fixed + type_bytes]), "a type is not printable ASCII")
    end = fixed + type_bytes + id_bytes + payload_bytes
    _expect(end <= len(data), "a record is longer than the message")
    return end


def _expect(condition: bool, problem: str) -> None:
    if not condition:
        raise NdefProblem(problem)
