"""A board as it is flashed, in the simulator: its own board.py over board/simulator/wiring/, with the host around it.

Real are panel, touch, buttons, battery, clock, motion, vibration and speaker, and how they start. The host has the
place of what is not on this computer: Bluetooth, the air of NFC, USB, the watchdog, and the flash, of which there is
the vault.
"""

import asyncio
import binascii
import io
import struct

from micropython import const

from board.simulator import frames
from board.simulator.antenna import antenna_at
from board.simulator.esp32s3 import hardware as esp32s3
from board.simulator.esp32s3 import time_module
from board.simulator.esp32s3.flash import SECTOR, FlashChip
from board.simulator.flash import Flash
from board.simulator.hardware_time import HardwareTime
from board.simulator.inputs import Finger
from board.simulator.loud import heard_by
from board.simulator.motor import Felt
from board.simulator.outputs import Glass
from board.simulator.rtc import Kept, wind
from board.simulator.strict import Strict
from board.simulator.usb import Usb
from board.simulator.watchdog import Watchdog
from board.simulator.wrist import Wrist
from drivers.motion_sensor import UPRIGHT

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from board.simulator.link import Link

_DATA, _RAW = const(1), const(0x40)
"""Type and subtype of a partition."""


class Facts:
    """The module `facts` of a system image."""

    POSTURE = "development"

    def __init__(self, config: dict) -> None:
        self.BOARD: str = config["board"]
        self.VERSION: str = config["version"]
        self.BUILT_S: int = config["built_s"]


class HostFlash(FlashChip):
    """The flash chip as far as the host keeps it: the vault. Slots are there and empty; nothing was flashed."""

    def __init__(self, vault: Flash, misuse: "list[str]") -> None:
        slots: "Any" = io.BytesIO(b"\xff" * SECTOR * 2)
        super().__init__(slots, misuse)
        self._vault = vault

    def read(self, address: int, into: "bytearray | memoryview") -> None:
        """Fill `into`."""
        beyond = address - self._vault.size
        if beyond >= 0:
            super().read(beyond, into)
        else:
            self._vault.read(address, into)  # type: ignore[arg-type] # any buffer

    def program(self, address: int, data: "bytes | bytearray | memoryview") -> None:
        """Clear bits."""
        beyond = address - self._vault.size
        if beyond >= 0:
            super().program(beyond, data)
        else:
            self._vault.program(address, data)  # type: ignore[arg-type] # any buffer

    def erase(self, address: int) -> None:
        """Set the sector that begins at `address` to FF."""
        beyond = address - self._vault.size
        if beyond >= 0:
            super().erase(beyond)
        else:
            self._vault.erase(address)

    def partitions(self) -> "list[tuple[int, int, int, int, str]]":
        """Type, subtype, offset, size and label of each."""
        end = self._vault.size
        return [(_DATA, _RAW, 0, end, "vault"), (_DATA, _RAW, end, 2 * SECTOR, "slots")]


class World:
    """What happens around a board of this name: hands, charger and wrist, as the host says."""

    def __init__(self, link: "Link", config: dict) -> None:
        """Put its chips together. Raises ValueError for a time that no clock shows."""
        vault = Flash(link, config["flash_bytes"])
        misuse = Strict()
        self.hardware = esp32s3.Hardware(HostFlash(vault, misuse), misuse)
        esp32s3.install(self.hardware)
        time_module.install()
        self.time = HardwareTime(self.hardware)
        module = __import__("board.simulator.wiring." + config["board"], None, None, ("Wiring",))
        glass = Glass(link)
        self.wiring: "Any" = module.Wiring(self.hardware, glass.show, glass.light, glass.dark)
        self.wiring.charge(config["percent"], config["charging"])
        clock = getattr(self.wiring, "clock", None)
        if clock:
            wind(clock, config["unix_s"])
        self._link = link

    def join(self, board: "Any") -> None:
        """The host may act on a board that has started."""
        link = self._link
        link.handle(frames.BUTTONS, self._on_buttons)
        link.handle(frames.POWER, self._on_power)
        for kind in (frames.TOUCH, frames.MOTION, frames.ACCELERATION, frames.ENTROPY):
            link.handle(kind, _unfelt)
        if self.wiring.touch.chip:
            Finger(link, self.wiring.touch.chip)
        amplifier = getattr(self.wiring, "amplifier", None)
        if amplifier:
            amplifier.hears = heard_by(link)
        motor = getattr(self.wiring, "motor", None)
        if motor and motor.chip:
            motor.chip.played = Felt(link)
        if board.motion:
            sensor = getattr(self.wiring.motion, "chip", self.wiring.motion)
            Wrist(link, self.time.ticks_ms, sensor, getattr(board.motion, "axes", UPRIGHT))

    def _on_buttons(self, payload: memoryview) -> None:
        (held,) = struct.unpack(">B", payload)
        self.time.ticks_ms()
        self.wiring.hold(held)

    def _on_power(self, payload: memoryview) -> None:
        percent, charging = struct.unpack(">BB", payload)
        self.time.ticks_ms()
        self.wiring.charge(percent, bool(charging))


def build(link: "Link", config: dict) -> "tuple[Any, HardwareTime]":
    """The board named in the configuration, and its time. Raises what its board.py raises."""
    world = World(link, config)
    root = config["files"].rsplit("/", 1)[0]
    module = __import__("board.%s.board" % config["board"], None, None, ("build",))
    board = module.build(Facts(config), root)
    world.join(board)
    _stand_in(board, link, config)
    return board, world.time


def _stand_in(board: "Any", link: "Link", config: dict) -> None:
    """Give what is not on this computer to the host."""
    board.info.assets, board.info.apps, board.info.slots = "firmware/assets", "build/apps", None
    board.info.radio_address = binascii.unhexlify(config["radio_address"])
    board.slots = board.free_blocks = board.rest = board.microphone = None
    board.antenna = antenna_at(config["nfc"], link)
    if board.nfc:
        board.nfc = board.antenna.radio if board.antenna else None
    board.clock = Kept(link, board.clock)
    board.usb = Usb(link)
    board.watchdog = Watchdog(config["watchdog_path"], binascii.unhexlify(config["watchdog_note"]))
    board.ble.attach(link, board.info.radio_address, config["stock_writes"])
    board.run = _nothing_else


async def _nothing_else() -> None:
    """Timers and wires of virtual hardware call by themselves."""
    await asyncio.Event().wait()


def _unfelt(payload: memoryview) -> None:
    """What happens to a chip that does not work."""
