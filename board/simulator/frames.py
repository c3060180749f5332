"""Frames on the host link: the one socket between the simulated watch and its host process.

A frame is type (1 byte), payload length (4 bytes, big-endian), payload. The host keeps its own copy of these numbers in
host_tools/tapwatch/simulator/frames.py; a test holds the two against each other.
"""

from micropython import const

HEADER_BYTES = const(5)
MAX_PAYLOAD = const(1_048_576)
"""Longest payload: a whole 410x502 picture is 411,648 bytes."""

# Watch to host.
READY = const(0x01)
"""Empty: the board is built and the link is being served."""
DISPLAY_WRITE = const(0x10)
"""x, y, w, h as 16 bits each, then w * h pixels of big-endian RGB565."""
DISPLAY_BRIGHTNESS = const(0x11)
"""Level, 1 byte."""
DISPLAY_SLEEP = const(0x12)
"""1 asleep, 0 awake."""
HAPTICS = const(0x13)
"""Pattern, 1 byte."""
CLOCK_SET = const(0x14)
"""Seconds since 1970, 64 bits, signed."""
FIELD = const(0x15)
"""1 when a reader's field comes, 0 when it goes."""
SOUND = const(0x16)
"""What the speaker plays next: samples of 16 bits, little-endian, 32,000 a second."""
FLASH_READ = const(0x20)
"""Address and length, 32 bits each; answered."""
FLASH_PROGRAM = const(0x21)
"""Address, 32 bits, then the bytes; answered."""
FLASH_ERASE = const(0x22)
"""Address, 32 bits; answered."""
MICROPHONE_ON = const(0x23)
"""Empty: the watch listens from now on; answered."""
SOUND_WANTED = const(0x24)
"""How many samples of sound, 16 bits; answered by what the line of the microphone does (0 alive, 1 low, 2 high),
one byte, then samples of 16 bits, little-endian, 16,000 a second. Silence follows the last one."""
MICROPHONE_OFF = const(0x25)
"""Empty: the watch does not listen any more."""
USB = const(0x30)
"""Bytes of the USB stream; both directions."""
EVENT = const(0x31)
"""JSON: something worth showing in the log of the simulator."""
STATE = const(0x32)
"""JSON: the answer to STATE_WANTED."""
ADVANCED = const(0x33)
"""Empty: the answer to ADVANCE."""
PHONE_HEARD = const(0x34)
"""Status text: the answer to PHONE_SAYS, PHONE_LINK and PHONE_TIME."""
RADIO = const(0x35)
"""A message about Bluetooth, board/simulator/radio/wire.py; both directions."""

# Host to watch.
CONFIG = const(0x80)
"""JSON: what board to be; always the first frame."""
REPLY = const(0x81)
"""errno, 1 byte, 0 for success; then what was read."""
TOUCH = const(0x82)
"""Down (0 or 1), x, y as 16 bits each."""
BUTTONS = const(0x83)
"""Bits of the buttons held down, 1 byte."""
MOTION = const(0x84)
"""Bit 0 moving, bit 1 wrist raised (1 byte), steps since power-up (32 bits)."""
POWER = const(0x85)
"""Percent, charging (0 or 1), 1 byte each."""
ENTROPY = const(0x86)
"""1 while the entropy source runs, 0 while it is off."""
STATE_WANTED = const(0x87)
"""Empty: asks for STATE."""
ADVANCE = const(0x88)
"""Milliseconds by which time runs ahead, 32 bits; answered by ADVANCED when what was due has been done."""
PHONE_SAYS = const(0x89)
"""JSON: a message of the phone, with Gadgetbridge's names; answered by PHONE_HEARD."""
PHONE_LINK = const(0x8A)
"""1 when the phone is there, 0 when it has gone; answered by PHONE_HEARD."""
PHONE_TIME = const(0x8B)
"""What the clock of the phone says: seconds since 1970 (64 bits), minutes east of UTC (16 bits); answered likewise."""
ACCELERATION = const(0x8C)
"""x, y, z in milli-g, 16 bits signed each, as in `ports.Motion.acceleration`."""
