"""Source trees to build from: a small one, made of texts, and the whole firmware with a board of the tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tapwatch.images import boards
from tapwatch.images.build import Plan, plan

ROOT = boards.ROOT
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
BUILT_S = 1_795_338_000  # 2026-11-22 09:00:00 UTC
BOARD = "trial"
FACTS = (ROOT / "board/lilygo_twatch_ultra/board.toml").read_text().replace("lilygo_twatch_ultra", BOARD)

SMALL = {
    "pyproject.toml": '[project]\nname = "trial"\nversion = "1.4.0"\n',
    "firmware/main.py": (
        "try:\n    import micropython\n\n    _closed = micropython.kbd_intr(-1) or True\n"
        "except KeyboardInterrupt:\n    pass\n"
        "import facts\nfrom drivers import lamp\n"
    ),
    "firmware/watch/__init__.py": '"""The watch."""\n',
    "firmware/watch/kernel/errors.py": "class WatchError(Exception):\n    pass\n",
    "firmware/watch/ui/viper.py": "@micropython.viper\ndef add(a: int, b: int) -> int:\n    return a + b\n",
    "firmware/drivers/lamp.py": "from drivers.bus import Bus\nLEVEL = 3\n",
    "firmware/drivers/bus.py": "class Bus:\n    pass\n",
    "firmware/drivers/unused.py": "OTHER = 1\n",
    "firmware/assets/body.large.twf": "large" * 40,
    "firmware/assets/body.small.twf": "small" * 40,
    "firmware/assets/OFL.txt": "licence\n",
    "board/ports.py": "PORTS = 1\n",
    "board/parts/power.py": "from drivers.bus import Bus\n",
    "board/parts/unused.py": "OTHER = 1\n",
    f"board/{BOARD}/board.toml": FACTS,
    f"board/{BOARD}/board.py": (
        "TYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n    from board import ports\n"
        "def build(facts):\n    from board.parts import power\n    import machine\n    return facts.BOARD\n"
    ),
}
"""Every rule of what goes in has a file here."""
TRIAL_BOARD = '''
from board.counting.board import build as counting


def build(facts):
    """The counting board, with what the image says of itself."""
    board = counting()
    board.info.name, board.info.version, board.info.built_s = facts.BOARD, facts.VERSION, facts.BUILT_S
    board.info.assets, board.info.apps = "/slot/assets", "/slot/apps"
    return board
'''


def small(folder: Path, **changes: str) -> Path:
    """Write the small tree; `changes` are texts of other files, by path with `__` for `/`."""
    for path, text in {**SMALL, **{path.replace("__", "/"): text for path, text in changes.items()}}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def whole() -> Path:
    """The firmware of this checkout and the board `trial`, in build/tests; what was compiled is kept for next time."""
    tree = ROOT / "build/tests/images" / WORKER
    shutil.rmtree(tree, ignore_errors=True)
    for folder in ("firmware", "board"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tree / folder, copy_function=os.link, ignore=ignored)
    (tree / "build").symlink_to(ROOT / "build")
    (tree / f"board/{BOARD}").mkdir()
    (tree / f"board/{BOARD}/board.toml").write_text(FACTS)
    (tree / f"board/{BOARD}/board.py").write_text(TRIAL_BOARD)
    return tree


def plan_of(tree: Path, **more: str) -> Plan:
    """A plan for the board of the tests, version 1.4.0 unless told otherwise."""
    return plan(tree, BOARD, more.pop("version", "1.4.0"), **more)
