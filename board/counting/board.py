"""The board on which costs are measured: no models, no sockets, no computer's clock; every device only counts.

Two runs on it do the same work, so instruction counts taken under valgrind can be compared.
"""

from micropython import const

from board.counting.devices import Buttons, Clock, Entropy, Flash, Haptics, Motion, Nfc, Power, Speaker, Touch, Usb
from board.counting.panel import Display
from board.software_secret import SECRET_BYTES, SoftwareSecret

BUILT_S = const(1_795_305_600)
"""2026-11-22, the first floor of security time; also where the clock starts."""


class Info:
    """`ports.Info`."""

    name = "counting"
    version = "0.1.0"
    built_s = BUILT_S
    assets = "firmware/assets"
    files = None
    apps = "build/apps"
    radio_address = None
    slots = None
    start = ""
    development = True
    taps = True
    brand = None


class Board:
    """`ports.Board`; the counters are fields of the devices."""

    def __init__(self, size: str) -> None:
        """Raises ValueError for a size there is not."""
        self.info = Info()
        self.display = Display(size)
        self.touch = Touch()
        self.buttons = Buttons()
        self.nfc = Nfc()
        self.power = Power()
        self.clock = Clock(BUILT_S)
        self.motion = Motion()
        self.haptics = Haptics()
        self.speaker = Speaker()
        self.watchdog = None
        self.entropy = Entropy()
        self.secret = SoftwareSecret(bytearray(range(SECRET_BYTES)))
        self.flash = Flash()
        self.slots = None
        self.free_blocks = None
        self.usb = Usb()
        self.ble = None
        self.microphone = None
        self.rest = None
        self.vital: "dict[str, str]" = {}
        self.findings: "list[tuple[str, str]]" = []


def build(size: str = "410x502") -> Board:
    """A fresh board with a panel of 410x502 or 240x240. Raises ValueError."""
    return Board(size)
