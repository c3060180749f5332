"""Recomputes what a life has printed: each cryptogram by pyemv, from the bytes on the air and the session key alone."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cbor2
from pyemv import tlv
from pyemv.mac import mac_iso9797_3

TERMINAL_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")
TERMINAL_BYTES = 29
_GPO_DATA_AT, _TTQ_BYTES, _GENERATE_DATA_AT = 7, 4, 5
_TAILS = {
    0x12: lambda iad: iad,
    0x22: lambda iad: iad,
    0x43: lambda iad: iad[3:7],
    0x14: lambda iad: iad[2:8],
    0x15: lambda iad: iad[2:8] + iad[10:18],
}
"""By cryptogram version: the part of 9F10 under the MAC, docs/formats.md "Cryptograms"."""


@dataclass(frozen=True)
class Made:
    """One cryptogram and what it is about."""

    version: int
    atc: int
    key: bytes
    terminal: bytes
    tags: dict[str, bytes]

    def genuine(self) -> bool:
        """True if ATC and cryptogram are right."""
        about = self.terminal + self.tags["82"] + self.tags["9F36"] + _TAILS[self.version](self.tags["9F10"])
        expected = mac_iso9797_3(self.key[:8], self.key[8:], about, 2)
        return self.tags["9F26"] == expected and int.from_bytes(self.tags["9F36"], "big") == self.atc


def parse(line: str) -> Made:
    """Read a line of `life.Life.record`."""
    how, version, atc, key, *parts = line.split()
    terminal, tags = _READERS[how](*parts)
    return Made(int(version, 16), int(atc), bytes.fromhex(key), terminal, tags)


def _flat(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def walk(inside: dict[str, object]) -> None:
        for tag, value in inside.items():
            if isinstance(value, dict):
                walk(value)
            else:
                assert isinstance(value, bytes)
                found[tag] = value

    walk(tlv.decode(data))
    return found


def terminal_and_tags(request: str, answer: str, options: str) -> tuple[bytes, dict[str, bytes]]:
    """The terminal's part of the cryptogram input, and the card's tags: from command, answer and options."""
    command = bytes.fromhex(request)
    at = _GPO_DATA_AT + _TTQ_BYTES if command[1] == 0xA8 else _GENERATE_DATA_AT
    tags = _flat(bytes.fromhex(options)[:-2]) | _flat(bytes.fromhex(answer)[:-2])
    return command[at : at + TERMINAL_BYTES], tags


def _presented(text: str) -> tuple[bytes, dict[str, bytes]]:
    tags = _flat(base64.b64decode(text))
    return bytes(TERMINAL_BYTES - 4) + tags["9F37"], tags


def _merchant(envelope: str) -> tuple[bytes, dict[str, bytes]]:
    payload = cbor2.loads(cbor2.loads(bytes.fromhex(envelope))[2])
    tags = _flat(payload[7])
    return b"".join(tags[tag] for tag in TERMINAL_TAGS), tags


_READERS = {"tap": terminal_and_tags, "presented": _presented, "merchant": _merchant}
