"""What a board gives the watch: one Protocol per device.

A board package holds `board.py` with a function `build() -> Board`. Fields are None where the hardware lacks the
device. Ports are small on purpose: chips, pins and buses stay behind them. Nothing here runs on the watch.

Input ports share one habit: `listen(callback)` registers a function without arguments that is called, possibly from a
soft interrupt, when there is something to read. The callback must only set a flag.
"""

from typing import Callable, Iterator, Optional, Protocol

from board.ble_port import Ble

Callback = Callable[[], None]


class Brand(Protocol):
    """What a manufacturer calls the watch. Texts to draw, as long as the host has let them be."""

    maker: str
    product: str
    accent: int
    """0xRRGGBB: colour of a watch without a card."""
    language: str
    """That of a watch whose wearer has chosen none."""


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
    slots: "Optional[str]"
    """Folder of the slot images, without a slash at the end; None on a board that is not updated this way."""
    start: str
    """Why the processor started: `power`, `button`, `watchdog`, `restart`, `sleep`; empty where nobody knows."""
    development: bool
    """True where the REPL is open or the board is simulated; the screen shows a mark."""
    taps: bool
    """True where a reader can find the card, by NFC or a link that stands for it."""
    brand: "Optional[Brand]"
    """None for a watch that goes by the name of its firmware."""


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

    def restart(self) -> None:
        """Start anew, as after a reset. Does not return on a board."""
        ...

    def off(self) -> None:
        """Switch everything off but the clock; the button or a charger starts the watch again. Raises OSError."""
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
    """Resets the watch if a call into an app does not come back, and knows the call if the processor faulted in it.

    It also runs from `boot.py` on, and resets a watch that hangs before it is up.
    """

    def settle(self) -> None:
        """The watch is up: no reset any more but for a call that does not come back."""
        ...

    def begin(self, note: bytes, timeout_ms: int) -> None:
        """From now on: reset after `timeout_ms`, and keep `note` (at most 24 bytes) over that. Allocates nothing."""
        ...

    def end(self) -> None:
        """The call has come back. Allocates nothing."""
        ...

    def note(self) -> bytes:
        """The note of the call that this start was caused by; empty after any other start, and from then on."""
        ...


class Microphone(Protocol):
    """One microphone, 16-bit samples at 16 kHz. Taking what was heard is the business of whoever started it."""

    def start(self) -> None:
        """Begin to listen. Raises OSError: EAGAIN while the speaker sounds, where both share a pin."""
        ...

    def read(self, into: memoryview) -> int:
        """Store samples that wait (int16, native order), at most the length of `into`; how many. Allocates nothing."""
        ...

    def stop(self) -> None:
        """Stop, and overwrite what was heard and not read."""
        ...


class Rest(Protocol):
    """Light sleep: the processor stops, RAM stays."""

    def light(self, limit_ms: int) -> bool:
        """Sleep until a pin of a device calls or `limit_ms` are over; devices that called have called back by then.

        Ticks go on meanwhile. False, at once, where sleep is not possible now (a computer at the USB port).
        """
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


class FreeBlocks(Protocol):
    """What deleted files have left in the blocks and logs of the file system. A wipe overwrites it."""

    def begin(self) -> None:
        """From now on `pending`, over restarts. Raises OSError."""
        ...

    def pending(self) -> bool:
        """True if this was begun and has not come to its end. Raises OSError if nobody can tell."""
        ...

    def erasing(self) -> "Iterator[int]":
        """Overwrite all of it, in steps of one block; gives percent. Then it is no longer `pending`. Raises OSError.

        It may be dropped at any step, and begins anew then. Nobody else should write meanwhile: there is no room.
        """
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
    slots: "Optional[Flash]"
    """The slot record, two sectors; docs/updates.md."""
    free_blocks: "Optional[FreeBlocks]"
    """None where files do not lie on a flash of the watch."""
    usb: "Optional[Stream]"
    ble: "Optional[Ble]"
    microphone: "Optional[Microphone]"
    rest: "Optional[Rest]"
    vital: "dict[str, str]"
    """Chips without which a new system is not kept: `panel`, `touch`, `radio`, and what `findings` calls each."""
    findings: "list[tuple[str, str]]"
    """Each chip, and what was wrong with it at the start: empty if nothing. In the order of the start."""
