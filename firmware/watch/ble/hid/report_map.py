"""What the reports mean, in the language of USB HID 1.11 section 6.2.2; docs/bluetooth.md shows it as a table."""

from micropython import const

from watch.ble.hid.keys import BUTTONS, DIRECTIONS, FULL, KEYS

GAMEPAD_REPORT, REMOTE_REPORT = const(1), const(2)
"""Report IDs."""
GAMEPAD_BYTES, REMOTE_BYTES = const(6), const(2)
"""Sizes of the reports without the ID, which HID over GATT does not send."""

_USAGE_PAGE, _LOGICAL_MIN, _LOGICAL_MAX = const(0x04), const(0x14), const(0x24)
_PHYSICAL_MIN, _PHYSICAL_MAX, _UNIT = const(0x34), const(0x44), const(0x64)
_REPORT_SIZE, _REPORT_ID, _REPORT_COUNT = const(0x74), const(0x84), const(0x94)
_USAGE, _USAGE_MIN, _USAGE_MAX = const(0x08), const(0x18), const(0x28)
_INPUT, _COLLECTION, _END = const(0x80), const(0xA0), const(0xC0)
"""Items with their size left out, USB HID 1.11 sections 6.2.2.4, 6.2.2.7 and 6.2.2.8."""
_APPLICATION = const(1)
_VARIABLE, _NULL_STATE, _PADDING = const(0x02), const(0x42), const(0x03)
"""Bits of an input item, section 6.2.2.5."""
_DESKTOP, _BUTTON_PAGE, _CONSUMER = const(0x01), const(0x09), const(0x0C)
"""Usage pages, HID Usage Tables 1.4."""
_DEGREES = const(0x14)

_GAMEPAD = (
    (_USAGE_PAGE, _DESKTOP),
    (_USAGE, 0x05),  # gamepad
    (_COLLECTION, _APPLICATION),
    (_REPORT_ID, GAMEPAD_REPORT),
    (_USAGE_PAGE, _BUTTON_PAGE),
    (_USAGE_MIN, 1),
    (_USAGE_MAX, BUTTONS),
    (_LOGICAL_MIN, 0),
    (_LOGICAL_MAX, 1),
    (_REPORT_SIZE, 1),
    (_REPORT_COUNT, BUTTONS),
    (_INPUT, _VARIABLE),
    (_USAGE_PAGE, _DESKTOP),
    (_USAGE, 0x39),  # hat switch: 1 to 8 clockwise from the top, anything else is no direction
    (_LOGICAL_MIN, 1),
    (_LOGICAL_MAX, DIRECTIONS),
    (_PHYSICAL_MIN, 0),
    (_PHYSICAL_MAX, 315),
    (_UNIT, _DEGREES),
    (_REPORT_SIZE, 4),
    (_REPORT_COUNT, 1),
    (_INPUT, _NULL_STATE),
    (_PHYSICAL_MAX, 0),  # no more degrees
    (_UNIT, 0),
    (_USAGE, 0x30),  # X of the pad
    (_USAGE, 0x31),  # Y of the pad
    (_USAGE, 0x32),  # Z: tilt to the side
    (_USAGE, 0x35),  # Rz: tilt to the wearer and away
    (_LOGICAL_MIN, -FULL),
    (_LOGICAL_MAX, FULL),
    (_REPORT_SIZE, 8),
    (_REPORT_COUNT, 4),
    (_INPUT, _VARIABLE),
    (_END, None),
)
REMOTE_USAGES = (0xE9, 0xEA, 0xE2, 0xCD, 0xB5, 0xB6, 0x223, 0x224, 0x40, 0x30, 0x42, 0x43, 0x44, 0x45, 0x41)
"""Of the consumer page, in the order of the keys: volume up and down, mute, play/pause, next, previous, AC home,
AC back, menu, power, menu up, down, left, right, pick."""
_REMOTE = (
    (_USAGE_PAGE, _CONSUMER),
    (_USAGE, 0x01),  # consumer control
    (_COLLECTION, _APPLICATION),
    (_REPORT_ID, REMOTE_REPORT),
    (_LOGICAL_MIN, 0),
    (_LOGICAL_MAX, 1),
    (_REPORT_SIZE, 1),
    (_REPORT_COUNT, KEYS),
) + tuple([(_USAGE, usage) for usage in REMOTE_USAGES])
_REST = (
    (_INPUT, _VARIABLE),
    (_REPORT_COUNT, 1),
    (_INPUT, _PADDING),
    (_END, None),
)


def report_map() -> bytes:
    """The bytes of the report map."""
    made = bytearray()
    for tag, value in _GAMEPAD + _REMOTE + _REST:
        made.extend(_item(tag, value))
    return bytes(made)


def _item(tag: int, value: "int | None") -> bytes:
    """One short item. Values from -128 to 255 take one byte, others two: none of ours could be taken for negative."""
    if value is None:
        return bytes((tag,))
    if -0x80 <= value <= 0xFF:
        return bytes((tag | 1, value & 0xFF))
    return bytes((tag | 2, value & 0xFF, value >> 8))
