"""What boards with an ESP32-S3 have and do in the same way. A board of its own adds pins, rails and chips.

A board calls what it needs in the order that its supplies and buses ask for. What does not start is a finding, and None
or something quiet is in its place.
"""

import gc
from os import urandom
from time import sleep_ms
from time import ticks_ms as _port_ticks_ms
from time import ticks_us as _port_ticks_us

from bluetooth import BLE
from esp32 import Partition
from machine import RTC, WDT, WDT_RESET, Pin, Timer, mem32, reset, reset_cause, unique_id
from micropython import const
from network import STA_IF, WLAN

from board.parts.efuses import hmac_block
from board.parts.entropy import RadioEntropy
from board.parts.esp_console import let_go
from board.parts.esp_usb import usb_stream
from board.parts.esp_wires import i2c_bus
from board.parts.findings import Findings
from board.parts.free_blocks import FreeBlocks
from board.parts.haptics import DrvHaptics, PinHaptics
from board.parts.i2c_bus import I2cBus
from board.parts.info import Info
from board.parts.later import Later, every_ms
from board.parts.light_up import light_up
from board.parts.memory import demand
from board.parts.motion import FALLING, RISING, SAMPLE_MS
from board.parts.motion_start import start_sensor
from board.parts.notice import tell_for_a_while
from board.parts.partition import PartitionFlash
from board.parts.quiet import QuietButtons, QuietDisplay, QuietFlash, QuietPower, QuietTouch
from board.parts.secret import device_secret
from board.parts.start_reason import start_reason
from board.parts.ticks import Ticks
from board.parts.usb import UsbStream
from board.parts.wake_pin import WakePin
from board.parts.watchdog import TaskWatchdog
from drivers.drv2605 import Drv2605

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import (
        Buttons,
        ClockSource,
        Display,
        Flash,
        Haptics,
        Microphone,
        Motion,
        Nfc,
        Power,
        Rest,
        Secret,
        Speaker,
        Touch,
    )

    """Switches a supply on (1) or off."""

SUPPLY_MS = const(10)
"""From a rail that is switched on to a chip that listens. X-Powers says nothing of how fast its rails rise: ten times
an estimate. Drivers that can ask their chips wait for them besides; a panel that nobody can ask hangs on this."""

_NO_SECRET = ("No device secret", "Flash it anew:", "tapwatch flash")
_USB_TIMER, _REST_TIMER, _MOTOR_TIMER, _MOTION_TIMER = const(0), const(1), const(2), const(3)
"""All that the chip has."""

ticks_ms: "Callable[[], int]" = _port_ticks_ms  # type: ignore[assignment] # a number, whatever its type is called
ticks_us: "Callable[[], int]" = _port_ticks_us  # type: ignore[assignment]


