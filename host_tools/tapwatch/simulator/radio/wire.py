"""Messages about Bluetooth in frames of type RADIO, and how to write and read them.

Their fields are described where the watch keeps its copy of these numbers, in board/simulator/radio/wire.py; a test
holds the two against each other.
"""

from __future__ import annotations

import struct

POWER = 0x01
NAME = 0x02
MTU = 0x03
ADDRESS = 0x04
SECURITY = 0x05
SERVICES = 0x06
ADVERTISE = 0x07
SILENCE = 0x08
DISCONNECT = 0x09
PAIR = 0x0A
PASSKEY_ANSWER = 0x0B
NOTIFY = 0x0C
INDICATE = 0x0D
CHANGED = 0x0E
READ_ANSWER = 0x0F
WRITE_ANSWER = 0x10
SECRET_ANSWER = 0x11
FIND_SERVICES = 0x12
FIND_CHARACTERISTICS = 0x13
FIND_DESCRIPTORS = 0x14
CLIENT_READ = 0x15
CLIENT_WRITE = 0x16
CLIENT_MTU = 0x17

CONNECTED = 0x81
DISCONNECTED = 0x82
READ = 0x83
WRITTEN = 0x84
CONFIRMED = 0x85
SENT = 0x86
MTU_CHANGED = 0x87
ENCRYPTION = 0x88
PASSKEY = 0x89
SECRET_WANTED = 0x8A
SECRET_NEW = 0x8B
SERVICE = 0x8C
SERVICES_DONE = 0x8D
CHARACTERISTIC = 0x8E
CHARACTERISTICS_DONE = 0x8F
DESCRIPTOR = 0x90
DESCRIPTORS_DONE = 0x91
READ_RESULT = 0x92
READ_DONE = 0x93
WRITE_DONE = 0x94
NOTIFIED = 0x95
INDICATED = 0x96


def pack(number: int, form: str, *fields: int, data: bytes = b"") -> bytes:
    """One message: its number, fields of the `struct` form, then `data`."""
    return struct.pack(f">B{form}", number, *fields) + data


def unpack(form: str, message: bytes) -> tuple[int, ...]:
    """The fields behind the number of a message. Raises struct.error for one that is too short."""
    return struct.unpack_from(f">{form}", message, 1)


def rest(form: str, message: bytes) -> bytes:
    """What comes behind the number and fields of this form."""
    return message[1 + struct.calcsize(f">{form}") :]
