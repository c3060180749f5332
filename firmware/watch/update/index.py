"""The list of files in the body of an image: docs/updates.md "The image". Read from the file, line by line."""

from micropython import const

from watch.kernel.errors import ImageError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import BinaryIO, Generator

MAX_BYTES = const(65_536)
MAX_PATH_BYTES = const(96)
_FIRST_LINE_BYTES = const(9)  # eight digits and a newline
_MAX_LINE_BYTES = const(114)  # a path, two numbers of at most seven digits, two spaces, a newline
_LINES_A_STEP = const(32)
_FIELDS = const(3)
_ALLOWED = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/"
_ALWAYS = (b"main.py", b"facts.py")


def checking(file: "BinaryIO", body_bytes: int, board: str) -> "Generator[None, None, None]":
    """Check that an index fills the body with files, in steps. The file stands at the start of the body.

    Raises ImageError for an index of another form, or without the files that a start needs; OSError.
    """
    left = _length(file.read(_FIRST_LINE_BYTES), body_bytes)
    at, last, count = left, b"", 0
    wanted = [b"board/%s/board.mpy" % board.encode()]
    wanted.extend(_ALWAYS)
    left -= _FIRST_LINE_BYTES
    while left:
        line = file.readline(min(left, _MAX_LINE_BYTES))
        left -= len(line)
        path, offset, length = _entry(line)
        if path <= last:
            raise ImageError("the index is not sorted")
        if offset != at:
            raise ImageError("the files of an image lie one after the other")
        if path in wanted:
            wanted.remove(path)
        at, last, count = at + length, path, count + 1
        if count % _LINES_A_STEP == 0:
            yield
    if at != body_bytes:
        raise ImageError("the files of the image do not end where it ends")
    if wanted:
        raise ImageError("the image lacks %s" % wanted[0].decode())


def _length(line: bytes, body_bytes: int) -> int:
    """Of the index, as its first line tells."""
    if len(line) != _FIRST_LINE_BYTES or line[-1:] != b"\n" or not line[:-1].isdigit():
        raise ImageError("an index begins with its length")
    length = int(line[:-1])
    if not _FIRST_LINE_BYTES <= length <= min(MAX_BYTES, body_bytes):
        raise ImageError("an index has at most %d bytes" % MAX_BYTES)
    return length


def _entry(line: bytes) -> "tuple[bytes, int, int]":
    """Path, offset and length of one line."""
    parts = line[:-1].split(b" ")
    if line[-1:] != b"\n" or len(parts) != _FIELDS:
        raise ImageError("a line of the index is a path and two numbers")
    return _path(parts[0]), _number(parts[1]), _number(parts[2])


def _path(path: bytes) -> bytes:
    """A path without a leading slash, and without steps upwards."""
    if not 0 < len(path) <= MAX_PATH_BYTES or any(byte not in _ALLOWED for byte in path):
        raise ImageError("a path of the index is too long, or has characters that none may have")
    if any(part in (b"", b".", b"..") for part in path.split(b"/")):
        raise ImageError("a path of the index goes astray")
    return path


def _number(digits: bytes) -> int:
    """A number as it is written shortest."""
    if not digits.isdigit() or (digits[:1] == b"0" and len(digits) > 1):
        raise ImageError("a number of the index")
    return int(digits)
