"""NDEF messages: the few that the watch makes, and a check of those that others make.

NFC Forum NDEF 1.0 section 3; Text RTD 1.0; URI RTD 1.0; Connection Handover 1.3; "Bluetooth Secure Simple Pairing Using
NFC" (NFC Forum and Bluetooth SIG, 2014) section 3.3; type numbers of the Bluetooth Assigned Numbers.
"""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Sequence, Tuple

    Record = Tuple[int, bytes, bytes, bytes]
    """Type name format, type, id, payload."""

MOST_BYTES = const(512)
"""Longest message on the tag: a link or a contact, not a picture."""
_MOST_RECORDS = const(16)
_MOST_SHORT = const(255)

_MB = const(0x80)  # message begins
_ME = const(0x40)  # message ends
_CF = const(0x20)  # the next record goes on with this one's payload
_SR = const(0x10)  # payload length is one byte
_IL = const(0x08)  # an id length follows
_TNF = const(0x07)
_EMPTY = const(0)
_WELL_KNOWN = const(1)
_MEDIA = const(2)
_EXTERNAL = const(4)
_UNCHANGED = const(6)
_RESERVED = const(7)

_URI_PREFIXES = (
    b"http://www. https://www. http:// https:// tel: mailto: ftp://anonymous:anonymous@ ftp://ftp. ftps:// sftp:// "
    b"smb:// nfs:// ftp:// dav:// news: telnet:// imap: rtsp:// urn: pop: sip: sips: tftp: btspp:// btl2cap:// "
    b"btgoep:// tcpobex:// irdaobex:// file:// urn:epc:id: urn:epc:tag: urn:epc:pat: urn:epc:raw: urn:epc: urn:nfc:"
).split()
"""URI RTD table 3, from code 1 on; code 0 stands for no prefix."""

_HANDOVER_VERSION = b"\x13"  # 1.3
_CARRIER_ACTIVE = b"\x01"
_CARRIER = b"0"
"""Id of the carrier record, and the name by which the handover record refers to it."""
_LE_TYPE = b"application/vnd.bluetooth.le.oob"
_ADDRESS_BYTES = const(6)
_PUBLIC = b"\x00"
_MOST_NAME = const(29)  # what fits beside nothing else into one advertisement
_AD_ADDRESS = const(0x1B)
_AD_ROLE = const(0x1C)
_AD_APPEARANCE = const(0x19)
_AD_FLAGS = const(0x01)
_AD_NAME = const(0x09)
_PERIPHERAL_ONLY = b"\x00"
_WATCH = b"\xc0\x00"  # generic watch, low byte first
_LE_ONLY_DISCOVERABLE = b"\x06"  # LE general discoverable, no BR/EDR


def text(content: str, language: str = "en") -> bytes:
    """A message of one text record. Raises InputError if it is too long."""
    return _message(((_WELL_KNOWN, b"T", b"", bytes((len(language),)) + language.encode() + content.encode()),))


def uri(link: str) -> bytes:
    """A message of one URI record. Raises InputError unless `link` is printable ASCII without spaces, and short."""
    data = link.encode()
    for char in data:
        _expect(0x20 < char < 0x7F, "a link is printable ASCII")
    return _message(((_WELL_KNOWN, b"U", b"", _shortened(data)),))


def pairing(address: bytes, name: str) -> bytes:
    """A message by which a phone finds the watch over Bluetooth LE: handover select, and what its radio must know.

    `address` is public, 6 bytes, first byte most significant. Raises InputError.
    """
    _expect(len(address) == _ADDRESS_BYTES, "a device address has 6 bytes")
    data = name.encode()
    _expect(0 < len(data) <= _MOST_NAME, "a device name has 1 to 29 bytes")
    carrier = _CARRIER_ACTIVE + bytes((len(_CARRIER),)) + _CARRIER + b"\x00"  # nothing auxiliary
    select = _HANDOVER_VERSION + _message(((_WELL_KNOWN, b"ac", b"", carrier),))
    radio = b"".join(
        (
            _field(_AD_ADDRESS, bytes(reversed(address)) + _PUBLIC),
            _field(_AD_ROLE, _PERIPHERAL_ONLY),
            _field(_AD_APPEARANCE, _WATCH),
            _field(_AD_FLAGS, _LE_ONLY_DISCOVERABLE),
            _field(_AD_NAME, data),
        )
    )
    return _message(((_WELL_KNOWN, b"Hs", b"", select), (_MEDIA, _LE_TYPE, _CARRIER, radio)))


