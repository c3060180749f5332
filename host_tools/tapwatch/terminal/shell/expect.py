"""`expect`: what makes a script a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.terminal.shell import hexadecimal

if TYPE_CHECKING:
    from tapwatch.terminal.shell.session import LastAnswer

USAGE = "expect 9000 | expect 6A82 63Cx | expect 9F27 = 80 | expect /regular expression/"
_PATTERN = re.compile(r"(?:[0-9A-Fa-fxX]{2})+")
_STATUS_DIGITS = 4


class ExpectationFailed(UserError):
    """The card answered something else."""

    def __init__(self, wanted: str, got: str) -> None:
        super().__init__(f"expected {wanted}, got {got}", "", EXIT_FAILED)


def check(text: str, last: LastAnswer | None) -> None:
    """Raise ExpectationFailed unless the last answer is as expected, UserError if `text` makes no sense."""
    if last is None:
        raise UserError("nothing was sent yet that could be expected", "send a command first", EXIT_USAGE)
    if len(text) > 1 and text[0] == text[-1] == "/":
        _check_text(text[1:-1], last)
    elif "=" in text:
        tag, _, wanted = text.partition("=")
        _check_value(hexadecimal.tag(tag.strip()), wanted.replace(" ", ""), last)
    else:
        _check_status(text.split(), last)


def _check_text(pattern: str, last: LastAnswer) -> None:
    try:
        found = re.search(pattern, last.text, re.MULTILINE)
    except re.error as error:
        raise UserError(f"/{pattern}/ is no regular expression: {error}", f"write {USAGE}", EXIT_USAGE) from None
    if not found:
        raise ExpectationFailed(f"/{pattern}/", "nothing like it in the last exchange")


def _check_value(tag: str, wanted: str, last: LastAnswer) -> None:
    got = last.values.get(tag)
    if got is None:
        raise ExpectationFailed(f"{tag} = {wanted}", f"no {tag}")
    if not _fits(wanted, got):
        raise ExpectationFailed(f"{tag} = {wanted}", got.hex().upper() or "no bytes")


def _check_status(wanted: list[str], last: LastAnswer) -> None:
    if not wanted or any(len(word) != _STATUS_DIGITS for word in wanted):
        raise UserError("a status word has four digits", f"write {USAGE}", EXIT_USAGE)
    if not any(_fits(word, last.status.to_bytes(2, "big")) for word in wanted):
        raise ExpectationFailed(" or ".join(wanted).upper(), f"{last.status:04X}")


def _fits(wanted: str, got: bytes) -> bool:
    """True if the bytes are those, where an x stands for any digit. Raises UserError."""
    if not _PATTERN.fullmatch(wanted):
        raise UserError(f"{wanted!r} is not hex", "write pairs of hex digits, x for any digit", EXIT_USAGE)
    return re.fullmatch(wanted.upper().replace("X", "."), got.hex().upper()) is not None
