"""What a board gives the watch: one Protocol per device.

A board package holds `board.py` with a function `build() -> Board`. Fields are None where the hardware lacks the
device. Ports are small on purpose: chips, pins and buses stay behind them. Nothing here runs on the watch.

Input ports share one habit: `listen(callback)` registers a function without arguments that is called, possibly from a
soft interrupt, when there is something to read. The callback must only set a flag.
"""

from typing import Callable, Optional, Protocol

Callback = Callable[[], None]


class Info(Protocol):
    """Facts about the board."""

    name: str
    """Board name, for example `lilygo_twatch_ultra`."""
    version: str
    """Firmware version text."""
    built_s: int
    """Build time, seconds since 1970: the first floor of security time."""
    assets: str
    """Folder of fonts and pictures, without a slash at the end."""
    files: "Optional[str]"
    """Folder that the watch may write large public things to (card art), without a slash; None if there is none."""
    apps: str
    """Folder of the bundles that come with the firmware, without a slash."""
    radio_address: "Optional[bytes]"
    """Bluetooth device address, 6 bytes, first byte most significant; None without a radio."""
    development: bool
    """True where the REPL is open or the board is simulated; the screen shows a mark."""


class Display(Protocol):
    """A panel that takes rectangles of big-endian RGB565."""

    width: int
    height: int
    corner_px: int
    """Radius of the round corners of the glass; 0 for a square panel."""
    align: int
    """Windows start and end on multiples of this many pixels (1 or 2)."""

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Show `w * h * 2` bytes. Raises ValueError for a window off the panel or not aligned."""
        ...

    def brightness(self, level: int) -> None:
        """Set the light, 0 (dark) to 255."""
        ...

    def sleep(self, on: bool) -> None:
        """Put the panel to sleep or wake it."""
        ...


class Touch(Protocol):
    """A touch panel in screen coordinates."""

    def listen(self, callback: Callback) -> None:
        """Call back when `read` has news."""
        ...

    def read(self, point: "list[int]") -> bool:
        """Store [down (0 or 1), x, y] of the next event into `point`; False when there is none."""
        ...

    def sleep(self, on: bool) -> None:
        """Put the controller to sleep, where it takes next to nothing and reports no finger, or wake it.

        Waking takes up to 0.3 s. Asking again is safe. Raises OSError; it is as before then.
        """
        ...


class Buttons(Protocol):
    """Push buttons. Bit 0 is the side button or crown, which every board has; bit 1 is for boards with a second one.

    The watch does everything with the first: the boards that we know have one that a program can read in every state
    (BOOT on the LilyGO T-Watch Ultra, the key of the power chip on the T-Watch S3, BOOT on the Waveshare AMOLED 2.06).
    """

    def listen(self, callback: Callback) -> None:
        """Call back when a button goes down or up."""
        ...

    def read(self) -> int:
        """The bits of the buttons held down at the oldest unread change, or -1 when there is none."""
        ...


class Nfc(Protocol):
    """An ISO/IEC 14443 type A listener: anticollision in hardware, frames without CRC in software."""

    def listen(self, callback: Callback) -> None:
        """Call back when a field appears or a frame waits while nobody is in `receive`."""
        ...

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """Answer readers with this UID (4 bytes, first 08), ATQA (2 bytes, low byte first) and SAK."""
        ...

    def disarm(self) -> None:
        """Answer no reader any more."""
        ...

    def field(self) -> bool:
        """True while a reader's field is on."""
        ...

    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """Wait for one frame after SELECT. Returns its length without CRC; 0 at the timeout; -1 when the field went.

        Without a field it does not wait: it returns -1 at once. Bad CRC, parity or over-long frames are dropped by the
        port and never returned. Allocates nothing.
        """
        ...

    def transmit(self, frame: bytearray, length: int) -> None:
        """Send `length` bytes; the port appends the CRC. Allocates nothing."""
        ...

    def halt(self) -> None:
        """Go to the HALT state (after DESELECT or HLTA): only WUPA wakes the card again."""
        ...


