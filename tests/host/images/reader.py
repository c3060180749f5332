"""Reads a system image with cbor2 and nothing of ours: docs/updates.md, "The image", written down once more."""

from __future__ import annotations

import struct
from typing import Any

import cbor2


def read(image: bytes) -> tuple[list[list[bytes]], dict[int, Any], dict[str, bytes]]:
    """The pairs of the head, the payload of the first envelope, the files."""
    magic, length = struct.unpack_from(">4sH", image)
    assert magic == b"TWI1" and length <= 4096
    pairs = cbor2.loads(image[6 : 6 + length])
    body = image[6 + length :]
    payload = cbor2.loads(cbor2.loads(pairs[0][1])[2])
    lines = body[: int(body[:8])].decode("ascii").split("\n")
    assert lines.pop() == ""
    files = {}
    for line in lines[1:]:
        path, start, size = line.split(" ")
        files[path] = body[int(start) : int(start) + int(size)]
    assert list(files) == sorted(files) and len(files) == len(lines) - 1
    return pairs, payload, files
