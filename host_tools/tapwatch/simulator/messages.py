"""Messages to the watch, and how its USB stream carries them; docs/formats.md has a section about them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.signing import cbor
from tapwatch.simulator.frames import LinkError

MAX_MESSAGE = 4096
_HINTS = {
    "storage-corrupt": "Its flash is damaged or of an older version: hold its button to erase it, or delete its state.",
    "no-entropy": "Its entropy source does not run.",
    "no-passcode": "Choose a passcode on the watch first.",
    "locked": "Enter the passcode on the watch.",
    "wiped": "Restart the watch and set it up again.",
}
_LENGTH_BYTES = 2


class WatchRefused(UserError):
    """The watch answered with an error status, which is in `status`."""

    def __init__(self, kind: int, status: str) -> None:
        super().__init__(f"The watch refused message {kind}: {status}.", _HINTS.get(status, ""), EXIT_FAILED)
        self.status = status


class Messages:
    """One request at a time over one run of the firmware."""

    def __init__(self, send: Callable[[bytes], None], stream: asyncio.StreamReader) -> None:
        """`send` puts bytes into the stream to the watch; `stream` holds what comes back."""
        self._send = send
        self._stream = stream
        self._sequence = 0
        self._turn = asyncio.Lock()

    async def ask(self, kind: int, body: object) -> cbor.Value:
        """Send one message and return the body of its answer. Raises WatchRefused, LinkError or ValueError."""
        async with self._turn:
            self._sequence += 1
            message = encode(kind, self._sequence, body)
            self._send(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
            return await self._answer(kind, self._sequence)

    async def _answer(self, kind: int, sequence: int) -> cbor.Value:
        while True:
            data = await self._read()
            if _parse(data)[1] != sequence:
                continue  # the answer to a request that was given up
            return taken(data, kind)

    async def _read(self) -> bytes:
        try:
            length = int.from_bytes(await self._stream.readexactly(_LENGTH_BYTES), "big")
            return await self._stream.readexactly(length)
        except asyncio.IncompleteReadError as problem:
            raise LinkError("the watch went away in the middle of a message") from problem


def encode(kind: int, sequence: int, body: object) -> bytes:
    """One message. Raises ValueError if it is too long."""
    message = cbor.encode([kind, sequence, body])
    if len(message) > MAX_MESSAGE:
        raise ValueError(f"a message has at most {MAX_MESSAGE} bytes, not {len(message)}")
    return message


def taken(answer: bytes, kind: int) -> cbor.Value:
    """The body of the answer to a message of this kind. Raises WatchRefused or LinkError."""
    got_kind, _, status, body = _parse(answer)
    if got_kind != kind:
        raise LinkError(f"the watch answered message {kind} as if it were {got_kind}")
    if status != "ok" and status != "kept":
        raise WatchRefused(kind, status)
    return body


def _parse(data: bytes) -> tuple[int, int, str, cbor.Value]:
    try:
        message = cbor.decode(data)
    except cbor.CborProblem as problem:
        raise LinkError("the watch sent a message that is no CBOR") from problem
    if not isinstance(message, list) or len(message) != 4:
        raise LinkError("the watch sent a message that is no answer")
    kind, sequence, status, body = message
    if not isinstance(kind, int) or not isinstance(sequence, int) or not isinstance(status, str):
        raise LinkError("the watch sent a message that is no answer")
    return kind, sequence, status, body
