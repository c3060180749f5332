"""pytest collection of firmware tests: files `upy_*.py` under tests/firmware, one item per `test_*` function.

The functions are found by reading the syntax tree, so collecting starts no interpreter. All tests of a file share one
MicroPython process, and each file gets a fresh one: the result of a file does not depend on what ran before it.
A file may set `TIMEOUT_S` (seconds per test), `SHARE` (see shares.py), `EXAMPLES` (true: the apps of examples/ are
packed first) and `LONG_HEAP` (of the interpreter in the long form, which may have to remember more than a watch, "64M")
as plain module constants.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screens import examples
from tests.tools.upy_process import HEAP, LONG, RUNNER, Outcome, UpyProcess

DEFAULT_TIMEOUT_S = 120
LONG_TIMEOUT_S = 12 * 3600
FRAME = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+)')


class UpyFailure(Exception):
    """A firmware test failed; the text is ready to print."""


def annotate(traceback: str, root: Path) -> str:
    """A MicroPython traceback with the error first, source lines under the frames, and none of the runner's frames."""
    frames = [line for line in traceback.splitlines() if FRAME.match(line) and RUNNER not in line]
    rest = [line for line in traceback.splitlines() if not FRAME.match(line) and not line.startswith("Traceback")]
    for frame in frames:
        rest.append(frame)
        rest += _source_line(frame, root)
    return "\n".join(rest)


def _source_line(frame: str, root: Path) -> list[str]:
    """The line of source a frame points to, if it is there."""
    place = FRAME.match(frame)
    if place is None or not (root / place["file"]).is_file():
        return []
    lines = (root / place["file"]).read_text().splitlines()
    return ["    " + text.strip() for text in lines[int(place["line"]) - 1 : int(place["line"])]]


def constants(tree: ast.Module) -> dict[str, Any]:
    """The module-level `NAME = literal` assignments of a test file."""
    found: dict[str, Any] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                found[name] = value
    return found


class UpyItem(pytest.Item):
    """One firmware test function."""

    def __init__(self, *, lineno: int, timeout_s: float, share: "str | None", **kwargs: Any) -> None:
        """Remember where the function is and what it may take."""
        super().__init__(**kwargs)
        self._lineno = lineno
        self._timeout_s = timeout_s
        if share:
            self.add_marker(pytest.mark.share(share))

    def runtest(self) -> None:
        """Run the function inside MicroPython; prints become captured output."""
        outcome = self._file.process().run(self._file.relative, self.name, self._timeout_s)
        print(outcome.output, end="")
        self._judge(outcome)

    def _judge(self, outcome: Outcome) -> None:
        """Turn an outcome into what pytest knows."""
        if outcome.status == "skipped":
            pytest.skip(outcome.text)
        if outcome.status in ("crashed", "timeout"):
            raise UpyFailure(f"{outcome.status}: {annotate(outcome.text, self._file.root)}")
        if outcome.status == "failed":
            raise UpyFailure(annotate(outcome.text, self._file.root))

    @property
    def _file(self) -> "UpyFile":
        """The file this function stands in."""
        assert isinstance(self.parent, UpyFile)
        return self.parent

    def repr_failure(self, excinfo: "pytest.ExceptionInfo[BaseException]", style: Any = None) -> Any:
        """Show MicroPython's traceback instead of this plugin's."""
        if isinstance(excinfo.value, UpyFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> "tuple[Path, int, str]":
        """File, line and name for pytest's reports."""
        return self.path, self._lineno, self.name


class UpyFile(pytest.File):
    """One firmware test file and the interpreter its tests run in."""

    _process: "UpyProcess | None" = None
    _needs_examples = False
    _heap = HEAP

    @property
    def root(self) -> Path:
        """The folder the interpreter runs in: the root of the repository."""
        return self.config.rootpath

    @property
    def relative(self) -> str:
        """Path of the file relative to the root."""
        return self.path.relative_to(self.root).as_posix()

    def collect(self) -> Iterator[UpyItem]:
        """One item per test function, in the order of the file."""
        tree = ast.parse(self.path.read_text(), str(self.path))
        named = constants(tree)
        self._needs_examples = bool(named.get("EXAMPLES"))
        self._heap = named.get("LONG_HEAP", HEAP) if os.environ.get(LONG) else HEAP
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                timeout_s = LONG_TIMEOUT_S if os.environ.get(LONG) else named.get("TIMEOUT_S", DEFAULT_TIMEOUT_S)
                yield UpyItem.from_parent(
                    self, name=node.name, lineno=node.lineno - 1, timeout_s=timeout_s, share=named.get("SHARE")
                )

    def process(self) -> UpyProcess:
        """The interpreter of this file, started when first needed and again after a crash."""
        if self._process is None or not self._process.alive:
            if self._needs_examples:
                examples.refresh()
            self._process = UpyProcess(self.root, self._heap)
        return self._process

    def teardown(self) -> None:
        """End the interpreter with the last test of the file."""
        if self._process is not None:
            self._process.close()
            self._process = None


def is_upy(path: Path) -> bool:
    """True for a firmware test file."""
    return path.name.startswith("upy_") and path.suffix == ".py"
