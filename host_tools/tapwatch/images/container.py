"""The file around a system image: `TWI1`, the signatures, the body, and the index at the start of the body."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.images.statement import KIND, Statement
from tapwatch.signing import cbor, envelope
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.forms import form_problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAGIC = b"TWI1"
MOST_HEAD_BYTES = 4_096
MOST_SIGNATURES = 3
_HEAD_AT = len(MAGIC) + 2
MOST_BODY_BYTES = 4_190_208
MOST_INDEX_BYTES = 65_536
_DIGITS = 8
"""Of the length of the index, in its first line."""
_PATH = re.compile(r"(?=.{1,96}$)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_LINE = re.compile(r"([^ ]+) (0|[1-9]\d{0,7}) (0|[1-9]\d{0,7})")


class ImageProblem(ValueError):
    """The bytes are no system image."""


@dataclass(frozen=True)
class Entry:
    """One signature."""

    certificate: bytes
    """Of the update key, an envelope."""
    envelope: bytes


@dataclass(frozen=True)
class Image:
    """An image taken apart. Nothing here says that a signature is good."""

    entries: tuple[Entry, ...]
    payload: bytes
    """What all of them have signed."""
    statement: Statement
    body: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the body. Raises ImageProblem."""
        return {path: self.body[start : start + length] for path, (start, length) in read_index(self.body).items()}


def write_body(files: Mapping[str, bytes]) -> bytes:
    """The index and the files behind it. Raises ImageProblem for a path that may not be."""
    wrong = [path for path in files if not _PATH.fullmatch(path)]
    if wrong:
        raise ImageProblem(f"{wrong[0]!r} is no path of an image")
    paths = sorted(files)
    length = 0
    while True:  # longer offsets make a longer index, and it never gets shorter: some rounds
        index = _index(paths, files, length)
        if len(index) > MOST_INDEX_BYTES:
            raise ImageProblem(f"the index has {len(index)} bytes, at most {MOST_INDEX_BYTES}: too many files")
        if len(index) == length:
            break
        length = len(index)
    body = index + b"".join(files[path] for path in paths)
    if len(body) > MOST_BODY_BYTES:
        raise ImageProblem(f"the body has {len(body)} bytes, at most {MOST_BODY_BYTES}")
    return body


def _index(paths: list[str], files: Mapping[str, bytes], start: int) -> bytes:
    lines, at = [], start
    for path in paths:
        lines.append(f"{path} {at} {len(files[path])}\n")
        at += len(files[path])
    rest = "".join(lines).encode()
    return f"{len(rest) + _DIGITS + 1:0{_DIGITS}d}\n".encode() + rest


def read_index(body: bytes) -> dict[str, tuple[int, int]]:
    """Offset in the body and length of each file. Raises ImageProblem unless they fill it in order."""
    head = body[: _DIGITS + 1]
    if len(head) <= _DIGITS or not head[:_DIGITS].isdigit() or head[_DIGITS:] != b"\n":
        raise ImageProblem("the body does not begin with the length of its index")
    end = int(head)
    try:
        lines = body[len(head) : end].decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise ImageProblem("the index is no text") from None
    if not len(head) <= end <= min(len(body), MOST_INDEX_BYTES) or lines.pop() != "":
        raise ImageProblem("the index has another length than it says")
    found = _entries(lines, end)
    if sum(length for _, length in found.values()) + end != len(body):
        raise ImageProblem("the files do not fill the body")
    return found


def _entries(lines: list[str], at: int) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    last = ""
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or not _PATH.fullmatch(match[1]) or not last < match[1]:
            raise ImageProblem(f"{line!r} is no line of an index, or out of order")
        last, start, length = match[1], int(match[2]), int(match[3])
        if start != at:
            raise ImageProblem(f"{last} does not follow the file before it")
        found[last] = (start, length)
        at += length
    return found


def write(entries: Sequence[Entry], body: bytes) -> bytes:
    """The image. Raises ImageProblem if there are too many signatures, or none."""
    if not 0 < len(entries) <= MOST_SIGNATURES:
        raise ImageProblem(f"an image has 1 to {MOST_SIGNATURES} signatures, not {len(entries)}")
    head = cbor.encode([[entry.certificate, entry.envelope] for entry in entries])
    if len(head) > MOST_HEAD_BYTES:
        raise ImageProblem(f"the signatures have {len(head)} bytes, at most {MOST_HEAD_BYTES}")
    return MAGIC + len(head).to_bytes(2, "big") + head + body


def read(data: bytes) -> Image:
    """Take an image apart. Raises ImageProblem for another form, or a body that is not the one that was signed."""
    if not data.startswith(MAGIC) or len(data) < _HEAD_AT:
        raise ImageProblem("it does not begin as an image does")
    end = _HEAD_AT + int.from_bytes(data[len(MAGIC) : _HEAD_AT], "big")
    if end > min(len(data), _HEAD_AT + MOST_HEAD_BYTES):
        raise ImageProblem("its head is cut off, or too long")
    entries = _read_entries(data[_HEAD_AT:end])
    payload, statement = _agreed(entries)
    body = data[end:]
    if len(body) != statement.length or hashlib.sha256(body).digest() != statement.body:
        raise ImageProblem("its body is not the one that was signed")
    return Image(entries, payload, statement, body)


def _read_entries(head: bytes) -> tuple[Entry, ...]:
    try:
        found = cbor.decode(head)
    except cbor.CborProblem as problem:
        raise ImageProblem(f"its head: {problem}") from None
    if not isinstance(found, list) or not 0 < len(found) <= MOST_SIGNATURES:
        raise ImageProblem(f"its head is no array of 1 to {MOST_SIGNATURES} signatures")
    return tuple(_entry(pair) for pair in found)


def _entry(pair: object) -> Entry:
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, bytes) for part in pair):
        raise ImageProblem("a signature is a pair of certificate and envelope")
    return Entry(*pair)


def _agreed(entries: tuple[Entry, ...]) -> tuple[bytes, Statement]:
    """What all envelopes say."""
    try:
        said = [envelope.parse(entry.envelope) for entry in entries]
    except SignatureProblem as problem:
        raise ImageProblem(f"a signature: {problem}") from None
    first = said[0]
    if any(one.kind != KIND or one.payload_bytes != first.payload_bytes for one in said):
        raise ImageProblem("its signatures are not all of the same system")
    problems = form_problems(KIND, first.payload)
    if problems or not isinstance(first.payload, dict):
        raise ImageProblem(problems[0])
    return first.payload_bytes, Statement.of(first.payload)
