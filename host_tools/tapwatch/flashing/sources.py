"""The files that go to a watch: read and checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.flashing import stock_image
from tapwatch.images import container, statement
from tapwatch.images.boards import ROOT
from tapwatch.images.container import ImageProblem

if TYPE_CHECKING:
    from tapwatch.flashing.stock_image import StockImage
    from tapwatch.images.boards import Board
    from tapwatch.images.statement import Statement

BOOT = ROOT / "firmware" / "boot.py"
_MOST_BYTES = 8 << 20


@dataclass(frozen=True)
class Sources:
    """What is written."""

    system: bytes
    said: Statement
    """What the system image says of itself."""
    boot: bytes
    stock: StockImage | None

    def describe(self) -> list[str]:
        """A line for each."""
        lines = [f"System {statement.version_text(self.said.version)}, {self.said.posture}, {len(self.system)} bytes"]
        if self.stock is not None:
            name = self.stock.release or "of which you gave the SHA-256"
            lines.append(f"MicroPython image {name}, {len(self.stock.data)} bytes")
        return lines


def read(board: Board, image: Path, stock: Path | None, stock_sha256: str, boot: Path) -> Sources:
    """Read and check them. Who signed the system image is not judged: who has the cable decides. Raises UserError."""
    system = _bytes(image, "system image", "make it with: tapwatch build")
    said = _statement(system, board)
    boot_bytes = _bytes(boot, "boot.py of the watch", "it is in firmware/ of a complete checkout")
    return Sources(system, said, boot_bytes, stock_image.read(stock, board, stock_sha256) if stock else None)


def _bytes(path: Path, what: str, hint: str) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise UserError(f"the {what} {path} cannot be read", hint) from problem
    if len(data) > _MOST_BYTES:
        raise UserError(f"the {what} {path} is larger than {_MOST_BYTES} bytes", hint, EXIT_FAILED)
    return data


def _statement(system: bytes, board: Board) -> Statement:
    try:
        image = container.read(system)
        files = image.files
    except ImageProblem as problem:
        raise UserError("this is no system image, or not a whole one", "make it anew", EXIT_FAILED) from problem
    said = image.statement
    if said.board != board.name:
        hint = f"build one for it: tapwatch build --board {board.name}"
        raise UserError(f"the system image is for {said.board}, not for {board.name}", hint, EXIT_FAILED)
    if said.machine != statement.XTENSAWIN:
        raise UserError(f"the system image has machine code for {said.machine}, not for a watch", "", EXIT_FAILED)
    if "main.py" not in files:
        raise UserError("the system image has no main.py: it would start nothing", "make it anew", EXIT_FAILED)
    return said
