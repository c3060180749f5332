"""The message specification: a subset of ISO 8583:1987, text in ASCII, bitmaps and field 55 in binary.

Messages: 0100/0110 authorisation, 0200/0210 purchase, 0220/0230 advice, 0400/0410 and 0420/0430 reversal,
0800/0810 network management. A repeat has the same fields and a type ending in 1 (0101, 0201, 0221, 0401, 0421).
A reversal or an advice carries the fields 13, 32, 37, 41 and 42 of its original and points at it with field 90.
"""

from collections.abc import Mapping

import iso8583

from tapwatch.acquiring.problems import MessageProblem

Fields = dict[str, str]
"""A message: "t" is its type, "2" to "128" its fields, all text; field 55 is upper-case hex of BER-TLV."""

MAX_MESSAGE_BYTES = 2048
"""Longest message either side accepts; ours stay under 700."""

ANSWERS = {
    "0100": "0110", "0101": "0110",
    "0200": "0210", "0201": "0210",
    "0220": "0230", "0221": "0230",
    "0400": "0410", "0401": "0410",
    "0420": "0430", "0421": "0430",
    "0800": "0810",
}  # fmt: skip
"""Type of the answer to each request."""

# field: (bytes in the length prefix, 0 for fixed; longest or exact length; description). ISO 8583:1987 section 4.
_TEXT_FIELDS = {
    "2": (2, 19, "Primary account number"),
    "3": (0, 6, "Processing code"),
    "4": (0, 12, "Amount, transaction"),
    "7": (0, 10, "Transmission date and time, MMDDhhmmss UTC"),
    "11": (0, 6, "System trace audit number"),
    "12": (0, 6, "Time, local, hhmmss"),
    "13": (0, 4, "Date, local, MMDD"),
    "14": (0, 4, "Expiry, YYMM"),
    "18": (0, 4, "Merchant type"),
    "19": (0, 3, "Acquirer country code"),
    "22": (0, 3, "POS entry mode"),
    "23": (0, 3, "PAN sequence number"),
    "25": (0, 2, "POS condition code"),
    "32": (2, 11, "Acquiring institution"),
    "35": (2, 37, "Track 2 data"),
    "37": (0, 12, "Retrieval reference number"),
    "38": (0, 6, "Authorisation code"),
    "39": (0, 2, "Response code"),
    "41": (0, 8, "Terminal"),
    "42": (0, 15, "Merchant"),
    "43": (0, 40, "Merchant name and place"),
    "44": (2, 25, "Additional response data"),
    "49": (0, 3, "Currency, transaction"),
    "70": (0, 3, "Network management code"),
    "90": (0, 42, "Original data elements"),
}
_NUMERIC = frozenset(["2", "3", "4", "7", "11", "12", "13", "14", "18", "19", "22", "23", "25", "32", "49", "70", "90"])
ECHO = "301"
"""Network management code, field 70, that only asks whether the other side is there."""


def _text(length_bytes: int, longest: int, description: str) -> dict[str, object]:
    return {
        "data_enc": "ascii",
        "len_enc": "ascii",
        "len_type": length_bytes,
        "max_len": longest,
        "desc": description,
    }


def _binary(length_bytes: int, longest: int, description: str) -> dict[str, object]:
    return {**_text(length_bytes, longest, description), "data_enc": "b"}


def _build() -> dict[str, dict[str, object]]:
    fields = {name: _text(*row) for name, row in _TEXT_FIELDS.items()}
    fields["h"] = _text(0, 0, "Message header")
    fields["t"] = _text(0, 4, "Message type")
    fields["p"] = _binary(0, 8, "Bitmap, primary")
    fields["1"] = _binary(0, 8, "Bitmap, secondary")
    fields["55"] = _binary(3, 255, "Chip data, BER-TLV")
    # The library wants a row for every number; a field we do not use is one that may only be empty.
    for number in range(2, 129):
        fields.setdefault(str(number), _text(2, 0, "Not used"))
    return fields


SPEC = _build()
"""The specification in the form `iso8583.encode` and `iso8583.decode` take."""


def encode(fields: Mapping[str, str]) -> bytes:
    """Return the bytes of a message. Raises MessageProblem for a field that is unknown, too long or of a wrong kind."""
    _check(fields)
    try:
        return bytes(iso8583.encode(dict(fields), SPEC)[0])
    except iso8583.EncodeError as problem:
        raise MessageProblem(f"field {problem.field}: {problem.msg}", problem.field) from None


def decode(data: bytes) -> Fields:
    """Return the fields of a message. Raises MessageProblem for anything that is not exactly one message."""
    if len(data) > MAX_MESSAGE_BYTES:
        raise MessageProblem(f"message of {len(data)} bytes; at most {MAX_MESSAGE_BYTES}")
    try:
        fields = iso8583.decode(data, SPEC)[0]
    except iso8583.DecodeError as problem:
        raise MessageProblem(f"field {problem.field}: {problem.msg}", problem.field) from None
    for name in ("h", "p", "1"):
        fields.pop(name, None)
    _check(fields)
    return fields


def _check(fields: Mapping[str, str]) -> None:
    """The library knows lengths only; numeric fields must be digits, and text printable."""
    for name, value in fields.items():
        if name in _NUMERIC and not (value.isascii() and value.isdigit()):
            raise MessageProblem(f"field {name} is not a number", name)
        if not (value.isascii() and value.isprintable()):
            raise MessageProblem(f"field {name} holds unprintable characters", name)


def original_elements(original: Mapping[str, str]) -> str:
    """Return field 90 for a reversal or an advice of `original`: type, STAN, transmission time, acquirer, forwarder."""
    try:
        return f"{original['t']}{original['11']}{original['7']}{original['32']:0>11}{'':0>11}"
    except KeyError as missing:
        raise MessageProblem(f"the original has no field {missing.args[0]}", str(missing.args[0])) from None
