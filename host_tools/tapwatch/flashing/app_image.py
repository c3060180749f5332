"""Images of the ESP32's own format, bootloader and application: where one ends, and whether it is whole.

Source: esptool documentation, "Firmware Image Format": a header of 24 bytes, segments, a checksum that ends at a
multiple of 16 bytes, and the SHA-256 of all that.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

CHIP_IDS = {"esp32": 0, "esp32s2": 2, "esp32c3": 5, "esp32s3": 9, "esp32c2": 12, "esp32c6": 13, "esp32h2": 16}
"""Field `chip_id` of the extended header."""
FLASH_SIZES = {1 << 20: 0x00, 2 << 20: 0x10, 4 << 20: 0x20, 8 << 20: 0x30, 16 << 20: 0x40, 32 << 20: 0x50}
"""Bytes of flash: upper half of the byte that says so."""
DIGEST_BYTES = 32

_HEADER = struct.Struct("<BBBBI4xH9xB")  # magic, segments, mode, size and frequency, entry, chip, digest follows
_SEGMENT = struct.Struct("<II")
_MAGIC = 0xE9
_MOST_SEGMENTS = 16
_CHECKSUM_ALIGNMENT = 16
_SIZE_AT = 3


class ImageError(ValueError):
    """It is no such image, or not a whole one."""


@dataclass(frozen=True)
class AppImage:
    """Where an image lies in a file."""

    start: int
    chip_id: int
    digest_at: int
    """Where its SHA-256 lies."""

    @property
    def end(self) -> int:
        """First byte behind it."""
        return self.digest_at + DIGEST_BYTES


def find(data: bytes, start: int) -> AppImage:
    """The image that begins at `start`. Raises ImageError if there is none, or its SHA-256 is another."""
    if start + _HEADER.size > len(data):
        raise ImageError("it ends too early")
    magic, segments, _, _, _, chip_id, digest_follows = _HEADER.unpack_from(data, start)
    if magic != _MAGIC or not 0 < segments <= _MOST_SEGMENTS:
        raise ImageError(f"there is no program at {start:X}h")
    if digest_follows != 1:
        raise ImageError(f"the program at {start:X}h has no SHA-256 of itself")
    image = AppImage(start, chip_id, _digest_at(data, start, segments))
    if data[image.digest_at : image.end] != _digest(data, image):
        raise ImageError(f"the program at {start:X}h has been changed: its own SHA-256 is another")
    return image


def _digest_at(data: bytes, start: int, segments: int) -> int:
    at = start + _HEADER.size
    for _ in range(segments):
        if at + _SEGMENT.size > len(data):
            raise ImageError("it ends too early")
        at += _SEGMENT.size + _SEGMENT.unpack_from(data, at)[1]
    at = start + ((at - start) // _CHECKSUM_ALIGNMENT + 1) * _CHECKSUM_ALIGNMENT
    if at + DIGEST_BYTES > len(data):
        raise ImageError("it ends too early")
    return at


def _digest(data: bytes, image: AppImage) -> bytes:
    return hashlib.sha256(data[image.start : image.digest_at]).digest()


def with_flash_size(data: bytes, image: AppImage, flash_bytes: int) -> bytes:
    """The file with another flash size in the header of that image, and its SHA-256 made anew.

    Raises KeyError for a size that the header cannot say.
    """
    changed = bytearray(data)
    changed[image.start + _SIZE_AT] = changed[image.start + _SIZE_AT] & 0x0F | FLASH_SIZES[flash_bytes]
    changed[image.digest_at : image.end] = _digest(changed, image)
    return bytes(changed)
