"""The watch's panel: holds the pixels, checks every window as the real controller would, and makes pictures."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

from tapwatch.simulator import picture
from tapwatch.simulator.frames import LinkError

_WINDOW = struct.Struct(">HHHH")


@dataclass(frozen=True)
class Glass:
    """Size and shape of a panel, in pixels."""

    width: int
    height: int
    corner_px: int
    align: int


@dataclass(frozen=True)
class Rectangle:
    """A window on the panel and its pixels, big-endian RGB565."""

    x: int
    y: int
    w: int
    h: int
    pixels: bytes

    def packed(self) -> bytes:
        """x, y, w, h as 16 bits each, then the pixels: the form in which the link and the page carry it."""
        return _WINDOW.pack(self.x, self.y, self.w, self.h) + self.pixels


class Panel:
    """A frame buffer with a light behind it."""

    def __init__(self, glass: Glass) -> None:
        """Start black, bright and awake."""
        self.glass = glass
        self.brightness = 255
        self.asleep = False
        self.bytes_written = 0
        self.windows_written = 0
        self._pixels = bytearray(glass.width * glass.height * 2)
        self._watchers: list[Callable[[Rectangle], None]] = []

    def watch(self, callback: Callable[[Rectangle], None]) -> Callable[[], None]:
        """Call back with each rectangle written from now on. Returns the function that ends this."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def write_packed(self, payload: bytes) -> None:
        """Take over a packed rectangle. Raises LinkError for a window off the panel, not aligned or cut short."""
        if len(payload) < _WINDOW.size:
            raise LinkError("a display frame without a window")
        x, y, w, h = _WINDOW.unpack_from(payload)
        self.write(Rectangle(x, y, w, h, payload[_WINDOW.size :]))

    def write(self, rectangle: Rectangle) -> None:
        """Take over a rectangle. Raises LinkError as `write_packed` does."""
        self._check(rectangle)
        row, line = rectangle.w * 2, self.glass.width * 2
        for index in range(rectangle.h):
            start = (rectangle.y + index) * line + rectangle.x * 2
            self._pixels[start : start + row] = rectangle.pixels[index * row : (index + 1) * row]
        self.bytes_written += len(rectangle.pixels)
        self.windows_written += 1
        for watcher in tuple(self._watchers):
            watcher(rectangle)

    def power_off(self) -> None:
        """All pixels black, as after a power cut."""
        g = self.glass
        self.write(Rectangle(0, 0, g.width, g.height, bytes(len(self._pixels))))
        self.brightness, self.asleep = 255, False
        self.bytes_written = self.windows_written = 0

    def replace(self, glass: Glass) -> None:
        """Become a panel of another size, black and without a picture. Nobody is called back."""
        self.glass = glass
        self._pixels = bytearray(glass.width * glass.height * 2)

    def whole(self) -> Rectangle:
        """All pixels as one rectangle."""
        return Rectangle(0, 0, self.glass.width, self.glass.height, bytes(self._pixels))

    def png(self, glass: bool = False) -> bytes:
        """What the wearer sees, as a PNG file: black while the panel sleeps. With `glass` the round corners are cut."""
        lit = bool(self.brightness) and not self.asleep
        pixels = bytes(self._pixels) if lit else bytes(len(self._pixels))
        corner = self.glass.corner_px if glass else 0
        return picture.png(self.glass.width, self.glass.height, pixels, corner)

    def _check(self, r: Rectangle) -> None:
        if not r.w or not r.h or r.x + r.w > self.glass.width or r.y + r.h > self.glass.height:
            raise LinkError(f"the watch drew outside its panel: {r.w} x {r.h} at {r.x}, {r.y}")
        if any(value % self.glass.align for value in (r.x, r.y, r.w, r.h)):
            raise LinkError(f"a window that is not aligned to {self.glass.align}: {r.w} x {r.h} at {r.x}, {r.y}")
        if len(r.pixels) != r.w * r.h * 2:
            raise LinkError(f"{len(r.pixels)} bytes of pixels for a window of {r.w} x {r.h}")
