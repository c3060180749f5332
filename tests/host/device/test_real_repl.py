"""`Repl` against MicroPython's own REPL, as it is on a board that runs stock MicroPython: raw-paste mode and Ctrl-C."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.device.repl import Repl
from tapwatch.errors import UserError
from tests.host.device.real_repl import RealRepl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAIN = """
watch, went_on = "a watch", 0
def run(names):
    global went_on
    went_on += 1
    return True
"""
_ASK_PASTE, _HAS_PASTE = b"\x05A\x01", b"R\x01"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "main.py"
    path.write_text(_MAIN)
    return path


@pytest.fixture
def board(script: Path) -> Iterator[RealRepl]:
    with RealRepl(script) as there:
        yield there


def test_what_is_run_goes_by_raw_paste_mode(board: RealRepl) -> None:
    """Longer than the window that MicroPython offers, with bytes that are not ASCII; then what it raises."""
    with Repl(board.port) as repl:
        assert repl.has_watch
        source = "\n".join(f"a{number} = {number}" for number in range(400)) + "\nprint(a399, 'ü')"
        assert repl.run(source).decode().strip() == "399 ü"
        with pytest.raises(UserError) as raised:
            repl.run("print('before')\n1/0")
        assert "ZeroDivisionError" in raised.value.explain()
        with pytest.raises(UserError) as raised:
            repl.run("print(")
        assert "SyntaxError" in raised.value.explain()
        assert repl.run("print('x' * 5000)").strip() == b"x" * 5000
        assert repl.run("print(went_on)").strip() == b"0"
    assert board.heard.count(_ASK_PASTE) == board.said.count(_HAS_PASTE) > 4, "mpremote asked, MicroPython has it"
    with Repl(board.port) as repl:
        assert repl.run("print(went_on)").strip() == b"1", "the watch went on in between"


def stop_at(repl: Repl, call: str, number: int) -> None:
    """Ctrl-C in this call of the stream, and nowhere else: one by time may come when the test is over."""
    stream, counted = repl._stream, 0
    original = getattr(stream, call)

    def counting(*words: object) -> object:
        nonlocal counted
        counted += 1
        if counted == number:
            raise KeyboardInterrupt
        return original(*words)

    setattr(stream, call, counting)


@pytest.mark.parametrize(
    ("source", "call", "number", "paste"),
    [("while True: pass", "read", 4, False), ("#" * 200_000, "write", 9, True)],
    ids=["while it runs", "while it is sent"],
)
def test_ctrl_c_ends_what_the_watch_does(source: str, call: str, number: int, paste: bool, script: Path) -> None:
    """It is ended on the watch as well, and the watch goes on."""
    with RealRepl(script, interrupts=not paste) as board:
        with pytest.raises(KeyboardInterrupt), Repl(board.port) as repl:
            repl.transport.use_raw_paste = paste
            stop_at(repl, call, number)
            repl.run(source, math.inf)
        assert source.encode()[:1000] in board.heard and b"OK" in board.said, "it was given"
        with Repl(board.port) as repl:
            repl.transport.use_raw_paste = paste
            assert repl.run("print(went_on)").strip() == b"1"


def test_ctrl_c_while_the_watch_is_interrupted(board: RealRepl, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands at its REPL already, and nobody has said so: it goes on all the same."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Repl, "_interrupt", stopped)
        with pytest.raises(KeyboardInterrupt), Repl(board.port):
            pass
    with Repl(board.port) as repl:
        assert repl.run("print(went_on)").strip() == b"1"


def test_a_shell_prints_what_came_before_a_mistake(board: RealRepl, capsys: pytest.CaptureFixture[str]) -> None:
    """And then the traceback, as MicroPython has it."""
    assert cli.main(["shell", "--port", board.port, "-c", "print('before')\ndef f(): return 1 / 0\nf()"]) == 1
    said = capsys.readouterr()
    assert said.out == "before\n", said
    assert said.err.startswith("Traceback") and "line 2, in f\n" in said.err, said
    assert said.err.endswith("ZeroDivisionError: divide by zero\n"), said
