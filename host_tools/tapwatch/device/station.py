"""One place at the bench: a port with a watch on it, in download mode or running."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.device import fuses
from tapwatch.device.fuses import Espefuse
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import chip, partitions, ports
from tapwatch.flashing.esptool_run import BAUD, Esptool
from tapwatch.flashing.flash import flash
from tapwatch.flashing.partitions import SECTOR_BYTES, TABLE_OFFSET, TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.images.boards import Board

_LOOK = "flash-id"


@dataclass(frozen=True)
class Station:
    """`port` is what somebody named, empty to look for the watch by its USB numbers."""

    board: Board
    port: str = ""
    baud: int = BAUD
    stub: bool = True

    def find(self) -> str:
        """The port: the one that was named, whatever else is there, or that of the only watch now. Raises UserError."""
        return ports.find(self.board, self.port)

    def esptool(self) -> Esptool:
        """For what the ROM of the chip does. Raises UserError."""
        return Esptool(self.find(), self.baud, ports.how_to_connect(self.board), stub=self.stub)

    def watch(self) -> SerialWatch:
        """For messages to a watch that runs, or is starting."""
        return SerialWatch(self.find, say=_to_people)

    def mac(self) -> str:
        """The first address of the chip, which must be that of the board. It is in download mode then.

        Raises UserError.
        """
        found = chip.look(self.esptool())
        chip.check(found, self.board)
        return found.mac

    def flash(self, image: Path, stock: Path, stock_sha256: str, erase: bool) -> None:
        """Write all of a new watch, and leave it in download mode. `erase`: the whole flash first. Raises UserError."""
        flash(
            Namespace(
                board=self.board.name,
                image=str(image),
                stock=str(stock),
                stock_sha256=stock_sha256,
                port=self.find(),
                baud=self.baud,
                no_stub=not self.stub,
                erase=erase,
                keep_state=False,
                lose_files=False,
                no_start=True,
            )
        )

    def start(self) -> None:
        """Leave download mode. Raises UserError."""
        self.esptool().run(_LOOK, reset=True)

    def burn_secret(self, serial: str, answer: Callable[[str], str], erase_vault: bool) -> str | None:
        """Burn a device secret; returns its block, None if the chip has one. It is in download mode then.

        Args:
            serial: what has to be typed to agree.
            answer: shows a question and returns what was typed.
            erase_vault: erase what the watch has sealed with the secret it had. First of all: cut off behind that, it
                is a new watch.

        Raises UserError.
        """
        before = self._erase_vault if erase_vault else _nothing
        where = Espefuse(self.board.chip, self.find())
        return fuses.burn_secret(where, self.board.chip, serial, answer, before)

    def _erase_vault(self) -> None:
        esptool = self.esptool()
        with tempfile.TemporaryDirectory(prefix="tapwatch-read-") as folder:
            path = Path(folder) / "table"
            esptool.run("read-flash", f"{TABLE_OFFSET:#x}", f"{SECTOR_BYTES:#x}", str(path))
            table = path.read_bytes()
        try:
            vault = partitions.named(partitions.read_table(table), "vault")
        except TableError as problem:
            raise UserError("this is no Tapwatch watch", "flash it first: tapwatch flash", EXIT_FAILED) from problem
        esptool.run("erase-region", f"{vault.offset:#x}", f"{vault.size:#x}")


def _to_people(line: str) -> None:
    print(line, file=sys.stderr)


def _nothing() -> None:
    """Nothing is sealed yet."""
