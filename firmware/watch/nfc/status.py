"""Status words of ISO/IEC 7816-4 section 5.6 that this room answers with."""

from micropython import const

OK = const(0x9000)
WRONG_LENGTH = const(0x6700)
SECURITY_STATUS_NOT_SATISFIED = const(0x6982)
CONDITIONS_NOT_SATISFIED = const(0x6985)
NO_CURRENT_FILE = const(0x6986)
SEE_DEVICE = const(0x6986)
"""The same word to a payment terminal: look at the device (EMV Contactless Book B)."""
FILE_NOT_FOUND = const(0x6A82)
WRONG_P1_P2 = const(0x6A86)
WRONG_OFFSET = const(0x6B00)
UNKNOWN_INSTRUCTION = const(0x6D00)
UNKNOWN_CLASS = const(0x6E00)
NO_PRECISE_DIAGNOSIS = const(0x6F00)