class Power(Protocol):
    """Battery and charger."""

    def listen(self, callback: Callback) -> None:
        """Call back when the charger comes or goes, or the battery runs low."""
        ...

    def percent(self) -> int:
        """Charge left, 0 to 100."""
        ...

    def charging(self) -> bool:
        """True while external power is present."""
        ...


class ClockSource(Protocol):
    """Tick counter and real-time clock. `watch.kernel.clock` is its only user."""

    def ticks_ms(self) -> int:
        """Milliseconds that wrap as `time.ticks_ms` does."""
        ...

    def ticks_us(self) -> int:
        """Microseconds that wrap as `time.ticks_us` does."""
        ...

    def unix_s(self) -> "Optional[int]":
        """Seconds since 1970, or None if the clock lost power."""
        ...

    def set_unix_s(self, seconds: int) -> None:
        """Set the real-time clock."""
        ...


class Motion(Protocol):
    """Accelerometer or sensor hub."""

    def listen(self, callback: Callback) -> None:
        """Call back when motion starts, stillness has lasted, or the wrist is raised."""
        ...

    def moving(self) -> bool:
        """True if the watch has moved since the last call."""
        ...

    def raised(self) -> bool:
        """True if the wrist was raised to look at the watch since the last call."""
        ...

    def steps(self) -> int:
        """Steps since power-up."""
        ...

    def acceleration(self, into: "list[int]") -> bool:
        """Store x, y, z in milli-g, seen from the front of the upright screen: x right, y up, z towards the wearer.

        False if the sensor has none. Allocates nothing. Lying on a table it reads 0, 0, 1000.
        """
        ...


class Ble(Protocol):
    """What the watch uses of MicroPython's `bluetooth.BLE`, whose documentation holds for every method.

    On a board it is that object; the simulator brings a stand-in. Every method raises OSError. `irq` handlers get an
    event number and a tuple; on the ESP32 they run between any two instructions of the program.
    """

    def active(self, on: bool = ...) -> bool:
        """Switch the radio on or off, or ask whether it is on."""
        ...

    def config(self, *name: str, **values: object) -> object:
        """Ask for one value, or set some: gap_name, mtu, rxbuf, addr_mode, bond, mitm, io, le_secure."""
        ...

    def irq(self, handler: "Callable[[int, tuple], object]") -> None:
        """Give events to `handler`; what it returns counts for some of them."""
        ...

    def gap_advertise(
        self,
        interval_us: "Optional[int]",
        adv_data: "Optional[bytes]" = ...,
        *,
        resp_data: "Optional[bytes]" = ...,
        connectable: bool = ...,
    ) -> None:
        """Advertise at this interval, None to stop."""
        ...

    def gap_disconnect(self, conn_handle: int) -> bool:
        """End a connection; False if there is none of that number."""
        ...

    def gap_pair(self, conn_handle: int) -> None:
        """Ask the other side for security."""
        ...

    def gap_passkey(self, conn_handle: int, action: int, passkey: int) -> None:
        """Answer a passkey event."""
        ...

    def gatts_register_services(self, services: tuple) -> tuple:
        """Register all services at once; gives the handles of each, in the order of their rows and descriptors."""
        ...

    def gatts_read(self, value_handle: int) -> bytes:
        """The value in the stack."""
        ...

    def gatts_write(self, value_handle: int, data: "bytes | bytearray | memoryview", send_update: bool = ...) -> None:
        """Set the value in the stack."""
        ...

    def gatts_notify(self, conn_handle: int, value_handle: int, data: "bytes | bytearray | memoryview" = ...) -> None:
        """Notify; ENOMEM if the stack has no room now."""
        ...

    def gatts_set_buffer(self, value_handle: int, length: int, append: bool = ...) -> None:
        """Let a value have `length` bytes; with `append` writes add to it until it is read."""
        ...

    def gattc_discover_services(self, conn_handle: int, uuid: object = ...) -> None:
        """Find services of the other side; events tell."""
        ...

    def gattc_discover_characteristics(self, conn_handle: int, start: int, end: int, uuid: object = ...) -> None:
        """Find characteristics between two handles; events tell."""
        ...

    def gattc_discover_descriptors(self, conn_handle: int, start: int, end: int) -> None:
        """Find descriptors between two handles; events tell."""
        ...

    def gattc_read(self, conn_handle: int, value_handle: int) -> None:
        """Read from the other side; events tell."""
        ...

    def gattc_write(
        self, conn_handle: int, value_handle: int, data: "bytes | bytearray | memoryview", mode: int = ...
    ) -> None:
        """Write to the other side, mode 1 with response; an event tells."""
        ...


