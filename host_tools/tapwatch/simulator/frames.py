"""Frames on the host link between this process and the simulated watch.

A frame is type (1 byte), payload length (4 bytes, big-endian), payload. What each carries is described where the watch
keeps its copy of these numbers, in board/simulator/frames.py; a test holds the two against each other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADER = struct.Struct(">BI")
MAX_PAYLOAD = 1_048_576

READY = 0x01
DISPLAY_WRITE = 0x10
DISPLAY_BRIGHTNESS = 0x11
DISPLAY_SLEEP = 0x12
HAPTICS = 0x13
CLOCK_SET = 0x14
FIELD = 0x15
SOUND = 0x16
FLASH_READ = 0x20
FLASH_PROGRAM = 0x21
FLASH_ERASE = 0x22
MICROPHONE_ON = 0x23
SOUND_WANTED = 0x24
MICROPHONE_OFF = 0x25
USB = 0x30
EVENT = 0x31
STATE = 0x32
ADVANCED = 0x33
PHONE_HEARD = 0x34
RADIO = 0x35

CONFIG = 0x80
REPLY = 0x81
TOUCH = 0x82
BUTTONS = 0x83
MOTION = 0x84
POWER = 0x85
ENTROPY = 0x86
STATE_WANTED = 0x87
ADVANCE = 0x88
PHONE_SAYS = 0x89
PHONE_LINK = 0x8A
PHONE_TIME = 0x8B
ACCELERATION = 0x8C


class LinkError(Exception):
    """The watch sent something that is no frame, or a frame that makes no sense."""


def encode(kind: int, payload: bytes = b"") -> bytes:
    """One frame. Raises ValueError for a payload that is too long."""
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"a frame holds at most {MAX_PAYLOAD} bytes, not {len(payload)}")
    return HEADER.pack(kind, len(payload)) + payload


class FrameReader:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Add what arrived and give each frame that is now complete. Raises LinkError for an impossible length."""
        self._pending += data
        while len(self._pending) >= HEADER.size:
            kind, length = HEADER.unpack_from(self._pending)
            if length > MAX_PAYLOAD:
                raise LinkError(f"the watch announced a frame of {length} bytes; at most {MAX_PAYLOAD} are allowed")
            end = HEADER.size + length
            if len(self._pending) < end:
                return
            payload = bytes(self._pending[HEADER.size : end])
            del self._pending[:end]
            yield kind, payload
