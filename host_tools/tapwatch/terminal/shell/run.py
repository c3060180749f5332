"""What `tapwatch apdu` does: a prompt for a person, or a script to its end or its first mistake."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, UserError
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.run import state_path
from tapwatch.terminal.shell.session import CardSession
from tapwatch.terminal.shell.shell import Shell

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

_HISTORY_LINES = 1000
_SECRET = "verify"  # noqa: S105 - the word before a PIN, not one


def run_apdu(arguments: argparse.Namespace) -> int:
    """Run the shell; returns the exit code. Raises UserError."""
    lines = _script(arguments.script)
    session = CardSession(open_reader(arguments.reader), _write, arguments.wait)
    try:
        shell = Shell(session)
        if lines is not None:
            _run_script(shell, lines)
        elif sys.stdin.isatty():
            _run_prompt(shell)
        else:
            _run_script(shell, sys.stdin)
    finally:
        session.leave()
    return EXIT_OK


def _script(path: str | None) -> list[str] | None:
    """The lines of a script file, read before anything happens. Raises UserError."""
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read", "give a text file with one command per line") from error


def _write(line: str) -> None:
    print(line, flush=True)


def _run_script(shell: Shell, lines: Iterable[str]) -> None:
    """Stop at the first line that fails, and say which."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text:
            print(f"{shell.prompt}{text}", flush=True)
        try:
            if not shell.run(text):
                return
        except UserError as error:
            raise UserError(f"line {number}: {error.message}", error.hint, error.exit_code) from error.__cause__


def _run_prompt(shell: Shell) -> None:
    """Until the person leaves."""
    print("`help` lists the commands, `quit` leaves.")
    with _history(shell.words) as remember:
        while True:
            try:
                line = input(shell.prompt)
            except EOFError:
                print()
                return
            except KeyboardInterrupt:  # gives up the line, as shells do
                print()
                continue
            remember(line)
            try:
                if not shell.run(line):
                    return
            except UserError as error:
                print(error.explain())


@contextlib.contextmanager
def _history(words: list[str]) -> Iterator[Callable[[str], None]]:
    """Line editing, completion of the first word, and a history that outlives the program; PINs stay out of it."""
    try:
        import readline
    except ImportError:  # not on every system; the prompt works without
        yield lambda line: None
        return
    path = state_path(None).with_name("apdu_history")
    with contextlib.suppress(OSError):  # the first time there is none
        readline.read_history_file(path)
    readline.set_auto_history(False)
    readline.set_completer(lambda text, number: _completion(words, text, number))
    readline.parse_and_bind("tab: complete")

    def remember(line: str) -> None:
        if line.strip() and line.lower().split()[0] != _SECRET:
            readline.add_history(line)

    try:
        yield remember
    finally:
        readline.set_history_length(_HISTORY_LINES)
        with contextlib.suppress(OSError):  # a history that cannot be kept is no reason to fail
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)


def _completion(words: list[str], text: str, number: int) -> str | None:
    """The number-th word that begins with `text`, as readline asks for it."""
    fitting = [f"{word} " for word in words if word.startswith(text)]
    return fitting[number] if number < len(fitting) else None
