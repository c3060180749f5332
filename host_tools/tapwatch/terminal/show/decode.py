"""Any hex of a contactless conversation as readable lines: a command, an answer, or plain BER-TLV."""

from __future__ import annotations

from tapwatch.terminal.emv import apdu, tlv
from tapwatch.terminal.show.trace import answer_lines
from tapwatch.terminal.show.tree import hexed, tree

_INSTRUCTIONS = {  # ISO/IEC 7816-4 table 4.2, EMV Book 3 section 6.5
    0x20: "VERIFY",
    0x84: "GET CHALLENGE",
    0x88: "INTERNAL AUTHENTICATE",
    0xA4: "SELECT",
    0xA8: "GET PROCESSING OPTIONS",
    0xAE: "GENERATE AC",
    0xB0: "READ BINARY",
    0xB2: "READ RECORD",
    0xCA: "GET DATA",
    0xEA: "EXCHANGE RELAY RESISTANCE DATA",
}
_CLASSES = (0x00, 0x80)
_INDENT = "    "


def decode(data: bytes) -> list[str]:
    """Lines for whatever the bytes are."""
    if _is_answer(data):
        return answer_lines(data)
    body = _command_data(data)
    return tree(data) if body is None else _command_lines(data, body)


def _is_answer(data: bytes) -> bool:
    """True if the bytes end with a status word that is known and what precedes it is BER-TLV."""
    if len(data) < 2 or int.from_bytes(data[-2:], "big") not in apdu.STATUS_WORDS:
        return False
    return _is_tlv(data[:-2])


def _is_tlv(data: bytes) -> bool:
    try:
        tlv.parse(data)
    except tlv.TlvProblem:
        return False
    return True


def _command_data(data: bytes) -> bytes | None:
    """The data field if the bytes are a short command with a known instruction, else None."""
    if len(data) < 4 or data[0] not in _CLASSES or data[1] not in _INSTRUCTIONS:
        return None
    body = data[4:]
    if len(body) <= 1:  # no data; at most Le
        return b""
    length = body[0]
    return body[1 : 1 + length] if len(body) - 1 - length in (0, 1) else None


def command_name(data: bytes) -> str:
    """What a command of at least four bytes is called, with its parameters."""
    known = _INSTRUCTIONS.get(data[1]) if data[0] in _CLASSES else None
    return f"{known or 'command'}, P1 {data[2]:02X}, P2 {data[3]:02X}"


def _command_lines(data: bytes, body: bytes) -> list[str]:
    lines = [f"-> {command_name(data)}"]
    if body:
        is_name = data[1] == 0xA4
        lines += hexed(body, _INDENT) if is_name or not _is_tlv(body) else tree(body, _INDENT)
    if body.isascii() and body.decode("ascii", "replace").isprintable() and body:
        lines.append(f'{_INDENT}"{body.decode("ascii")}"')
    return lines