class Esp32s3Board:
    """`ports.Board`; `processor` comes last and needs a display."""

    info: Info
    watchdog: TaskWatchdog
    entropy: RadioEntropy
    secret: "Secret"
    flash: "Flash"
    slots: "Optional[Flash]"
    free_blocks: FreeBlocks
    usb: UsbStream
    ble: BLE
    display: "Display"
    touch: "Touch"
    nfc: "Optional[Nfc]" = None
    motion: "Optional[Motion]" = None
    haptics: "Optional[Haptics]" = None
    speaker: "Optional[Speaker]" = None
    microphone: "Optional[Microphone]" = None
    rest: "Optional[Rest]" = None

    def __init__(self) -> None:
        """Nothing is started yet."""
        let_go()
        self.found = Findings()
        self.findings = self.found.all
        self.vital: "dict[str, str]" = {}
        self.power: "Power" = QuietPower(reset)
        self.buttons: "Buttons" = QuietButtons()
        self.clock: "ClockSource" = Ticks(ticks_ms, ticks_us, None)
        self.busy: "list[Callable[[], bool]]" = []
        """Questions, any of which forbids sleep: something works that would stop with the processor."""

    def bus(self, number: int, scl: int, sda: int) -> I2cBus:
        """An I2C bus that frees itself; a wire that is held low is a finding."""
        bus = i2c_bus(number, scl, sda)
        try:
            bus.free()
        except OSError:
            self.found.add("I2C", bus.finding)
        return bus

    def show(self, name: str, panel: "Any") -> None:
        """Start a panel and light it; then the watch can say that it has no PSRAM. Raises OSError without PSRAM."""
        self.display = QuietDisplay(panel.width, panel.height, panel.corner_px, panel.align)
        self.vital["panel"] = name
        if self.found.attempt(name, panel.start) and self.found.attempt(name + " light", light_up, panel):
            self.display = panel
        demand(self.display, gc.mem_free(), gc.mem_alloc(), print, sleep_ms)

    def feel(self, name: str, touch: "Any") -> None:
        """Start the touch controller."""
        self.vital["touch"] = name
        self.touch = touch if self.found.attempt(name, touch.start) else QuietTouch()

    def keep_time(self, name: str, chip: "Any") -> None:
        """Start the clock chip."""
        if self.found.attempt(name, chip.start):
            self.clock = Ticks(ticks_ms, ticks_us, chip, lambda: self.found.add_once(name, "stands still"))

    def shake(self, i2c: I2cBus) -> None:
        """Start the DRV2605."""
        driver = Drv2605(i2c, sleep_ms)
        if self.found.attempt("DRV2605", driver.start):
            endless = "a pattern did not come to its end"
            self.vibrate(DrvHaptics(driver, motor_timer(), lambda: self.found.add_once("DRV2605", endless)))

    def vibrate(self, haptics: "DrvHaptics | PinHaptics") -> None:
        """Have a motor that has been started."""
        self.haptics = haptics
        self.busy.append(lambda: haptics.busy)

    def sense(
        self,
        name: str,
        sensor: "Any",
        axes: "tuple[int, int, int]",
        gpio: "Optional[int]",
        program: "Optional[str]",
        calls: "Optional[int]" = None,
    ) -> "Optional[WakePin]":
        """Start the motion sensor; see `motion_start.start_sensor`.

        `calls`: the level of its line when it has news, if that is to end light sleep. Returns that line if the sensor
        works.
        """
        line: "Any" = None if gpio is None else Pin(gpio, Pin.IN)
        if calls is not None:
            line = WakePin(line, calls)
        motion = start_sensor(name, sensor, axes, line, program, self.found, FALLING if calls == 0 else RISING)
        if motion is None:
            return None
        timer: "Any" = Timer(_MOTION_TIMER)
        every_ms(timer, SAMPLE_MS, motion.sample)
        self.motion = motion
        return None if calls is None else line

    def processor(self, facts: "Any", root: str, by_key: bool) -> None:
        """What is inside the processor and its flash. `facts` is the module of that name in the system image.

        `root`: where `vfs` is mounted, without a slash at the end. `by_key`: the power chip says that its key switched
        the watch on. Raises OSError and ValueError, after saying so on the panel for a minute, if the device secret
        cannot be made or read.
        """
        self.info = Info(facts, root, start_reason(reset_cause(), by_key), unique_id())
        self.info.taps = self.nfc is not None
        memory: "Any" = RTC()
        self.watchdog = TaskWatchdog(lambda ms: WDT(timeout=ms), memory, reset_cause() == WDT_RESET)
        receiver: "Any" = WLAN(STA_IF)
        timer: "Any" = Timer(_REST_TIMER)
        self.entropy = RadioEntropy(receiver, timer, urandom)
        self.secret = _secret(root + "/secret.bin", self.entropy, self.display)
        self.flash = self._partition("vault") or QuietFlash()
        self.slots = self._partition("slots")
        self.free_blocks = FreeBlocks(root)
        usb_timer: "Any" = Timer(_USB_TIMER)
        self.usb = usb_stream(usb_timer, ticks_ms, self.info.development)
        self.ble = BLE()
        self.busy += [self.ble.active, self.entropy.busy]

    def _partition(self, label: str) -> "Optional[Flash]":
        partitions = Partition.find(Partition.TYPE_DATA, label=label)
        if not partitions:
            self.found.add("flash", "there is no partition " + label)
            return None
        return PartitionFlash(partitions[0])


def motor_timer() -> Later:
    """What ends the patterns of the motor."""
    timer: "Any" = Timer(_MOTOR_TIMER)
    return Later(timer)


def _secret(path: str, entropy: RadioEntropy, display: "Display") -> "Secret":
    """Of the eFuses or of a file. A damaged or unreadable one is never replaced: what it seals would be lost."""
    try:
        return device_secret(mem32, hmac_block(mem32), path, entropy)
    except (OSError, ValueError) as error:
        tell_for_a_while(display, _NO_SECRET + (str(error),), print, sleep_ms)
        raise
