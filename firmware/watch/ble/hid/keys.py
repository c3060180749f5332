"""What can be pressed: numbers of the bits in the two reports, in the order of the report map."""

from micropython import const

A, B, C, X, Y, Z = const(0), const(1), const(2), const(3), const(4), const(5)
L1, R1, L2, R2, SELECT, START = const(6), const(7), const(8), const(9), const(10), const(11)
"""Buttons of the gamepad. Bit n is usage n + 1 of the button page, which Linux and Android know by these names."""
BUTTONS = const(12)

UP, RIGHT, DOWN, LEFT = const(1), const(3), const(5), const(7)
"""Directions of the hat; those between are the even numbers, clockwise up to 8. 0 is none."""
DIRECTIONS = const(8)

VOLUME_UP, VOLUME_DOWN, MUTE, PLAY, FORWARD, BACKWARD = const(0), const(1), const(2), const(3), const(4), const(5)
HOME, BACK, MENU, POWER = const(6), const(7), const(8), const(9)
MENU_UP, MENU_DOWN, MENU_LEFT, MENU_RIGHT, OK = const(10), const(11), const(12), const(13), const(14)
"""Keys of the remote. FORWARD and BACKWARD are the next and the previous track."""
KEYS = const(15)

FULL = const(127)
"""An axis goes from -127 to 127; right and down are positive."""
