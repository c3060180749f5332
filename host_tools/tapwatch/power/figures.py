"""What each part of a board draws, where that is known from, and how far it can be trusted.

Currents are those of the battery rail at 3.3 to 3.8 V; losses of converters are not in them, unless the whole board
was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum


class Trust(Enum):
    """Where a figure comes from."""

    DATASHEET = "datasheet"
    OTHERS = "measured by others"
    ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Figure:
    """One value in milliamps, unless its name says another unit."""

    value: float
    trust: Trust
    source: str


@dataclass(frozen=True)
class Board:
    """The figures of one board. `nfc_*` are None where it has no NFC chip, `off` where nobody has published it.

    `microphone` is None where the firmware has no ears.
    """

    name: str
    battery_mah: Figure
    usable_share: Figure
    asleep: Figure
    touch_asleep: Figure
    motion: Figure
    idle: Figure
    busy: Figure
    screen: Figure
    always_on: Figure
    radio_window: Figure
    radio_connected: Figure
    motor: Figure
    nfc_listening: Figure | None = None
    nfc_field: Figure | None = None
    microphone: Figure | None = None
    off: Figure | None = None

    def figures(self) -> dict[str, Figure]:
        """Every figure the board has, by name."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, Figure)}


_ESP32 = "Espressif, ESP32-S3 datasheet, current consumption"
_LILYGO = "LilyGoLib, docs/hardware, power table"
_ST = "ST, ST25R3916 datasheet, at 3.3 V"
_SAME_AS_ULTRA = "none published; the T-Watch Ultra has the same panel and the same power chip"

_ALL = {
    "usable_share": Figure(0.8, Trust.ASSUMPTION, "share of the capacity before the watch switches itself off"),
    "idle": Figure(33, Trust.DATASHEET, f"{_ESP32}: 240 MHz, idle, radio asleep"),
    "busy": Figure(81, Trust.DATASHEET, f"{_ESP32}: 240 MHz, both cores busy"),
    "motion": Figure(0.2, Trust.ASSUMPTION, "sensor that counts steps and notices a raised wrist by itself"),
    "motor": Figure(80, Trust.ASSUMPTION, "small vibration motor while it turns"),
    "radio_window": Figure(
        57, Trust.ASSUMPTION, "on top of the idle processor; listening draws 93 mA at its peak, by the datasheet"
    ),
    "radio_connected": Figure(
        27, Trust.ASSUMPTION, "on top of the idle processor; watches of this kind draw 40 to 80 mA in all"
    ),
}
_EARS = {
    "microphone": Figure(0.6, Trust.ASSUMPTION, "PDM microphone with its clock; data sheets of such say 0.5 to 0.7")
}
_AMOLED = {
    "screen": Figure(30, Trust.ASSUMPTION, "AMOLED with a mostly black picture, estimates say 20 to 40"),
    "always_on": Figure(8, Trust.ASSUMPTION, "AMOLED with a few dim figures"),
}

BOARDS = {
    "twatch-ultra": Board(
        name="LilyGO T-Watch Ultra",
        battery_mah=Figure(1100, Trust.OTHERS, "LilyGO, documentation of the board"),
        asleep=Figure(2.1, Trust.OTHERS, f"{_LILYGO}: whole board in light sleep, buttons wake"),
        touch_asleep=Figure(2.5, Trust.OTHERS, f"{_LILYGO}: light sleep with touch (4.6) less without (2.1)"),
        nfc_listening=Figure(0.005, Trust.ASSUMPTION, "detector for a field, a few microamps"),
        nfc_field=Figure(16, Trust.DATASHEET, f"{_ST}, everything on"),
        off=Figure(0.077, Trust.OTHERS, f"{_LILYGO}: switched off, the clock runs"),
        **_ALL,
        **_AMOLED,
        **_EARS,
    ),
    "twatch-s3": Board(
        name="LilyGO T-Watch S3",
        battery_mah=Figure(470, Trust.ASSUMPTION, "sellers and users of the board; no data sheet"),
        asleep=Figure(1.83, Trust.ASSUMPTION, f"{_LILYGO}: light sleep with touch (2.38) less the share of touch"),
        touch_asleep=Figure(0.55, Trust.OTHERS, f"{_LILYGO}: deep sleep with touch (1.08) less without (0.53)"),
        screen=Figure(45, Trust.ASSUMPTION, "backlight of the IPS panel, estimates say 30 to 60"),
        always_on=Figure(12, Trust.ASSUMPTION, "backlight at a quarter; an IPS panel cannot light single points"),
        off=Figure(0.05, Trust.OTHERS, f"{_LILYGO}: switched off, the clock runs"),
        **_ALL,
        **_EARS,
    ),
    "amoled-206": Board(
        name="Waveshare ESP32-S3-Touch-AMOLED-2.06",
        battery_mah=Figure(400, Trust.ASSUMPTION, "comes without one; a usual cell that fits the case"),
        asleep=Figure(2.1, Trust.ASSUMPTION, _SAME_AS_ULTRA),
        touch_asleep=Figure(
            0.55, Trust.ASSUMPTION, "none published; touch of the T-Watch S3, a chip of the same family"
        ),
        **_ALL,
        **_AMOLED,
    ),
}

FOLDERS = {"twatch-ultra": "lilygo_twatch_ultra", "twatch-s3": "lilygo_twatch_s3", "amoled-206": "waveshare_amoled_206"}
"""Where each is below `board/` of the repository."""
AWAKE = ("amoled-206",)
"""Boards that the firmware does not let sleep yet."""
