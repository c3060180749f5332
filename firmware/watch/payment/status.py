"""Status words of the payment applications, negative as the router takes them (EMV Book 3 section 6.3.5, Book B)."""

from micropython import const

INVALIDATED = const(-0x6283)
"""To SELECT: the application is blocked; the terminal leaves it out (EMV Book 1 section 12.4)."""
TRIES_LEFT = const(-0x63C0)
"""To VERIFY: the PIN was wrong; less the tries that are left."""
WRONG_LENGTH = const(-0x6700)
PIN_BLOCKED = const(-0x6983)
CONDITIONS_NOT_SATISFIED = const(-0x6985)
"""Out of order, or this application does not pay: the reader goes on to the next one."""
SEE_DEVICE = const(-0x6986)
"""To GET PROCESSING OPTIONS: look at the device, then tap again."""
WRONG_DATA = const(-0x6A80)
NOT_FOUND = const(-0x6A82)
"""No such file or application."""
RECORD_NOT_FOUND = const(-0x6A83)
WRONG_P1_P2 = const(-0x6A86)
DATA_NOT_FOUND = const(-0x6A88)
UNKNOWN_INSTRUCTION = const(-0x6D00)
