"""Runs esptool inside this process: it is the same program, without the start of an interpreter for every command."""

from __future__ import annotations

import io
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest import mock

import esptool
from esptool import cmds, loader

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAM = 3  # words of `python -m esptool`
_HURRIED = SimpleNamespace(time=time.time, sleep=lambda seconds: time.sleep(min(seconds, 0.01)))


class _Lines(io.TextIOBase):
    """Hands on every line that is printed."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.said: list[str] = []
        self._progress = progress
        self._part = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._part = (self._part + text).split("\n")
        for line in lines:
            self.said.append(line + "\n")
            self._progress(line)
        return len(text)


def watched(command: list[str], progress: Callable[[str], None]) -> tuple[list[str], int]:
    """In the place of `esptool_run._watched`. It does not wait for a chip that has gone."""
    out = _Lines(progress)
    code: object = 0
    with (
        mock.patch.object(sys, "argv", command[_PROGRAM - 1 :]),
        mock.patch.object(loader, "WRITE_BLOCK_ATTEMPTS", 1),
        mock.patch.object(cmds, "time", _HURRIED),
        mock.patch.object(
            loader.HexFormatter, "__str__", lambda bytes_: ""
        ),  # made for every block, for a log nobody has
        redirect_stdout(out),
        redirect_stderr(out),
    ):
        try:
            esptool._main()
        except SystemExit as end:
            code = end.code or 0
    return out.said, 1 if code else 0
