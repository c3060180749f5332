"""Entry point of the simulated watch: `micropython -m board.simulator.main FD`.

FD is the watch's end of the host link. The program named in the configuration is `watch.system`; it offers
`start(board, options)`, which returns the running watch: an object with `describe()` and the coroutines
`run()` and `advance_ms(n)`.
"""

import asyncio
import json
import sys

from board.simulator import frames
from board.simulator.board import build
from board.simulator.control import Control
from board.simulator.link import Link
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any


async def _serve(link: Link, control: Control, watch: "Any") -> None:
    """Run the watch and its link; the first of them to end, by an error, ends the process."""
    link.send(frames.READY, b"")
    await asyncio.gather(link.run(), control.run(watch.describe, watch.advance_ms), watch.run())


def main(fd: int) -> None:
    """Be the watch until the host goes away. Raises what the firmware raises."""
    with open(fd, "r+b") as stream:
        link = Link(stream)
        config = json.loads(link.first(frames.CONFIG))
        control = Control(link)
        board = build(link, config)
        program = __import__(config["program"], None, None, ("start",))
        watch = program.start(board, config["options"])
        asyncio.run(_serve(link, control, watch))


if __name__ == "__main__":
    main(int(sys.argv[-1]))
