"""Messages on a TCP stream: each has its length in front, two bytes, big-endian."""

import asyncio
import socket
import time

from tapwatch.acquiring.problems import LinkProblem, MessageProblem
from tapwatch.acquiring.spec import MAX_MESSAGE_BYTES

_PREFIX_BYTES = 2


def wrap(message: bytes) -> bytes:
    """Return the message with its length in front. Raises MessageProblem if it is too long."""
    if len(message) > MAX_MESSAGE_BYTES:
        raise MessageProblem(f"message of {len(message)} bytes; at most {MAX_MESSAGE_BYTES}")
    return len(message).to_bytes(_PREFIX_BYTES, "big") + message


def read_from_socket(connection: socket.socket, deadline_s: float) -> bytes:
    """Return the next message. `deadline_s` is a time of `time.monotonic`.

    Raises LinkProblem if the peer hangs up or announces too much, TimeoutError at the deadline.
    """
    prefix = _read_exactly(connection, _PREFIX_BYTES, deadline_s)
    return _read_exactly(connection, _checked(prefix), deadline_s)


async def read_from_stream(reader: asyncio.StreamReader) -> bytes:
    """Return the next message, b"" at an orderly end. Raises LinkProblem like `read_from_socket`."""
    try:
        prefix = await reader.readexactly(_PREFIX_BYTES)
        return await reader.readexactly(_checked(prefix))
    except asyncio.IncompleteReadError as cut:
        if cut.expected == _PREFIX_BYTES and not cut.partial:
            return b""
        raise LinkProblem("the peer hung up inside a message") from None


def _checked(prefix: bytes) -> int:
    length = int.from_bytes(prefix, "big")
    if not 0 < length <= MAX_MESSAGE_BYTES:
        raise LinkProblem(f"the peer announced a message of {length} bytes")
    return length


def _read_exactly(connection: socket.socket, length: int, deadline_s: float) -> bytes:
    data = b""
    while len(data) < length:
        left_s = deadline_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        connection.settimeout(left_s)
        piece = connection.recv(length - len(data))
        if not piece:
            raise LinkProblem("the bank hung up before it answered")
        data += piece
    return data
