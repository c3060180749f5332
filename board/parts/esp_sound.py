"""Speaker and microphone of an ESP32-S3 board that has both: an image of another has neither drivers nor weights."""

from micropython import const

from board.parts.esp_i2s import receiver, transmitter
from board.parts.sound_port import SoundPort
from board.parts.speaker import AmpSpeaker
from drivers.max98357a import Max98357a
from drivers.pdm_microphone import PdmMicrophone

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.parts.esp32s3 import Esp32s3Board

    Supply = Callable[[int], object]


def give_sound(
    board: "Esp32s3Board",
    clock: int,
    select_word: int,
    out: int,
    pdm_clock: int,
    pdm_data: int,
    supply: "Supply | None" = None,
) -> None:
    """MAX98357A and PDM microphone at these GPIOs: they share the word select line, so one of them works at a time.

    `supply` switches that of the amplifier, where it is not always on.
    """
    port = SoundPort()
    board.busy.append(port.busy)
    board.speaker = AmpSpeaker(Max98357a(port.opener(transmitter(clock, select_word, out)), supply or _always_on))
    board.microphone = PdmMicrophone(port.opener(receiver(pdm_clock, select_word, pdm_data)))


def _always_on(level: int) -> None:
    """The amplifier has its supply all the time, and shuts itself down without a clock."""
