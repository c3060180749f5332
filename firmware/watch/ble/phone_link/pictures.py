"""Text as bitmaps: pictures that Gadgetbridge puts into texts for what a watch may have no font for.

A picture is the characters NUL, width, height, bits per pixel (1 for text, 3 for emoji; bit 7: a transparent colour
follows) and then rows of bits, most significant first, that are not padded. Here they are taken out of the texts of a
message before anybody else sees them.
"""

import micropython
from micropython import const

from watch.kernel.loop import sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Union

    Pieces = list[Union[str, "Bitmap"]]

MOST_SIDE = const(128)
"""Largest picture, in px; Gadgetbridge's letters have about 20."""
MOST_BYTES = const(20_480)
"""Bits of all pictures of a message: 400 Chinese characters."""
IN_PIECES = "pieces"
"""Under this name a notification gets its text with pictures: a tuple, which no literal can be."""

_MARK = "\0"
_HEAD = const(4)
_HAS_TRANSPARENT = const(0x80)
_DEPTHS = (1, 3)
_TITLES = ("title", "sender", "subject")


class Bitmap:
    """One picture. `bits`: `w * h` pixels of `depth` bits, most significant first, without padding."""

    def __init__(self, w: int, h: int, depth: int, transparent: int, bits: bytearray) -> None:
        """`transparent`: the colour that does not show, -1 if all do. Colours of depth 3: red 4, green 2, blue 1."""
        self.w, self.h, self.depth, self.transparent, self.bits = w, h, depth, transparent, bits


async def take_out(message: "Any") -> "Any":
    """The same message without pictures in its texts; a notification has them in `IN_PIECES`."""
    if not isinstance(message, dict):
        return message
    message.pop(IN_PIECES, None)
    pieces: "dict[str, Pieces]" = {}
    room = MOST_BYTES
    for name in message:
        text = message[name]
        if isinstance(text, str) and _MARK in text:
            pieces[name], room = await split(text, room)
    for name in pieces:
        message[name] = words(pieces[name])
    if pieces and message.get("t") in ("notify", "notify~"):
        message[IN_PIECES] = _of_notification(message, pieces)
    return message


async def split(text: str, room: int) -> "tuple[Pieces, int]":
    """A text as words and pictures, and how many bytes of pictures it has left of `room`.

    What is no picture, too large or cut short is left out, with the NUL that promised one.
    """
    data = text.encode()
    found: "Pieces" = []
    at = 0
    while at < len(data):
        mark = data.find(b"\0", at)
        end = len(data) if mark < 0 else mark
        if end > at:
            found.append(str(data[at:end], "utf-8"))
        if mark < 0:
            break
        picture, at = _picture(data, mark + 1, room)
        if picture is not None:
            found.append(picture)
            room -= len(picture.bits)
        await sleep_ms(0)
    return found, room


def words(pieces: "Pieces") -> str:
    """What of it is text."""
    return " ".join(" ".join([piece for piece in pieces if isinstance(piece, str)]).split())


def _of_notification(message: "dict[str, Any]", pieces: "dict[str, Pieces]") -> "tuple[Any, ...]":
    """Title, if it has pictures, and body, to be read one after the other."""
    found: "Pieces" = []
    for name in _TITLES:
        if name in pieces:
            found.extend(pieces[name])
            found.append("\n")
            break
    body = message.get("body")
    found.extend(pieces["body"] if "body" in pieces else [body] if isinstance(body, str) else [])
    return tuple(found)


def _picture(data: bytes, at: int, room: int) -> "tuple[Optional[Bitmap], int]":
    """The picture whose width is at `at`, or None; and where the text goes on."""
    start = at
    w, at = _byte(data, at)
    h, at = _byte(data, at)
    form, at = _byte(data, at)
    transparent = -1
    if form > 0 and form & _HAS_TRANSPARENT:
        transparent, at = _byte(data, at)
    depth = form & ~_HAS_TRANSPARENT
    if at < 0 or not (0 < w <= MOST_SIDE and 0 < h <= MOST_SIDE) or depth not in _DEPTHS:
        return None, start
    bits = bytearray((w * h * depth + 7) // 8)
    if len(bits) > len(data) - at:
        return None, len(data)  # it was cut short: what follows are bits
    at = _fill(data, at, bits)
    if at < 0:
        return None, len(data)
    return (Bitmap(w, h, depth, transparent, bits) if len(bits) <= room else None), at


def _byte(data: bytes, at: int) -> "tuple[int, int]":
    """The character at `at`, if it is one of Latin-1, and where the next one is; -1 for both if it is none."""
    if 0 <= at < len(data):
        if data[at] < 0x80:
            return data[at], at + 1
        if data[at] < 0xC4 and at + 1 < len(data):
            return (data[at] & 3) << 6 | data[at + 1] & 0x3F, at + 2
    return -1, -1


@micropython.native
def _fill(data: bytes, at: int, bits: bytearray) -> int:
    """Read characters of Latin-1 into `bits`. Where the next one is; -1 if there are too few, or others among them."""
    end = len(data)
    for place in range(len(bits)):
        if at >= end:
            return -1
        byte = data[at]
        at += 1
        if byte >= 0x80:
            if byte >= 0xC4 or at >= end:
                return -1
            byte = (byte & 3) << 6 | data[at] & 0x3F
            at += 1
        bits[place] = byte
    return at
