"""Text as phones send it: maybe cut in the middle of a character."""

from micropython import const

from watch.kernel.errors import InputError

_CHARACTER_BYTES = const(4)  # of the longest character of UTF-8


def text_of(data: bytes) -> str:
    """Text of a phone, without what a cut left of its last character. Raises InputError."""
    for cut in range(_CHARACTER_BYTES):
        try:
            return data[: len(data) - cut].decode()
        except UnicodeError:
            continue
    raise InputError("text that is not UTF-8")
