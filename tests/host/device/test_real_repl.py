"""`Repl` against MicroPython's own REPL, as it is on a board that runs stock MicroPython: raw-paste mode and Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
def board(tmp_path: Path) -> Iterator[RealRepl]:
    script = tmp_path / "main.py"
    script.write_text(_MAIN)
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
