"""Builds the simulated board from the configuration that the host sends first."""

import binascii

from bluetooth import BLE
from micropython import const

from board.parts.sound_port import SoundPort
from board.simulator.antenna import antenna_at
from board.simulator.chips import pcf8563, pcf85063
from board.simulator.desk import Desk
from board.simulator.entropy import Entropy
from board.simulator.flash import Flash
from board.simulator.heard import microphone
from board.simulator.loud import speaker
from board.simulator.motor import haptics
from board.simulator.power import PowerRoom
from board.simulator.rtc import clock as real_time_clock
from board.simulator.screen import Screen
from board.simulator.usb import Usb
from board.simulator.watchdog import Watchdog
from board.simulator.wrist import accelerometer, hub
from board.software_secret import from_file
from drivers.pcf8563 import Pcf8563
from drivers.pcf85063 import Pcf85063

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import ClockSource
    from board.simulator.link import Link


_CHIPS = {
    410: (True, "PCF85063", pcf85063.Chip, Pcf85063, hub),
    240: (False, "PCF8563", pcf8563.Chip, Pcf8563, accelerometer),
}
"""By width of the panel: whether the first button is that of BOOT, the clock chip, the motion sensor. Those of the
LilyGO T-Watch Ultra and of its T-Watch S3, whose only button is the key of the power chip."""


class Info:
    """`ports.Info`."""

    def __init__(self, name: str, config: dict) -> None:
        self.name = name
        self.version = config["version"]
        self.built_s = config["built_s"]
        self.files = config["files"]
        self.radio_address = binascii.unhexlify(config["radio_address"])
        self.assets = "firmware/assets"
        self.apps = "build/apps"
        self.slots = None
        self.start = ""
        self.development = True
        self.taps = True
        self.brand = None


class Board:
    """`ports.Board` over one host link."""

    def __init__(self, link: "Link", clock: "ClockSource", config: dict) -> None:
        """Build every device. Raises OSError or ValueError when the configuration cannot be met."""
        self.info = Info("simulator", config)
        desk = Desk(link, clock, config["without"])
        self.vital: "dict[str, str]" = {}
        self.findings = desk.found.all
        self.run = desk.timers.run
        """What devices do by themselves, as a coroutine without end."""
        screen = Screen(link, config["screen"])
        self.display = screen.display
        self.touch = screen.touch
        boot_button, clock_name, clock_chip, clock_driver, motion = _CHIPS[self.display.width]
        power = PowerRoom(desk, config["percent"], config["charging"], boot_button)
        self.power, self.buttons = power.power, power.buttons
        self.haptics = haptics(desk)
        self.clock = real_time_clock(desk, clock_name, clock_chip, clock_driver, config["unix_s"])
        self.motion = motion(desk)
        self.antenna = antenna_at(config["nfc"], link)
        self.nfc = self.antenna.radio if self.antenna else None
        sound = SoundPort()
        self.speaker = speaker(desk, sound)
        self.microphone = microphone(desk, sound)
        self.watchdog = Watchdog(config["watchdog_path"], binascii.unhexlify(config["watchdog_note"]))
        self.entropy = Entropy(link)
        self.secret = from_file(config["secret_path"])
        self.flash = Flash(link, config["flash_bytes"])
        self.slots = None
        self.free_blocks = None
        self.usb = Usb(link)
        self.rest = None
        self.ble = BLE()
        self.ble.attach(link, self.info.radio_address, config["stock_writes"])  # type: ignore[attr-defined] # stand-in


def build(link: "Link", clock: "ClockSource", config: dict) -> Board:
    """The simulated board on this clock; host_tools/tapwatch/simulator/options.py makes the configuration."""
    return Board(link, clock, config)
