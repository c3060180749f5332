"""What goes into the image of a board, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.apps import builtin
from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.images.reach import reached
from tapwatch.images.statement import DEVELOPMENT, RELEASE, version_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tapwatch.images.boards import Board
    from tapwatch.images.brand import Brand
    from tapwatch.images.statement import Version

MAIN, FACTS = "main.py", "facts.py"
_WORKBENCH = "watch/system/workbench/"
"""What a computer asks a development image for, through the REPL that a release has not."""
_MICROPHONE = "firmware/drivers/pdm_microphone.py"
_LICENCE = "OFL.txt"
"""Of the fonts: it asks to be with them."""


def sources(root: Path, board: Board, posture: str = DEVELOPMENT) -> dict[str, Path]:
    """What each file of the image of a board is made from, but for `facts.py`: compiled, if the path ends in `.mpy`.

    Raises UserError if the tree lacks one.
    """
    main, own = root / "firmware" / MAIN, f"board/{board.name}/board.py"
    for needed in (main, root / own):
        if not needed.is_file():
            hint = "is this a source tree of Tapwatch?"
            raise UserError(f"{needed.relative_to(root)} is not there", hint, EXIT_USAGE)
    modules = {path.relative_to(root).as_posix() for path in (root / "firmware/watch").rglob("*.py")}
    modules |= reached(root, (f"firmware/{MAIN}", own)) - {f"firmware/{MAIN}"}
    if posture == RELEASE:
        modules -= {"firmware/" + path for path in workbench(path.removeprefix("firmware/") for path in modules)}
    code = {path.removeprefix("firmware/").removesuffix(".py") + ".mpy": root / path for path in modules}
    return {MAIN: main, **code, **_fonts(root, board), **_weights(root, modules), **_apps(root)}


def workbench(paths: Iterable[str]) -> set[str]:
    """Those that only a development image has."""
    return {path for path in paths if path.startswith(_WORKBENCH)}


def _fonts(root: Path, board: Board) -> dict[str, Path]:
    folder = root / "firmware/assets"
    files = [*folder.glob(f"*.{board.fonts}.*"), folder / _LICENCE]
    if len(files) == 1:
        raise UserError(f"there are no fonts for {board.glass}", "they belong into firmware/assets", EXIT_FAILED)
    return {f"assets/{path.name}": path for path in files}


def _weights(root: Path, modules: Iterable[str]) -> dict[str, Path]:
    """Of the voice, for a board that has the driver of a microphone."""
    hears = _MICROPHONE in modules
    return {f"assets/{path.name}": path for path in (root / "firmware/assets").glob("voice.*.twv") if hears}


def _apps(root: Path) -> dict[str, Path]:
    return {f"apps/{path.name}": path for path in builtin.refresh(root).glob("*.twb")}


def facts(board: str, version: Version, built_s: int, posture: str, brand: Brand | None = None) -> bytes:
    """The module `facts` of an image."""
    lines = (
        '"""What this image is. Written by `tapwatch build`."""',
        "",
        f'BOARD = "{board}"',
        f'VERSION = "{version_text(version)}"',
        f"BUILT_S = {built_s}",
        f'POSTURE = "{posture}"',
        *(brand.facts() if brand else ()),
        "",
    )
    return "\n".join(lines).encode()
