"""Entry point of the simulated watch, started by host_tools/tapwatch/simulator/process.py.

The program named in the configuration is `watch.system.main`; it offers `start(board, options)`, which returns the
running watch: an object with `describe()`, the coroutine `run()`, `card`, what a card link talks to, and `phone`, what
a phone talks to, or None.
"""

import asyncio
import json
import os

from micropython import const

from board.simulator import frames
from board.simulator.board import build
from board.simulator.control import Control
from board.simulator.link import Link
from watch.kernel import loop
from watch.kernel.virtual import VirtualTime

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

_UID_RANDOM = b"\x08"
"""First byte of a UID that is drawn anew each time; ISO/IEC 14443-3 section 6.5.4."""


def _card_side(board: "Any", address: str, card: "Any") -> "Coroutine":
    """What keeps the card side running: the antenna's pump, or for `vpcd:HOST:PORT` a link to that reader."""
    if board.antenna:
        return board.antenna.pump()
    from board.simulator.vpcd import VpcdLink  # only here: the antenna is the usual way

    host, port = address.split(":", 1)[1].rsplit(":", 1)
    return VpcdLink(host, int(port), card, _UID_RANDOM + os.urandom(3)).run()


def _board(link: Link, config: dict) -> "tuple[Any, Any]":
    """The simulated board or a real one's, and its time."""
    if config["board"]:
        from board.simulator import real_board  # only here: the simulated one is the usual one

        return real_board.build(link, config)
    clock = VirtualTime(None, config["ticks_ms"], paced=True)
    return build(link, clock, config), clock


def _state(watch: "Any", board: "Any") -> "dict[str, Any]":
    """What the watch says of itself, and what of its board."""
    return dict(watch.describe(), board=board.info.name, findings=board.findings)


async def _serve(link: Link, *tasks: "Coroutine") -> None:
    """Run the watch and its link; the first of them to end, by an error, ends the process."""
    link.send(frames.READY, b"")
    await asyncio.gather(link.run(), *tasks)


def main(fd: int) -> None:
    """Be the watch until the host goes away; `fd` is its end of the host link. Raises what the firmware raises."""
    with open(fd, "r+b") as stream:
        link = Link(stream)
        config = json.loads(link.first(frames.CONFIG))
        control = Control(link)
        board, clock = _board(link, config)
        program = __import__(config["program"], None, None, ("start",))
        watch = program.start(board, config["options"])
        tasks = (
            control.run(lambda: _state(watch, board), clock.advance, watch.phone),
            watch.run(),
            board.run(),
            _card_side(board, config["nfc"], watch.card),
        )
        loop.run(_serve(link, *tasks), clock)
