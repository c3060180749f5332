"""The tutorial, done: each file written, each command run, what it prints compared; and the face looked at."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tapwatch.cli import main

pytestmark = pytest.mark.share("apps")
PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATIENCE_S = 60.0
FAILS, STAYS = "!", "&"
"""Marks of a command that ends with an error, and of one that goes on."""


class Reader:
    """Somebody who does what the page says, in an empty folder where he is.

    What `tapwatch` does at once is done here; only what stays needs a process of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: subprocess.Popen[str] | None = None
        self._lines = folder / "printed"
        self.printed = ""
        self.commands = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        if self._running is not None:
            self._running.send_signal(signal.SIGINT)
            assert self._running.wait(_PATIENCE_S) == 0, "it ends in order"

    def write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8")

    def run(self, line: str, mark: str) -> None:
        self.commands += 1
        if mark == STAYS:
            with self._lines.open("w") as out:
                self._running = subprocess.Popen(line.split(), cwd=self._folder, stdout=out, text=True)
            self._until(lambda: "on the watch after" in self._lines.read_text())
            self.printed = self._lines.read_text()
            return
        program, *arguments = line.split()
        if program == "rm":
            for name in arguments:
                (self._folder / name).unlink()
            return
        assert program == "tapwatch", line
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = main(arguments)
        self.printed = printed.getvalue()
        assert (code != 0) == (mark == FAILS), self.printed

    def expect(self, text: str) -> None:
        """Every line was printed; numbers and the token of a run are others each time."""
        for line in text.splitlines():
            assert _plain(line) in _plain(self.printed), (line, self.printed)

    def shown(self) -> list[str]:
        """The texts on the watch that runs."""
        address = re.search(r"Watch  (\S+)/#(\S+)", self._lines.read_text())
        assert address is not None
        request = urllib.request.Request(  # noqa: S310 - our own simulator
            f"{address[1]}/state.json", headers={"Authorization": f"Bearer {address[2]}"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read())["texts"]

    def sees(self, words: str) -> None:
        """It is on the glass within a few seconds."""
        self._until(lambda: any(words in text for text in self.shown()))

    def _until(self, there) -> None:
        until = time.monotonic() + _PATIENCE_S
        while not there():
            assert time.monotonic() < until, self._lines.read_text()
            time.sleep(0.1)


def _plain(text: str) -> str:
    return re.sub(r"\d[\d.]*", "N", re.sub(r"#\S+", "#", text))


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def test_every_command_and_file_of_the_tutorial_works(tmp_path: Path) -> None:
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    files = 0
    with Reader(tmp_path) as reader:
        for kind, mark, text in blocks:
            if kind == "sh":
                for line in text.splitlines():
                    reader.run(line, mark)
            elif kind == "text":
                reader.expect(text)
            else:
                files += 1
                reader.write(mark, text)
                if mark == "harbour/app.py":
                    reader.sees("min to the hour")
        assert reader.commands >= 8 and files == 3
        print(f"NOTE tutorial: {reader.commands} commands run, {files} files written")
