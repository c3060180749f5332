"""`Repl` and a watch that is busy, falls silent, or takes nothing more: each ends soon, with words for people."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import sys
import threading
import time
import tty
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.device import repl
from tapwatch.device.repl import Repl
from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_S = 0.9
"""Longer than mpremote waits for two bytes."""
SILENCE_S = 2.0
WINDOW = 32
BANNER, PASTE, RAW, PASTED = b"raw REPL; CTRL-B to exit\r\n>", b"\x05A\x01", b"\r\x01", b"\x04"
MARK = re.compile(rb"print\('(\w+)'\)\x04")
BUSY, SILENT, FULL = "busy", "silent", "full"


class Board:
    """A REPL on a terminal, as far as `Repl` needs one. `how` is what is wrong with it."""

    def __init__(self, how: str) -> None:
        self._how = how
        self.stale = 0
        """Answers to tries before that come late."""
        self._heard = bytearray()
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(10)
        os.close(self._master)
        os.close(self._slave)

    def _answer(self) -> None:
        """Bytes that wait are answered in the order in which they may come."""
        while not self._over.is_set():
            if not select.select([self._master], [], [], 0.05)[0]:
                continue
            self._heard += os.read(self._master, 4096)
            if self._heard.endswith(RAW):
                self._say(BANNER)
            elif met := MARK.search(self._heard):
                self._say(BANNER * self.stale + b"OK" + met[1] + b"\r\n\x04\x04>")
            elif self._heard.endswith(PASTE):
                self._paste()

    def _paste(self) -> None:
        time.sleep(BUSY_S if self._how == BUSY else 0)
        self._say(b"R\x01")
        if self._how == SILENT:
            return
        time.sleep(BUSY_S if self._how == BUSY else 0)
        self._say(struct.pack("<H", 0xFFFF if self._how == FULL else WINDOW))
        if self._how == FULL:
            self._over.wait(30)
            return
        got = 0
        while not self._heard.endswith(PASTED) and not self._over.is_set():
            data = os.read(self._master, 1)
            self._heard += data
            got += 1
            if got % WINDOW == 0:
                time.sleep(BUSY_S)
                self._say(b"\x01")
        self._say(b"\x04" + b"True" + b"\x04\x04>")

    def _say(self, data: bytes) -> None:
        self._heard.clear()
        os.write(self._master, data)


@pytest.fixture
def board(request: pytest.FixtureRequest) -> Iterator[Board]:
    board = Board(request.param)
    yield board
    board.close()


@pytest.mark.parametrize("board", [BUSY], indirect=True)
def test_a_busy_watch_is_waited_for(board: Board) -> None:
    board.stale = 2
    with Repl(board.port) as one:
        assert one.has_watch
        one.has_watch = False  # it is no watch that could go on


@pytest.mark.parametrize("board", [SILENT], indirect=True)
def test_a_watch_that_falls_silent_has_gone(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repl, "_SILENCE_S", 0.6)
    with pytest.raises(UserError, match="went away"), Repl(board.port):
        pass


@pytest.mark.parametrize("board", [FULL], indirect=True)
def test_a_watch_that_takes_nothing_more_has_gone(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repl, "_SILENCE_S", SILENCE_S)
    monkeypatch.setattr(repl, "_opened", _larger(repl._opened))
    began = time.monotonic()
    with pytest.raises(UserError, match="went away"), Repl(board.port) as one:
        one.run("1")
    assert time.monotonic() - began < 60


def _larger(opened):
    """The first thing that is run is large as well."""

    def open_it(port: str):
        transport = opened(port)
        run = transport.exec_raw_no_follow
        transport.exec_raw_no_follow = lambda source: run(source + "\n#" + "x" * 60_000)
        return transport

    return open_it


def test_a_shell_without_a_terminal_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Closed, as by `<&-`, and `</dev/null`. The port is not even opened."""
    with open("/dev/null") as nothing:
        for stream in (None, nothing):
            monkeypatch.setattr(sys, "stdin", stream)
            assert cli.main(["shell", "--port", "/dev/not-there"]) == EXIT_USAGE
            assert "-c" in capsys.readouterr().err
