"""Values that make no sense, for every row that a role may write."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tapwatch.phone.relay import HELLO, WALLET
from tapwatch.simulator.messages import encode

if TYPE_CHECKING:
    from random import Random

EXCHANGE, LINES = "7bfd1001-d44c-49ed-a19b-a26f1343b084", "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
COMMAND, TERMINAL = "7bfd2001-d44c-49ed-a19b-a26f1343b084", "7bfd2003-d44c-49ed-a19b-a26f1343b084"
CONTROL = "2A4C"
MOST = 253
"""Bytes of a write with the MTU of the watch."""
_SELECT = bytes.fromhex("00A404000E325041592E5359532E444446303100")


def _fragment(number: int, message: bytes, length: int, offset: int = 0) -> bytes:
    return struct.pack(">IHH", number, length, offset) + message


def _transfers(random: Random) -> list[bytes]:
    """Two whole messages, one in two parts, a question about nothing."""
    hello, wallet = encode(HELLO, 1, None), encode(WALLET, 2, None)
    number = random.getrandbits(32)
    return [
        _fragment(number, hello, len(hello)),
        _fragment(number + 1 & 0xFFFFFFFF, wallet[:2], len(wallet)),
        _fragment(number + 1 & 0xFFFFFFFF, wallet[2:], len(wallet), 2),
        _fragment(number, b"", 0),
        _fragment(number, b"\xff" * 200, 4096),
    ]


VALID = {
    "phone": {
        EXCHANGE: _transfers,
        LINES: lambda _: [
            b"\x10setTime(1795387208);E.setTimeZone(8);\n",
            b'\x10GB({t:"notify",id:5,src:"Chat",title:"A",body:"B"})\n',
            b'\x10GB({t:"notify-",id:5})\n',
            b'\x10GB({t:"musicinfo",artist:"A",album:atob("QUJD"),track:"C",dur:3,c:-1,n:-1})\n',
            b'\x10GB({t:"weather",temp:290,hum:40,txt:"Rain",code:500,wind:3,loc:"X"})\n',
        ],
    },
    "loader": {EXCHANGE: _transfers},
    "terminal": {
        COMMAND: lambda _: [b"\xc0" + _SELECT, b"\x80" + _SELECT[:9], b"\x41" + _SELECT[9:]],
        TERMINAL: lambda _: ["Teehaus Grün".encode(), b"Shop"],
    },
    "tv": {CONTROL: lambda _: [b"\0", b"\1"]},
}
"""By role and row: what makes sense there, in order, from a source of chance."""


def burst(random: Random, role: str, row: str, count: int) -> list[bytes]:
    """`count` values: sensible ones that were changed, and noise."""
    values = VALID[role][row](random)
    return [_one(random, values) for _ in range(count)]


def _one(random: Random, values: list[bytes]) -> bytes:
    kind, value = random.randrange(8), bytearray(random.choice(values))
    if kind == 0:
        return random.randbytes(random.choice((0, 1, 2, 8, 20, 60, MOST)))
    if kind == 1:
        return bytes(value[: random.randrange(len(value) + 1)])
    if kind == 2:
        return bytes(value + value)[:MOST]
    if kind == 3:
        return bytes(value + random.randbytes(MOST))[:MOST]
    if kind == 4:
        return bytes(value)  # as it is, but not when it should come
    for _ in range(random.randrange(1, 4)):
        value[random.randrange(len(value))] = random.getrandbits(8)
    return bytes(value)
