"""What the watch says of itself to everyone: the bytes of advertisement and scan response.

The service of the phone link stands in the advertisement, for Gadgetbridge can filter by it; the name follows in the
scan response. While a television may pair, the advertisement also says that this is a game controller. While a phone
may, it asks for the notifications of an iPhone instead, whose settings list nothing else; both do not fit. Under the
name that Gadgetbridge knows the phone is no iPhone, and the service stays.
"""

from micropython import const

from watch.ble import roles

PHONE_LINK = b"\x9e\xca\xdc\x24\x0e\xe5\xa9\xe0\x93\xf3\xa3\xb5\x01\x00\x40\x6e"
"""6e400001-b5a3-f393-e0a9-e50e24dcca9e, least significant byte first."""
NOTIFICATIONS = b"\xd0\x00\x2d\x12\x1e\x4b\x0f\xa4\x99\x4e\xce\xb5\x31\xf4\x05\x79"
"""7905f431-b5ce-4e99-a40f-4b1e122d00d0, Apple Notification Center Service, least significant byte first."""
HID = const(0x1812)
GAMEPAD = const(0x03C4)
"""Appearance, Assigned Numbers section 2.6.3."""
MOST_BYTES = const(31)
"""Of an advertisement, Core 5.4 vol. 6 part B section 2.3.1."""

_FLAGS, _UUIDS_16, _UUIDS_128 = const(0x01), const(0x03), const(0x07)
_SHORT_NAME, _NAME, _APPEARANCE = const(0x08), const(0x09), const(0x19)
_SOLICITED_128 = const(0x15)
"""Types, Assigned Numbers section 2.3."""
_GENERAL_LE_ONLY = b"\x06"  # LE General Discoverable, BR/EDR not supported
_HEAD_BYTES = const(2)
_ESPRUINO = "Espruino "


def name_of(address: bytes, espruino: bool = False) -> str:
    """`Tapwatch 1a2b` by the end of the device address; with `espruino` Gadgetbridge knows the watch by its name."""
    name = f"Tapwatch {address[-2]:02x}{address[-1]:02x}"
    return _ESPRUINO + name if espruino else name


def advertisement(name: str, role: str = "") -> bytes:
    """The advertisement, 29 bytes at most. `role`: of the pairing window, empty if there is none."""
    flags = _part(_FLAGS, _GENERAL_LE_ONLY)
    if role == roles.PHONE and not name.startswith(_ESPRUINO):
        return flags + _part(_SOLICITED_128, NOTIFICATIONS)
    made = flags + _part(_UUIDS_128, PHONE_LINK)
    if role == roles.TV:
        made += _part(_APPEARANCE, _number(GAMEPAD)) + _part(_UUIDS_16, _number(HID))
    return made


def scan_response(name: str) -> bytes:
    """The name, cut at a whole character if it is too long."""
    whole = name.encode()
    if len(whole) <= MOST_BYTES - _HEAD_BYTES:
        return _part(_NAME, whole)
    end = MOST_BYTES - _HEAD_BYTES
    while whole[end] & 0xC0 == 0x80:  # inside a character of UTF-8
        end -= 1
    return _part(_SHORT_NAME, whole[:end])


def _number(value: int) -> bytes:
    return bytes((value & 0xFF, value >> 8))


def _part(kind: int, data: bytes) -> bytes:
    return bytes((len(data) + 1, kind)) + data
