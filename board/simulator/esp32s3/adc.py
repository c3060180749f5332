"""`machine.ADC` of the ESP32 port over what a wiring has at the pin."""

from micropython import const

from board.simulator.esp32s3.hardware import current
from board.simulator.esp32s3.pin import Pin, gpio

_MOST_UV, _MOST_ATTENUATED_UV = const(950_000), const(3_100_000)
"""ESP32-S3 data sheet, ADC characteristics."""


class ADC:
    """One channel. Without a wiring the pin is at 0 V."""

    ATTN_11DB = 3

    def __init__(
        self,
        id: "Pin | int",  # noqa: A002 # so called by the port
        *,
        atten: int = 0,
    ) -> None:
        self._hardware = current()
        self._gpio = gpio(id)
        self._attenuated = atten == self.ATTN_11DB

    def read_uv(self) -> int:
        """Microvolts, by the calibration in the eFuses. Without attenuation nothing above 950 mV can be told."""
        source = self._hardware.adc_uv.get(self._gpio)  # type: ignore[arg-type] # a pin has a number
        found = source() if source else 0
        return min(found, _MOST_ATTENUATED_UV if self._attenuated else _MOST_UV)
