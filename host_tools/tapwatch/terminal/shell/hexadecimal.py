"""Reading hex that a person typed."""

from __future__ import annotations

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal.emv import tlv


def is_hex(text: str) -> bool:
    """True for pairs of hex digits, and nothing else."""
    return len(text) > 0 and len(text) % 2 == 0 and all(digit in "0123456789abcdefABCDEF" for digit in text)


def read(words: list[str]) -> bytes:
    """Bytes out of words of hex. Raises UserError."""
    text = "".join(words)
    if not is_hex(text):
        raise UserError(f"{' '.join(words)!r} is not hex", "write pairs of hex digits", EXIT_USAGE)
    return bytes.fromhex(text)


def tag(text: str) -> str:
    """A tag in upper case. Raises UserError."""
    try:
        found, end = tlv.read_tag(bytes.fromhex(text), 0) if is_hex(text) else ("", 0)
    except tlv.TlvProblem:
        found, end = "", 0
    if not found or 2 * end != len(text):
        raise UserError(f"{text!r} is no tag", "write 1 to 3 bytes in hex, such as 9F36", EXIT_USAGE)
    return found
