"""The microphone of the simulated watch: its driver over a model that hears what the host plays to it."""

import errno
import struct

from micropython import const

from board.simulator import frames
from board.simulator.chips.pdm_live import LiveMicrophone
from drivers.pdm_microphone import I2S_RATE_HZ, PdmMicrophone

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

    from board.parts.sound_port import SoundPort
    from board.simulator.desk import Desk
    from board.simulator.link import Link

    Buffer = bytes | bytearray | memoryview

_BYTES_PER_MS = const(256)  # 32 kHz, two words of 32 bits
_LATE_MS = const(60)


class Port:
    """A `machine.I2S` that receives: it calls back when the time of a part has passed.

    Parts follow each other without a gap however late a callback is. A computer that stalls for longer than `_LATE_MS`
    delays the sound instead, so a script hears the same on any computer; a board would lose parts.
    """

    rate = I2S_RATE_HZ
    bits = 32

    def __init__(self, desk: "Desk", model: LiveMicrophone) -> None:
        """Raises OSError when the host says that it does not start."""
        model.enter()
        self._model = model
        self._desk = desk
        self._due_ms = desk.ticks_ms()
        self._part: "bytearray | memoryview | None" = None
        self._handler: "Callable[[Port], object] | None" = None

    def irq(self, handler: "Callable[[Port], object]") -> None:
        """Call back after each part."""
        self._handler = handler

    def readinto(self, buf: "bytearray | memoryview") -> None:
        """Fill the part when its time has passed."""
        now_ms = self._desk.ticks_ms()
        if now_ms - self._due_ms > _LATE_MS:
            self._due_ms = now_ms
        self._due_ms += len(buf) // _BYTES_PER_MS
        self._part = buf
        self._desk.timers.after_ms(max(self._due_ms - now_ms, 0), self._full)

    def write(self, buf: "Buffer") -> None:
        """It only receives. Raises OSError."""
        raise OSError(errno.EPERM)

    def deinit(self) -> None:
        """Stop."""
        self._handler = self._part = None
        self._model.leave()

    def _full(self) -> None:
        part, self._part = self._part, None
        if part is None or self._handler is None:
            return
        self._model.give(part)
        if self._handler is not None:
            self._handler(self)
        else:  # whoever listened stopped while the host was asked
            part[:] = bytes(len(part))


class HostSound:
    """`Sound` of the model: what the host plays."""

    def __init__(self, link: "Link") -> None:
        self._link = link
        self._wanted = bytearray(2)

    def enter(self) -> None:
        """The watch listens from now on. Raises OSError as the host says."""
        self._link.call(frames.MICROPHONE_ON, b"")

    def hear(self, into: bytearray, samples: int) -> int:
        """The next samples, and what the line does. Raises OSError when the host is gone."""
        struct.pack_into(">H", self._wanted, 0, samples)
        answer = self._link.call(frames.SOUND_WANTED, self._wanted)
        sound = answer[1:]
        into[: len(sound)] = sound
        into[len(sound) :] = bytes(2 * samples - len(sound))
        return answer[0]

    def leave(self) -> None:
        """The watch does not listen any more."""
        self._link.send(frames.MICROPHONE_OFF, b"")


def microphone(desk: "Desk", port: "SoundPort") -> PdmMicrophone:
    """`ports.Microphone` of a PDM microphone that somebody speaks to; the speaker has the same port."""
    model = LiveMicrophone(HostSound(desk.link))
    return PdmMicrophone(port.opener(lambda: Port(desk, model)))
