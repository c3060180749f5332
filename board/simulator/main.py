"""Entry point of the simulated watch: `micropython -m board.simulator.main FD`.

FD is the watch's end of the host link. The program named in the configuration is `watch.system.main`; it offers
`start(board, options)`, which returns the running watch: an object with `describe()`, the coroutine `run()`, `card`,
what a card link talks to, and `phone`, what a phone talks to, or None.
"""

import asyncio
import json
import os
import sys

from micropython import const

from board.simulator import frames
from board.simulator.board import Board, build
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


def _card_side(board: Board, address: str, card: "Any") -> "Coroutine":
    """What keeps the card side running: the antenna's pump, or for `vpcd:HOST:PORT` a link to that reader."""
    if board.antenna:
        return board.antenna.pump()
    from board.simulator.vpcd import VpcdLink  # only here: the antenna is the usual way

    host, port = address.split(":", 1)[1].rsplit(":", 1)
    return VpcdLink(host, int(port), card, _UID_RANDOM + os.urandom(3)).run()


async def _serve(link: Link, *tasks: "Coroutine") -> None:
    """Run the watch and its link; the first of them to end, by an error, ends the process."""
    link.send(frames.READY, b"")
    await asyncio.gather(link.run(), *tasks)


def main(fd: int) -> None:
    """Be the watch until the host goes away. Raises what the firmware raises."""
    with open(fd, "r+b") as stream:
        link = Link(stream)
        config = json.loads(link.first(frames.CONFIG))
        clock = VirtualTime(config["unix_s"], config["ticks_ms"], paced=True)
        control = Control(link)
        board = build(link, clock, config)
        program = __import__(config["program"], None, None, ("start",))
        watch = program.start(board, config["options"])
        tasks = (
            control.run(watch.describe, clock.advance, watch.phone),
            watch.run(),
            _card_side(board, config["nfc"], watch.card),
        )
        loop.run(_serve(link, *tasks), clock)


if __name__ == "__main__":
    main(int(sys.argv[-1]))
