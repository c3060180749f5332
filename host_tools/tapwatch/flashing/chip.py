"""What esptool can tell of the chip, and whether that is the board the user named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from tapwatch.flashing.esptool_run import Esptool
    from tapwatch.images.boards import Board

_KIND = re.compile(r"Connected to (ESP[\w-]+) on")
_FLASH = re.compile(r"Detected flash size:\s+(\d+)(MB|KB)")
_MAC = re.compile(r"MAC:\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5,7})")
_PSRAM = re.compile(r"Embedded PSRAM (\d+)MB")
_PROTECTION = re.compile(r"(Secure Boot|Flash Encryption):\s+(\w+)")
_PROTECTIONS = {"Secure Boot": "secure boot", "Flash Encryption": "flash encryption"}
_KB, _MB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Chip:
    """What is on the port."""

    kind: str
    """As boards call it: `esp32s3`."""
    flash_bytes: int
    """0 where esptool cannot tell."""
    psram_bytes: int | None
    """PSRAM in the package of the chip; None where there is none. That beside the chip cannot be seen from here."""
    mac: str


def look(esptool: Esptool) -> Chip:
    """Ask the chip. Raises UserError."""
    said = esptool.run("flash-id")
    kind, size, psram, mac = (pattern.search(said) for pattern in (_KIND, _FLASH, _PSRAM, _MAC))
    if not kind or not mac:
        raise UserError(f"esptool does not say which chip is on {esptool.port}", "is it an ESP32-S3?")
    return Chip(
        kind=kind.group(1).lower().replace("-", ""),
        flash_bytes=int(size.group(1)) * (_MB if size.group(2) == "MB" else _KB) if size else 0,
        psram_bytes=int(psram.group(1)) * _MB if psram else None,
        mac=mac.group(1),
    )


def check(chip: Chip, board: Board) -> None:
    """Raises UserError if this cannot be that board."""
    if chip.kind != board.chip:
        raise UserError(
            f"the chip is an {chip.kind}, but a {board.title} has an {board.chip}",
            "name another port or another board",
            EXIT_FAILED,
        )
    if chip.flash_bytes < board.flash_bytes:
        size = f"{chip.flash_bytes // _MB} MB" if chip.flash_bytes else "a flash of unknown size"
        raise UserError(
            f"the chip has {size}, but a {board.title} has {board.flash_bytes // _MB} MB of flash",
            "name another port or another board",
            EXIT_FAILED,
        )
    if chip.psram_bytes is not None and chip.psram_bytes < board.least_psram_bytes:
        raise UserError(
            f"the chip has {chip.psram_bytes // _MB} MB of PSRAM; the watch needs {board.least_psram_bytes // _MB} MB",
            "name another port or another board",
            EXIT_FAILED,
        )


def check_unlocked(esptool: Esptool) -> None:
    """Raises UserError if a fuse of the chip lets it start only what somebody else has signed or encrypted."""
    states = dict(_PROTECTION.findall(esptool.run("get-security-info")))
    locked = [words for name, words in _PROTECTIONS.items() if states.get(name) != "Disabled"]
    if locked:
        raise UserError(
            f"{' and '.join(locked)} may be on in this chip: it would not start what is written to it",
            "nothing has been written; take a board whose fuses have not been burnt",
            EXIT_FAILED,
        )


def seen(chip: Chip, board: Board) -> list[str]:
    """Lines that say what was found, and what could not be looked at."""
    lines = [f"{chip.kind.upper()}, {chip.flash_bytes // _MB} MB of flash, MAC {chip.mac}"]
    if chip.psram_bytes is None:
        need = board.least_psram_bytes // _MB
        lines.append(
            f"PSRAM beside the chip cannot be seen from here; the watch looks for its {need} MB when it starts"
        )
    else:
        lines.append(f"{chip.psram_bytes // _MB} MB of PSRAM in the chip")
    return lines
