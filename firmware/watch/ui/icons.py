"""Code points of the icons, in the order of `tapwatch.assets.icons`."""

from micropython import const

SMALL = const(0xE000)
"""Beside a caption."""
MEDIUM = const(0xE100)
"""On a key."""
LARGE = const(0xE200)
"""Alone on a screen; not all icons exist so large. An icon is one of these plus one of the following."""

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
ALARM = const(21)
CALENDAR = const(22)
CLOUDS = const(23)
SUN = const(24)
RAIN = const(25)
DRIZZLE = const(26)
SNOW = const(27)
FOG = const(28)
STORM = const(29)
MUSIC = const(30)
PREVIOUS = const(31)
NEXT = const(32)
QUIETER = const(33)
LOUDER = const(34)
PHONE = const(35)
STEPS = const(36)
BARCODE = const(37)
GAME = const(38)
SETTINGS = const(39)
MOON = const(40)
DROP = const(41)
BELL = const(42)
BELL_OFF = const(43)
BLUETOOTH = const(44)
MESSAGE = const(45)
SHIELD = const(46)
GLOBE = const(47)
CLOCK = const(48)
INFO = const(49)
UPDATE = const(50)
LINK = const(51)
REPLY = const(52)
TRASH = const(53)
HAND = const(54)
STORE = const(55)
VIBRATE = const(56)
BOOK = const(57)
COMPUTER = const(58)
TERMINAL = const(59)
TV = const(60)
AIRPLANE = const(61)
UP = const(62)
DOWN = const(63)
LEFT = const(64)
RIGHT = const(65)
HOME = const(66)
MENU = const(67)
POWER = const(68)
MUTE = const(69)
CENTRE = const(70)
HANDSET = const(71)
HANG_UP = const(72)
NAVIGATE = const(73)
MICROPHONE = const(74)

NAMES = {
    "torch": TORCH,
    "stopwatch": STOPWATCH,
    "timer": TIMER,
    "calculator": CALCULATOR,
    "tiles": TILES,
    "face": FACE,
    "alarm": ALARM,
    "calendar": CALENDAR,
    "weather": CLOUDS,
    "music": MUSIC,
    "phone": PHONE,
    "steps": STEPS,
    "barcode": BARCODE,
    "game": GAME,
    "moon": MOON,
    "drop": DROP,
    "book": BOOK,
    "clock": CLOCK,
    "store": STORE,
    "sun": SUN,
    "globe": GLOBE,
}
"""Pictures that an app may choose for itself."""
