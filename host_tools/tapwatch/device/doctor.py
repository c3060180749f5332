"""`tapwatch doctor`: how a watch is, what is wrong with it and what to do. It writes nothing to the watch."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from serial.tools import list_ports

from tapwatch.device import development, look_chip, look_repl, look_running, rows
from tapwatch.device.fuses import Espefuse
from tapwatch.device.repl import Repl
from tapwatch.device.serial_watch import SerialWatch
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.flashing.esptool_run import Esptool

if TYPE_CHECKING:
    import argparse

    from tapwatch.device.rows import Row

_CONNECTING = 'hold BOOT while you plug it in, then let go; docs/flashing.md, "When the watch does not answer"'
_CHIP = "esp32s3"


def doctor(arguments: argparse.Namespace) -> int:
    """Run the command: exit code 1 if something is broken. Raises UserError."""
    say = (lambda line: print(line, file=sys.stderr)) if arguments.json else print
    if not arguments.port:
        _tell_ports(say)
    port = development.find_port(arguments.port)
    how, found = examine(port, arguments, say)
    if arguments.json:
        print(json.dumps({"port": port, "by": how, "rows": [row.as_map() for row in found]}, indent=1))
    else:
        say(f"{port}, {how}")
        rows.show(found, say)
        for line in rows.STOCK_CANNOT:
            say(f"note    {line}")
    return EXIT_FAILED if rows.worst(found) == rows.BROKEN else EXIT_OK


def examine(port: str, arguments: argparse.Namespace, say: development.Say) -> tuple[str, list[Row]]:
    """How it was asked, and what it said: the system first, then the REPL, then the ROM. Raises UserError."""
    if not arguments.rom:
        try:
            return "by its messages", _running(port, arguments.field, say)
        except UserError as problem:
            say(f"no message was answered ({problem.message}); the REPL is next")
        try:
            with Repl(port) as repl:
                return "by its REPL", look_repl.look(repl)
        except UserError as problem:
            say(f"no REPL ({problem.message}); the ROM of the chip is next, for which the watch is reset")
    esptool = Esptool(port, arguments.baud, _CONNECTING, stub=False)
    return "by the ROM of its chip", look_chip.look(esptool, Espefuse(_CHIP, port))


def _running(port: str, field_s: float, say: development.Say) -> list[Row]:
    with SerialWatch(lambda: port, start_s=development.ASK_S) as watch:
        found = look_running.look(watch.ask)
        field = look_running.look_for_field(watch.ask, field_s, say) if field_s > 0 else None
    return [*found, field] if field else found


def _tell_ports(say: development.Say) -> None:
    """What is on USB, and what of it may be a watch."""
    infos = list(list_ports.comports())
    may_be = development.watches(infos)
    for info in infos:
        titles = may_be.get(info.device)
        say(f"{info.device}: {'may be a ' + ' or '.join(titles) if titles else f'no watch ({info.description})'}")