def check(message: "Any") -> None:
    """Raise InputError unless `message` is one well-formed NDEF message of at most 512 bytes and 16 records.

    The form is checked, not what a payload says.
    """
    _expect(isinstance(message, bytes) and 0 < len(message) <= MOST_BYTES, "a message is 1 to 512 bytes")
    at = 0
    head = 0
    for number in range(_MOST_RECORDS):
        _expect(at < len(message), "the message has no end")
        unfinished = head & _CF
        head = message[at]
        _expect(bool(head & _MB) == (number == 0), "the message begins at its first record")
        _expect((head & _TNF == _UNCHANGED) == bool(unfinished), "the chunks of a record follow each other")
        at = _end_of_record(message, at)
        if head & _ME:
            _expect(at == len(message) and not head & _CF, "the message ends with its last record")
            return
    raise InputError("a message has 16 records at most")


def _end_of_record(message: bytes, at: int) -> int:
    """Where the record that starts at `at` ends. Raises InputError if it breaks a rule or runs over the end."""
    head = message[at]
    fixed = at + (3 if head & _SR else 6) + (1 if head & _IL else 0)
    _expect(fixed <= len(message), "the message ends in the head of a record")
    type_length = message[at + 1]
    id_length = message[fixed - 1] if head & _IL else 0
    payload_length = message[at + 2] if head & _SR else _big_endian(message, at + 2)
    kind = head & _TNF
    _expect(kind != _RESERVED, "a record has a reserved kind")
    _expect((type_length > 0) == (_EMPTY < kind <= _EXTERNAL), "a record has a type where it needs one, and only there")
    if kind == _EMPTY:
        _expect(id_length == 0 and payload_length == 0, "an empty record holds nothing")
    elif kind == _UNCHANGED:
        _expect(not head & _IL, "only the first chunk has an id")
    for char in message[fixed : fixed + type_length]:
        _expect(0x20 <= char < 0x7F, "a type is printable ASCII")
    end = fixed + type_length + id_length + payload_length
    _expect(end <= len(message), "a record is longer than the message")
    return end


def _big_endian(message: bytes, at: int) -> int:
    """A four-byte length, not above what is refused anyway: the board's small integers have 31 bits."""
    if message[at] or message[at + 1]:
        return MOST_BYTES + 1
    return message[at + 2] << 8 | message[at + 3]


def _expect(condition: bool, what: str) -> None:
    if not condition:
        raise InputError(what)


def _message(records: "Sequence[Record]") -> bytes:
    """All records as one message. Raises InputError if something does not fit a short record, or the tag."""
    out = bytearray()
    for number in range(len(records)):
        kind, name, identity, payload = records[number]
        _expect(len(payload) <= _MOST_SHORT, "the content is too long for a record")
        head = kind | _SR | (0 if number else _MB) | (_ME if number == len(records) - 1 else 0)
        out.extend(bytes((head | (_IL if identity else 0), len(name), len(payload))))
        if identity:
            out.append(len(identity))
        out.extend(name + identity + payload)
    _expect(len(out) <= MOST_BYTES, "the message is too long")
    return bytes(out)


def _shortened(link: bytes) -> bytes:
    """A URI payload: the code of the longest known prefix, and the rest."""
    best = 0
    skip = 0
    for i in range(len(_URI_PREFIXES)):
        prefix = _URI_PREFIXES[i]
        if len(prefix) > skip and link.startswith(prefix):
            best = i + 1
            skip = len(prefix)
    return bytes((best,)) + link[skip:]


def _field(kind: int, data: bytes) -> bytes:
    """One structure of Bluetooth advertising data."""
    return bytes((1 + len(data), kind)) + data
