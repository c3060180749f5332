"""Messages about Bluetooth in frames of type RADIO: a number (1 byte), then fields, big-endian, in the order given.

`link` is a connection's handle (2), `handle` an attribute's (2), `tag` (2) joins a question of the host to its answer.
What has no length comes last and takes the rest. The host keeps its own copy of these numbers in
host_tools/tapwatch/simulator/radio/wire.py; a test holds the two against each other.
"""

from micropython import const

# Watch to host.
POWER = const(0x01)
"""1 on, 0 off."""
NAME = const(0x02)
"""Device name of the generic access service, bytes."""
MTU = const(0x03)
"""Longest ATT packet that the watch takes (2)."""
ADDRESS = const(0x04)
"""Kind of address to advertise with (1): 0 and 1 the watch's own, 2 resolvable private."""
SECURITY = const(0x05)
"""bond, mitm, le_secure (0 or 1, 1 each), io capability (1)."""
SERVICES = const(0x06)
"""Rows: kind (1: 0 service, 1 characteristic, 2 descriptor), handle, flags (2), length of the UUID (1), UUID."""
ADVERTISE = const(0x07)
"""Interval in microseconds (4), connectable (1), length of the advertising data (1), those, scan response."""
SILENCE = const(0x08)
"""Empty: advertise no more."""
DISCONNECT = const(0x09)
"""link."""
PAIR = const(0x0A)
"""link."""
PASSKEY_ANSWER = const(0x0B)
"""link, action (1), passkey or 0 and 1 (4)."""
NOTIFY = const(0x0C)
"""link, handle, value. Answered by SENT."""
INDICATE = const(0x0D)
"""link, handle, value. Answered by CONFIRMED."""
CHANGED = const(0x0E)
"""handle, value: to everyone who subscribed."""
READ_ANSWER = const(0x0F)
"""tag, ATT error or 0 (1), value."""
WRITE_ANSWER = const(0x10)
"""tag, ATT error or 0 (1)."""
SECRET_ANSWER = const(0x11)
"""tag, 1 if there is one or it was stored (1), value."""
FIND_SERVICES = const(0x12)
"""link, UUID or nothing."""
FIND_CHARACTERISTICS = const(0x13)
"""link, first and last handle, UUID or nothing."""
FIND_DESCRIPTORS = const(0x14)
"""link, first and last handle."""
CLIENT_READ = const(0x15)
"""link, handle."""
CLIENT_WRITE = const(0x16)
"""link, handle, with response (1), value."""
CLIENT_MTU = const(0x17)
"""link."""

# Host to watch.
CONNECTED = const(0x81)
"""link, kind of address (1), address (6)."""
DISCONNECTED = const(0x82)
"""link, kind of address (1), address (6)."""
READ = const(0x83)
"""tag, link, handle. Answered by READ_ANSWER."""
WRITTEN = const(0x84)
"""tag, link, handle, value. Answered by WRITE_ANSWER."""
CONFIRMED = const(0x85)
"""link, handle, status (1): 0 for a confirmed indication."""
SENT = const(0x86)
"""link: one notification more has left."""
MTU_CHANGED = const(0x87)
"""link, MTU (2)."""
ENCRYPTION = const(0x88)
"""link, encrypted, authenticated, bonded (0 or 1, 1 each), bytes of the key (1)."""
PASSKEY = const(0x89)
"""link, action (1), passkey (4)."""
SECRET_WANTED = const(0x8A)
"""tag, kind (1), index (1), key or nothing."""
SECRET_NEW = const(0x8B)
"""tag, kind (1), length of the key (1), key, value, nothing for one to forget."""
SERVICE = const(0x8C)
"""link, first and last handle, UUID."""
SERVICES_DONE = const(0x8D)
"""link, status (1)."""
CHARACTERISTIC = const(0x8E)
"""link, last handle, value's handle, properties (1), UUID."""
CHARACTERISTICS_DONE = const(0x8F)
"""link, status (1)."""
DESCRIPTOR = const(0x90)
"""link, handle, UUID."""
DESCRIPTORS_DONE = const(0x91)
"""link, status (1)."""
READ_RESULT = const(0x92)
"""link, handle, value."""
READ_DONE = const(0x93)
"""link, handle, status (1)."""
WRITE_DONE = const(0x94)
"""link, handle, status (1)."""
NOTIFIED = const(0x95)
"""link, handle, value."""
INDICATED = const(0x96)
"""link, handle, value."""
