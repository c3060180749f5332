"""The I2S controllers of an ESP32-S3: the first one plays, the second one hears."""

from machine import I2S, Pin
from micropython import const

from drivers.max98357a import QUEUE_BYTES
from drivers.max98357a import RATE_HZ as SPEAKER_HZ
from drivers.pdm_microphone import I2S_RATE_HZ

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

_MICROPHONE_BYTES = const(32_768)
"""What the port itself holds: an eighth of a second."""


def transmitter(clock: int, select_word: int, data: int) -> "Callable[[], Any]":
    """Opens the port that the MAX98357A wants, on these GPIOs."""
    return lambda: _port(0, clock, select_word, data, I2S.TX, 16, I2S.MONO, SPEAKER_HZ, QUEUE_BYTES)


def receiver(clock: int, select_word: int, data: int) -> "Callable[[], Any]":
    """Opens the port that the PDM microphone wants, on these GPIOs; the word select line is only there to be named."""
    return lambda: _port(1, clock, select_word, data, I2S.RX, 32, I2S.STEREO, I2S_RATE_HZ, _MICROPHONE_BYTES)


def _port(
    number: int, clock: int, select_word: int, data: int, mode: int, bits: int, form: int, hz: int, queue_bytes: int
) -> "Any":
    pins = Pin(clock), Pin(select_word), Pin(data)
    return I2S(
        number, sck=pins[0], ws=pins[1], sd=pins[2], mode=mode, bits=bits, format=form, rate=hz, ibuf=queue_bytes
    )
