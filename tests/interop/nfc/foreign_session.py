"""Looks at the watch of foreign_desk.py through stock pyscard; runs inside a box, see test_foreign.py.

Its argument is a folder. Prints one JSON line per moment: {"moment": ..., "found": status word or "nothing"}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from smartcard.Exceptions import SmartcardException
from smartcard.System import readers

from tests.interop.nfc.foreign_desk import open_desk, tell
from tests.interop.nfc.pcsc_agent import PORT, PPSE

FOUND_S = 10.0
LOOK_S = 0.2
GONE_S = 2.0
"""vpcd asks for the ATR twice a second or so; then the card has gone."""


def _once() -> str:
    try:
        connection = readers()[0].createConnection()
        connection.connect()
        _, sw1, sw2 = connection.transmit(PPSE)
        connection.release()
    except SmartcardException:
        return "nothing"
    return f"{sw1:02x}{sw2:02x}"


def _found(moment: str) -> str:
    """At the end of the time in which it must have come or gone."""
    foreign = moment.startswith("foreign")
    until = time.monotonic() + (GONE_S if foreign else FOUND_S)
    found = _once()
    while time.monotonic() < until and (found == "nothing") != foreign:
        time.sleep(LOOK_S)
        found = _once()
    return found


async def _main(folder: Path) -> None:
    async with open_desk(folder, f"vpcd:127.0.0.1:{PORT}") as stage:

        async def look(moment: str) -> None:
            found = await asyncio.to_thread(_found, moment)
            print(json.dumps({"moment": moment, "found": found}), flush=True)

        await tell(stage, look)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
