"""Field 55: EMV data as a flat list of BER-TLV objects (EMV Book 3 annex B)."""

from collections.abc import Mapping

from tapwatch.acquiring.problems import MessageProblem

MAX_BYTES = 255
"""ISO 8583:1987 length of field 55."""


def encode(tags: Mapping[str, bytes]) -> bytes:
    """Return the tags (upper-case hex names) one after the other. Raises MessageProblem if they do not fit."""
    data = b"".join(bytes.fromhex(tag) + _length(len(value)) + value for tag, value in tags.items())
    if len(data) > MAX_BYTES:
        raise MessageProblem(f"chip data of {len(data)} bytes; at most {MAX_BYTES}", "55")
    return data


def decode(data: bytes) -> dict[str, bytes]:
    """Return tags by upper-case hex name, in order.

    Raises MessageProblem for cut, over-long, constructed or repeated objects: each of them would let two readers
    see two different transactions in the same bytes.
    """
    if len(data) > MAX_BYTES:
        raise MessageProblem(f"chip data of {len(data)} bytes; at most {MAX_BYTES}", "55")
    tags: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        tag, at = _read_tag(data, at)
        length, at = _read_length(data, at)
        if at + length > len(data):
            raise MessageProblem(f"tag {tag} is cut short", "55")
        if tag in tags:
            raise MessageProblem(f"tag {tag} twice", "55")
        tags[tag] = data[at : at + length]
        at += length
    return tags


def _length(length: int) -> bytes:
    return bytes((length,)) if length < 0x80 else bytes((0x81, length))


def _read_tag(data: bytes, at: int) -> tuple[str, int]:
    if data[at] & 0x20:
        raise MessageProblem("constructed object in chip data", "55")
    end = at + 1
    if data[at] & 0x1F == 0x1F:  # EMV tags have one or two bytes
        end += 1
        if end > len(data) or data[end - 1] & 0x80:
            raise MessageProblem("bad tag in chip data", "55")
    return data[at:end].hex().upper(), end


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise MessageProblem("chip data ends after a tag", "55")
    if data[at] < 0x80:
        return data[at], at + 1
    if data[at] == 0x81 and at + 1 < len(data) and data[at + 1] >= 0x80:
        return data[at + 1], at + 2
    raise MessageProblem("bad length in chip data", "55")
