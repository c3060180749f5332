"""The device secret in the eFuses: a key for the HMAC peripheral that no program can read.

Burnt by espefuse, Espressif's own program, which gets the key through a pipe: it is in no file and in no argument.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Summary = Mapping[str, Mapping[str, Any]]
    """What `espefuse summary --format json` prints: by name of the field."""

EFUSE = "efuse"
"""What a watch calls the kind of secret that is here."""
KEY_BYTES = 32
PURPOSE = "HMAC_UP"
BLOCKS = ("BLOCK_KEY5", "BLOCK_KEY4", "BLOCK_KEY3", "BLOCK_KEY2", "BLOCK_KEY1", "BLOCK_KEY0")
"""In the order they are taken: whoever switches on secure boot later begins at the other end."""
_FREE = "USER"
_READ_PROTECTION = "RD_DIS"
"""Locked by some who switch secure boot on; no block can be hidden then."""
_PIPE = "/dev/stdin"
_TIMEOUT_S = 120
_PURPOSE_OF = "KEY_PURPOSE_"
_OTHER = "is it the version that `make setup` installs?"
_WARNING = """
This cannot be undone. One key block of the chip is burnt for ever, and so is what it is for:
  - the key is made now, burnt, and forgotten here; nobody can read it, copy it or replace it;
  - the watch seals everything with it from its next start on; what it held before is erased with it;
  - a burn that is cut off in the middle costs that block; five more such accidents and none is left;
  - it protects what the watch stores against a copy of the flash. It is no secure boot: whoever has the cable can
    still write another program, which may ask the chip for the same HMAC.
"""


class Espefuse:
    """The fuses of one chip: those on a port, or virtual ones in a file."""

    def __init__(self, chip: str, port: str = "", virtual: Path | None = None) -> None:
        """`chip`: `esp32s3`. Either `port` or `virtual`."""
        where = ["--virt", "--path-efuse-file", str(virtual)] if virtual else ["--port", port]
        self._command = [sys.executable, "-m", "espefuse", "--chip", chip, *where]
        self._where = "the virtual fuses" if virtual else port

    def summary(self) -> Summary:
        """Every field. Raises UserError."""
        said = self._run(["summary", "--format", "json"])
        try:
            found = json.loads(said[said.index("{") : said.rindex("}") + 1])
        except ValueError as problem:
            raise UserError("espefuse does not say what the fuses are", _OTHER) from problem
        if (
            not all(block in found and _PURPOSE_OF + block[-1] in found for block in BLOCKS)
            or _READ_PROTECTION not in found
        ):
            raise UserError("espefuse does not name the key blocks", _OTHER)
        return found

    def burn(self, block: str, key: bytearray) -> None:
        """Burn a key; espefuse protects the block against reading and writing. Raises UserError."""
        if not Path(_PIPE).exists():
            raise UserError("fuses are burnt on Linux or macOS only", "use such a computer", EXIT_USAGE)
        self._run(["--do-not-confirm", "burn-key", block, _PIPE, PURPOSE], key)

    def _run(self, words: list[str], key: bytearray | None = None) -> str:
        """Run espefuse; its options come before the command. Raises UserError."""
        try:
            done = subprocess.run(
                [*self._command, *words],
                input=b"" if key is None else key,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise UserError(
                f"espefuse gets no answer from {self._where}", "is the watch in download mode?"
            ) from problem
        said = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            lines = [line.strip() for line in said.splitlines() if line.strip()]
            reason = RuntimeError(lines[-1] if lines else "it said nothing")
            raise UserError(f"espefuse failed on {self._where}", "look at the fuses before you try again") from reason
        return said


def burnt(summary: Summary) -> str | None:
    """The block that holds a device secret, as the watch looks for it; None if there is none."""
    for block in reversed(BLOCKS):
        if _purpose(summary, block) == PURPOSE and not summary[block]["readable"]:
            return block
    return None


def free_block(summary: Summary) -> str:
    """The block to burn. Raises UserError if none is untouched, or none could be hidden."""
    if not summary[_READ_PROTECTION]["writeable"]:
        raise UserError("this chip can hide no key any more", "this watch keeps its secret in a file", EXIT_FAILED)
    for block in BLOCKS:
        field, purpose = summary[block], summary[_PURPOSE_OF + block[-1]]
        untouched = field["readable"] and field["writeable"] and not int(field["raw_value"], 16)
        if untouched and purpose["value"] == _FREE and purpose["writeable"]:
            return block
    raise UserError("no key block of this chip is free", "this watch keeps its secret in a file", EXIT_FAILED)


def dry_run(chip: str, block: str) -> list[str]:
    """Burn a throw-away key into blank virtual fuses; returns what that changes in them. Raises UserError."""
    with tempfile.TemporaryDirectory(prefix="tapwatch-fuses-") as folder:
        fuses = Espefuse(chip, virtual=Path(folder) / "fuses.bin")
        fuses.burn(block, _key())
        after = fuses.summary()
    if burnt(after) != block:
        raise UserError("the dry run did not end as it must", "nothing has been burnt", EXIT_FAILED)
    return changed(after)


def changed(after: Summary) -> list[str]:
    """A line for each protection and each purpose of a key that fuses have which were blank before."""
    lines = []
    for name, field in after.items():
        if name.startswith(_PURPOSE_OF) and field["value"] != _FREE:
            lines.append(f"{name} becomes {field['value']}")
        if not field["readable"]:
            lines.append(f"{name} can be read by nobody any more")
        if not field["writeable"]:
            lines.append(f"{name} can be written by nobody any more")
    return lines


def burn_secret(
    fuses: Espefuse, chip: str, serial: str, answer: Callable[[str], str], before: Callable[[], None]
) -> str | None:
    """Show what would be burnt, ask, and burn it; returns the block, None if the chip has such a key already.

    Args:
        fuses: those of the watch.
        chip: `esp32s3`.
        serial: what has to be typed to agree.
        answer: shows a question and returns what was typed.
        before: called when it was agreed to, before anything is burnt.

    Raises UserError.
    """
    there = fuses.summary()
    if burnt(there):
        return None
    block = free_block(there)
    print(f"On virtual fuses, with a key that is thrown away, burning {block} changes:")
    for line in dry_run(chip, block):
        print(f"  {line}")
    print(_WARNING)
    if answer(f"To burn it, type the serial number {serial}: ").strip() != serial:
        raise UserError("that is not the serial number: nothing has been burnt", "", EXIT_FAILED)
    before()
    key = _key()
    try:
        fuses.burn(block, key)
    finally:
        key[:] = bytes(KEY_BYTES)
    after = fuses.summary()
    if burnt(after) != block or after[block]["writeable"]:
        hint = "leave the watch as it is, and look at its fuses: espefuse summary"
        raise UserError(f"{block} does not look as it must after the burn", hint, EXIT_FAILED)
    return block


def _key() -> bytearray:
    """A fresh key. The library's own copy of it lives until the interpreter uses its memory again."""
    return bytearray(secrets.token_bytes(KEY_BYTES))


def _purpose(summary: Summary, block: str) -> str:
    return str(summary[_PURPOSE_OF + block[-1]]["value"])
