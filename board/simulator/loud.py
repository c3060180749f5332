"""The speaker of the simulated watch: its driver over an amplifier whose samples go to the host."""

import errno

from micropython import const

from board.parts.speaker import AmpSpeaker
from board.simulator import frames
from board.simulator.chips.max98357a import Amplifier
from drivers.max98357a import RATE_HZ, Max98357a

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.parts.sound_port import SoundPort
    from board.simulator.desk import Desk
    from board.simulator.link import Link

    Buffer = bytes | bytearray | memoryview

_BYTES_PER_MS = const(64)  # 32 kHz, 16 bits


class Port:
    """A `machine.I2S` that sends: it calls back when the time of a part has passed."""

    rate = RATE_HZ
    bits = 16

    def __init__(self, desk: "Desk", amplifier: Amplifier) -> None:
        self._desk = desk
        self._amplifier = amplifier
        self._handler: "Callable[[Port], object] | None" = None

    def irq(self, handler: "Callable[[Port], object]") -> None:
        """Call back after each part."""
        self._handler = handler

    def write(self, buf: "Buffer") -> None:
        """Play it."""
        self._amplifier.take(self, buf)
        self._desk.timers.after_ms(len(buf) // _BYTES_PER_MS, self._played)

    def readinto(self, buf: "bytearray | memoryview") -> None:
        """It only sends. Raises OSError."""
        raise OSError(errno.EPERM)

    def deinit(self) -> None:
        """Stop."""
        self._handler = None

    def _played(self) -> None:
        if self._handler:
            self._handler(self)


def heard_by(link: "Link") -> "Callable[[Buffer], None]":
    """What an amplifier gives its samples to."""

    def hear(buf: "Buffer") -> None:
        link.send(frames.SOUND, b"", buf, len(buf))

    return hear


def speaker(desk: "Desk", port: "SoundPort") -> AmpSpeaker:
    """`ports.Speaker` of a MAX98357A that somebody listens to; the microphone has the same port."""
    amplifier = Amplifier(desk.misuse, heard_by(desk.link))
    return AmpSpeaker(Max98357a(port.opener(lambda: Port(desk, amplifier)), amplifier.supply))
