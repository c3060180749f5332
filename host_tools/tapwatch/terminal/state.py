"""What a terminal must remember: its trace number, and reversals the bank has not taken yet."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO, Any

from tapwatch.errors import UserError

Fields = dict[str, str]
"""An ISO 8583 message, as `tapwatch.acquiring.spec` has it."""

MAX_STAN = 999_999
"""Trace numbers have six digits (ISO 8583:1987 field 11)."""


class TerminalState:
    """Kept in a file, or in memory alone when there is no path. One process at a time holds the file.

    Raises UserError when the file cannot be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock: IO[str] | None = None
        self._stan = secrets.randbelow(MAX_STAN) + 1
        self._pending: list[Fields] = []
        if path is not None:
            self._lock = _locked(path.with_suffix(".lock"))
            try:
                self._load(path)
            except BaseException:
                self.close()
                raise

    def next_stan(self) -> int:
        """A new trace number, 1 to 999999, saved before it is used."""
        self._stan = self._stan % MAX_STAN + 1
        self._save()
        return self._stan

    @property
    def pending(self) -> list[Fields]:
        """Reversals to be sent, oldest first."""
        return list(self._pending)

    def add_pending(self, reversal: Fields) -> None:
        """Remember a reversal."""
        self._pending.append(reversal)
        self._save()

    def drop_pending(self, reversal: Fields) -> None:
        """Forget a reversal that is not needed or has been taken."""
        self._pending.remove(reversal)
        self._save()

    def close(self) -> None:
        """Let another process have the file."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _load(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        try:
            self._stan, self._pending = _checked(json.loads(data))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise UserError(f"{path} is damaged", "move it away; reversals in it must be sent by hand") from error

    def _save(self) -> None:
        if self._path is None:
            return
        beside = self._path.with_suffix(".new")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump({"stan": self._stan, "pending": self._pending}, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise UserError(f"{self._path} cannot be written", "free space or choose another --state") from error


def _checked(content: Any) -> tuple[int, list[Fields]]:
    """Trace number and reversals of a file's content. Raises ValueError, KeyError or TypeError for anything else."""
    stan, pending = content["stan"], content["pending"]
    if isinstance(stan, bool) or not isinstance(stan, int) or not isinstance(pending, list):
        raise TypeError("a trace number and a list of reversals are wanted")
    for reversal in pending:
        if not isinstance(reversal, dict) or not all(isinstance(value, str) for value in reversal.values()):
            raise TypeError("a reversal is a message with texts as fields")
    return stan % (MAX_STAN + 1), pending


def _locked(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise UserError(f"{path} cannot be written", "choose another --state") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        if isinstance(error, BlockingIOError):
            raise UserError(f"another terminal uses {path.parent}", "wait for it, or choose another --state") from None
        raise UserError(f"{path} cannot be locked", "choose another --state, on a disk of this computer") from error
    return file
