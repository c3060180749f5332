"""Numbers of MicroPython's `bluetooth` module: its events, permissions and security settings."""

from micropython import const

CENTRAL_CONNECT = const(1)
CENTRAL_DISCONNECT = const(2)
GATTS_WRITE = const(3)
GATTS_READ_REQUEST = const(4)
GATTC_SERVICE_RESULT = const(9)
GATTC_SERVICE_DONE = const(10)
GATTC_CHARACTERISTIC_RESULT = const(11)
GATTC_CHARACTERISTIC_DONE = const(12)
GATTC_DESCRIPTOR_RESULT = const(13)
GATTC_DESCRIPTOR_DONE = const(14)
GATTC_READ_RESULT = const(15)
GATTC_READ_DONE = const(16)
GATTC_WRITE_DONE = const(17)
GATTC_NOTIFY = const(18)
GATTC_INDICATE = const(19)
MTU_EXCHANGED = const(21)
ENCRYPTION_UPDATE = const(28)
GET_SECRET = const(29)
SET_SECRET = const(30)
PASSKEY_ACTION = const(31)
"""Events, https://docs.micropython.org/en/latest/library/bluetooth.html"""

READ_ENCRYPTED = const(0x0200)
READ_AUTHENTICATED = const(0x0400)
WRITE_ENCRYPTED = const(0x1000)
WRITE_AUTHENTICATED = const(0x2000)
"""Permissions of characteristics: NimBLE's BLE_GATT_CHR_F_*, handed through as they are."""

DESCRIPTOR_READ = const(0x01)
DESCRIPTOR_READ_ENCRYPTED = const(0x04)
DESCRIPTOR_READ_AUTHENTICATED = const(0x08)
"""Permissions of descriptors: NimBLE's BLE_ATT_F_*, other bits than those of characteristics."""

ATT_INSUFFICIENT_AUTHENTICATION = const(0x05)
ATT_INSUFFICIENT_AUTHORIZATION = const(0x08)
ATT_UNLIKELY_ERROR = const(0x0E)
"""Core 5.4 vol. 3 part F section 3.4.1.1."""

IO_DISPLAY_YES_NO = const(1)
"""The watch can show six digits and has a yes and a no."""
ADDRESS_PRIVATE = const(2)
"""Resolvable private addresses, changed by the stack."""
NUMERIC_COMPARISON = const(4)
"""Action of PASSKEY_ACTION: compare digits. 2 is to type them, 3 to show them to somebody who types them."""

SECRET_OURS = const(1)
SECRET_PEERS = const(2)
"""Secrets of a bond: NimBLE's BLE_STORE_OBJ_TYPE_OUR_SEC and _PEER_SEC."""
SECRET_IDENTITY = const(10)
"""The key that the watch's own private addresses are made of."""