class Haptics(Protocol):
    """Vibration."""

    def play(self, pattern: int) -> None:
        """Play one of the patterns: 0 tick, 1 success, 2 failure, 3 attention."""
        ...


class Speaker(Protocol):
    """A sound maker that can play one tone at a time."""

    def tone(self, frequency_hz: int, duration_ms: int, volume_percent: int) -> None:
        """Play a tone in the place of one that plays; a volume of 0 is silence. Returns at once."""
        ...


class Watchdog(Protocol):
    """Resets the watch if a call into an app does not come back, and knows the call if the processor faulted in it."""

    def begin(self, note: bytes, timeout_ms: int) -> None:
        """From now on: reset after `timeout_ms`, and keep `note` (at most 24 bytes) over that. Allocates nothing."""
        ...

    def end(self) -> None:
        """The call has come back. Allocates nothing."""
        ...

    def note(self) -> bytes:
        """The note of the call that this start was caused by; empty after any other start, and from then on."""
        ...


class Entropy(Protocol):
    """Bytes from a hardware random source, valid only while that source runs."""

    def running(self) -> bool:
        """True while a physical entropy source feeds the generator."""
        ...

    def read(self, into: bytearray) -> None:
        """Fill the buffer. Raises OSError when the source is off."""
        ...


class Secret(Protocol):
    """The device-bound oracle."""

    kind: str
    """`efuse` (key cannot be read by software) or `software` (a random file)."""

    def hmac(self, data: bytes) -> bytes:
        """HMAC-SHA256 of `data` under the device secret, 32 bytes."""
        ...


class Flash(Protocol):
    """The raw `vault` partition, NOR rules: programming clears bits, erasing sets a whole sector to FF."""

    size: int
    sector: int
    """Bytes per sector, 4096."""

    def read(self, address: int, into: bytearray) -> None:
        """Fill the buffer from `address`. Raises OSError."""
        ...

    def program(self, address: int, data: bytes) -> None:
        """Clear bits. Raises OSError."""
        ...

    def erase(self, address: int) -> None:
        """Erase the sector that starts at `address`. Raises OSError."""
        ...


class Stream(Protocol):
    """A byte stream to a computer (USB)."""

    def listen(self, callback: Callback) -> None:
        """Call back when bytes wait."""
        ...

    def read(self, into: bytearray) -> int:
        """Read what waits, at most the buffer's length; 0 when nothing does."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        ...


class Board(Protocol):
    """Everything a board has. None where the hardware lacks it."""

    info: Info
    display: Display
    touch: Touch
    buttons: Buttons
    nfc: "Optional[Nfc]"
    power: Power
    clock: ClockSource
    motion: "Optional[Motion]"
    haptics: "Optional[Haptics]"
    speaker: "Optional[Speaker]"
    watchdog: "Optional[Watchdog]"
    entropy: Entropy
    secret: Secret
    flash: Flash
    usb: "Optional[Stream]"
    ble: "Optional[Ble]"
