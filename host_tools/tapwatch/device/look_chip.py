"""What the ROM of the chip says, as rows: its kind, flash and PSRAM, and what its fuses have switched off for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.device import fuses
from tapwatch.device.rows import BROKEN, LOOK, Row
from tapwatch.flashing import chip as chips

if TYPE_CHECKING:
    from tapwatch.device.fuses import Espefuse, Summary
    from tapwatch.flashing.chip import Chip
    from tapwatch.flashing.esptool_run import Esptool

_MB = 1 << 20
_LOCKED = "somebody has burnt this fuse: the chip starts only what they have signed or encrypted"
_OTHER_BOARD = "take a board whose fuses have not been burnt"
_JTAG = ("DIS_PAD_JTAG", "DIS_USB_JTAG")
_DOWNLOAD, _SECURE_BOOT, _CRYPT = "DIS_DOWNLOAD_MODE", "SECURE_BOOT_EN", "SPI_BOOT_CRYPT_CNT"


def look(esptool: Esptool, espefuse: Espefuse) -> list[Row]:
    """Ask the ROM, and write nothing; the chip starts again afterwards. Raises UserError."""
    found = chips.look(esptool)
    try:
        rows = [*_chip(found), *of_fuses(espefuse.summary())]
    finally:
        esptool.run("flash-id", reset=True)
    meaning = "the chip is well, and no system has answered"
    return [*rows, Row("system", "does not answer", BROKEN, meaning, "tapwatch flash --keep-state, or tapwatch flash")]


def of_fuses(summary: Summary) -> list[Row]:
    """What follows from the fuses."""
    rows = [_start_fuse(summary, "secure boot", _SECURE_BOOT), _start_fuse(summary, "flash encryption", _CRYPT)]
    shut = [name for name in _JTAG if _set(summary, name)]
    rows.append(Row("JTAG", f"shut: {', '.join(shut)}" if shut else "open"))
    rows.append(Row("download mode", "shut" if _set(summary, _DOWNLOAD) else "open"))
    block = fuses.burnt(summary)
    rows.append(Row("device secret", f"a key in {block}" if block else "none in the eFuses"))
    return rows


def _start_fuse(summary: Summary, what: str, name: str) -> Row:
    if not _set(summary, name):
        return Row(what, "off")
    return Row(what, "on", BROKEN, _LOCKED, _OTHER_BOARD)


def _set(summary: Summary, name: str) -> bool:
    field = summary.get(name)
    return field is not None and int(str(field.get("raw_value", "0")), 16) != 0


def _chip(found: Chip) -> list[Row]:
    flash = f"{found.flash_bytes // _MB} MB" if found.flash_bytes else "size not known"
    rows = [Row("chip", f"{found.kind.upper()}, MAC {found.mac}"), Row("flash", flash)]
    if found.psram_bytes is None:
        rows.append(Row("PSRAM", "none in the chip; beside it cannot be seen from here"))
    else:
        rows.append(Row("PSRAM", f"{found.psram_bytes // _MB} MB in the chip"))
    if found.kind != "esp32s3":
        meaning = "Tapwatch runs on the ESP32-S3"
        rows[0] = Row("chip", rows[0].value, LOOK, meaning, "is this the right port?")
    return rows
