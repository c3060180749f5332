"""Code points of the icons, in the order of `tapwatch.assets.icons`."""

from micropython import const

SMALL = const(0xE000)
"""Beside a caption."""
MEDIUM = const(0xE100)
"""On a key."""
LARGE = const(0xE200)
"""Alone on a screen. An icon is one of these plus one of the following."""

CHECK = const(0)
CROSS = const(1)
CONTACTLESS = const(2)
LOCK = const(3)
CARD = const(4)
DELETE = const(5)
WARNING = const(6)
BOLT = const(7)
SENT = const(8)
TORCH = const(9)
STOPWATCH = const(10)
TIMER = const(11)
CALCULATOR = const(12)
TILES = const(13)
FACE = const(14)
PLAY = const(15)
PAUSE = const(16)
FLAG = const(17)
AGAIN = const(18)
PLUS = const(19)
MINUS = const(20)

NAMES = {
    "torch": TORCH,
    "stopwatch": STOPWATCH,
    "timer": TIMER,
    "calculator": CALCULATOR,
    "tiles": TILES,
    "face": FACE,
}
"""Pictures that an app may choose for itself."""
