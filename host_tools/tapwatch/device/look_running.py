"""What a watch that runs says of itself, as rows: messages 1, 25 and 28 of docs/formats.md."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.device.rows import BROKEN, LOOK, OK, Row, of_finding
from tapwatch.images import boards
from tapwatch.phone.answers import Hello, fields_of, read_list, strange
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.device.serial_watch import Ask

HELLO, UPDATE_STATE, DIAGNOSE = 1, 25, 28
_DIAGNOSIS = {1: (str,), 2: (str,), 3: (str,), 4: (list,), 5: (int,), 6: (bool,), 7: (int,), 8: (int, type(None))} | {
    9: (str,),
    10: (bool, type(None)),
    11: (int,),
    12: (str,),
    13: (bytes, type(None)),
}
_UPDATE = {1: (str,), 2: (str,), 3: (str,), 4: (str,), 5: (bytes,), 6: (list, type(None)), 7: (str,), 8: (str,)}
_STRANGE = "did not say how it is"
_LEAST_HEAP = 1 << 20
"""Bytes. Without PSRAM the port has less than half a megabyte in all."""
_LEAST_FILES = 256 << 10
_MOST_FILES = 16 << 20
"""Bytes of the largest file system there is; littlefs counts a large file that is open several times over."""
_LOW_PERCENT = 15
_LOOK_S = 0.4
_STARTS = {
    "power": "power came",
    "button": "the button",
    "restart": "it started itself anew",
    "sleep": "it woke from deep sleep",
    "": "not known",
}


def look(ask: Ask) -> list[Row]:
    """Everything that the watch says. Raises UserError."""
    hello = Hello.read(ask(HELLO, None))
    said = fields_of(ask(DIAGNOSE, None), _DIAGNOSIS, _STRANGE)
    devices = [_device(entry) for entry in read_list(said[4], _STRANGE)]
    return [
        _board(said[1]),
        _system(said[2], said[3]),
        *_slots(ask),
        _start(said[12], said[11]),
        *devices,
        *_power(said[5], said[6]),
        _memory(said[7]),
        _files(said[8]),
        _secret(said[9]),
        _identity(hello),
        _access(hello.state),
        _stock(said[13]),
    ]


def look_for_field(ask: Ask, seconds: float, say: Callable[[str], None]) -> Row | None:
    """Ask for a phone at the watch; None for a watch without radio. Raises UserError."""
    if fields_of(ask(DIAGNOSE, None), _DIAGNOSIS, _STRANGE)[10] is None:
        return None
    say(f"Hold a phone with NFC switched on to the watch, within {seconds:.0f} seconds")
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if fields_of(ask(DIAGNOSE, None), _DIAGNOSIS, _STRANGE)[10]:
            return Row("NFC field", "seen")
        time.sleep(_LOOK_S)
    meaning = "no reader was there, or the antenna does not receive"
    todo = "unlock the phone, look for the place of its antenna, and try again: tapwatch doctor --field 30"
    return Row("NFC field", "not seen", LOOK, meaning, todo)


def _device(entry: object) -> Row:
    if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry):
        return of_finding(entry[0], entry[1])
    raise strange(_STRANGE)


def _board(name: str) -> Row:
    if name in boards.names():
        return Row("board", boards.read(name).title)
    return Row("board", name, LOOK, "this tapwatch does not know the board", "update Tapwatch on this computer")


def _system(version: str, posture: str) -> Row:
    if posture == "release":
        return Row("system", f"{version}, release")
    meaning = "a development image: whoever has a cable can read and change everything"
    return Row("system", f"{version}, {posture}", LOOK, meaning, "for daily use flash a release image")


def _slots(ask: Ask) -> list[Row]:
    try:
        said = fields_of(ask(UPDATE_STATE, None), _UPDATE, "did not say which system runs")
    except WatchRefused:
        return [Row("slot", "not told", LOOK, "this watch is not updated, or cannot tell", "")]
    name = f"{said[3]}, {said[4]}, floor {said[8]}"
    if said[4] == "proved":
        rows = [Row("slot", name)]
    else:
        todo = "wait half a minute and look again; if it stays so, the old system comes back at the next start"
        rows = [Row("slot", name, LOOK, "the system has not proved yet that it is well", todo)]
    if said[6] is not None:
        rows.append(
            Row("update", "on its way", LOOK, "a part of an update has come", "tapwatch update goes on with it")
        )
    return rows


def _start(why: str, since_s: int) -> Row:
    value = f"{_STARTS.get(why, why)}, {since_s // 60} min {since_s % 60} s ago"
    if why == "watchdog":
        return Row("start", value, LOOK, "something did not come back and the watch was reset", "tapwatch logs")
    return Row("start", value)


def _power(percent: int, charger: bool) -> list[Row]:
    rows = [Row("battery", f"{percent} %")]
    if percent < _LOW_PERCENT:
        meaning = "no update is taken below 30 % without a charger"
        rows = [Row("battery", f"{percent} %", LOOK, meaning, "charge it")]
    if charger:
        return [*rows, Row("charger", "there")]
    meaning = "this answer came over a cable: the port gives no power, or the power chip does not see it"
    return [*rows, Row("charger", "not seen", LOOK, meaning, "try another port")]


def _memory(free: int) -> Row:
    value = f"{free / (1 << 20):.1f} MB free"
    if free >= _LEAST_HEAP:
        return Row("memory", value)
    meaning = "PSRAM is missing or of the other kind (quad, octal) than the stock image takes it for"
    return Row("memory", value, BROKEN, meaning, "take the stock image that board.toml names: docs/flashing.md")


def _files(free: int | None) -> Row:
    if free is None or free > _MOST_FILES:
        return Row("files", "not told", LOOK, "the file system cannot say how much room it has")
    value = f"{free / (1 << 20):.1f} MB free"
    if free >= _LEAST_FILES:
        return Row("files", value)
    return Row("files", value, LOOK, "no room for another app, or for an update", "remove apps you do not need")


def _secret(kind: str) -> Row:
    if kind == "efuse":
        return Row("device secret", "in the eFuses")
    meaning = "it lies in the flash: whoever copies the flash has it. Only test cards are taken"
    return Row("device secret", kind, LOOK, meaning, "tapwatch provision-device --efuse, for a new watch")


def _identity(hello: Hello) -> Row:
    if hello.provisioned:
        return Row("identity", f"device {hello.device_id.hex()}")
    return Row(
        "identity", "new", LOOK, "no manufacturer vouches for it, so no bank takes it", "tapwatch provision-device"
    )


def _access(state: str) -> Row:
    if state == "wiping":
        return Row("access", state, LOOK, "it has erased itself, or does so now", "restart it and set it up again")
    if state == "lost":
        return Row("access", state, LOOK, "the bank has said that it is lost", "its owner asks the bank")
    return Row("access", state, OK)


def _stock(digest: bytes | None) -> Row:
    if digest is None:
        return Row("MicroPython", "the watch cannot tell which image")
    return Row("MicroPython", f"SHA-256 {digest.hex()[:16]}…")
