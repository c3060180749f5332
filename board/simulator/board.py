"""Builds the simulated board from the configuration that the host sends first."""

import binascii

from bluetooth import BLE
from micropython import const

from board.simulator import frames
from board.simulator.clock import Rtc
from board.simulator.entropy import Entropy
from board.simulator.flash import Flash
from board.simulator.inputs import Buttons, Motion, Power
from board.simulator.outputs import Haptics, Speaker
from board.simulator.screen import Screen
from board.simulator.usb import Usb
from board.simulator.watchdog import Watchdog
from board.software_secret import from_file

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import ClockSource
    from board.simulator.antenna import Antenna
    from board.simulator.link import Link


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
        self.development = True


class Board:
    """`ports.Board` over one host link."""

    def __init__(self, link: "Link", clock: "ClockSource", config: dict) -> None:
        """Build every device. Raises OSError or ValueError when the configuration cannot be met."""
        self.info = Info("simulator", config)
        screen = Screen(link, config["screen"])
        self.display = screen.display
        self.touch = screen.touch
        self.buttons = Buttons(link)
        self.antenna = _antenna(config["nfc"])
        if self.antenna:
            self.antenna.on_field = lambda on: link.send(frames.FIELD, b"\1" if on else b"\0")
        self.nfc = self.antenna.radio if self.antenna else None
        self.power = Power(link, config["percent"], config["charging"])
        self.clock = Rtc(link, clock)
        self.motion = Motion(link)
        self.haptics = Haptics(link)
        self.speaker = Speaker(link)
        self.watchdog = Watchdog(config["watchdog_path"], binascii.unhexlify(config["watchdog_note"]))
        self.entropy = Entropy(link)
        self.secret = from_file(config["secret_path"])
        self.flash = Flash(link, config["flash_bytes"])
        self.usb = Usb(link)
        self.ble = BLE()
        self.ble.attach(link, self.info.radio_address, config["stock_writes"])  # type: ignore[attr-defined] # stand-in


def build(link: "Link", clock: "ClockSource", config: dict) -> Board:
    """The simulated board on this clock; host_tools/tapwatch/simulator/options.py makes the configuration."""
    return Board(link, clock, config)


def _antenna(address: "str | None") -> "Antenna | None":
    """The air at `udp:HOST:PORT`, with the radio in it; None for a card link that needs no radio."""
    if not address or not address.startswith("udp:"):
        return None
    from board.simulator.antenna import (
        Antenna,  # only here, so that a watch without radio needs no socket
    )

    host, port = address[4:].rsplit(":", 1)
    return Antenna(host, int(port))
