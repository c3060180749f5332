"""A bank as the program of schema version 1 left it: `tests/vectors/bank/version_1.json`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.host.bank.card import Card
from tests.host.bank.world import World

VERSION_1 = json.loads((Path(__file__).parents[2] / "vectors/bank/version_1.json").read_text())


def put_back(world: World) -> list[Card]:
    """Replace the database and the card keys of a new bank by those of the old one; return its cards."""
    path = Path(world.url.removeprefix("sqlite:///"))
    world.bank._store.close()
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("\n".join(VERSION_1["sqlite"]))
    connection.execute("UPDATE settings SET value = ? WHERE name = 'issuer id'", (world.bank.issuer_id,))
    connection.commit()
    connection.close()
    (world.keys / "issuer-keys.json").write_text(json.dumps(VERSION_1["masters"]))
    world.clock.now = VERSION_1["now"]
    world.next_stan(100)  # above those of the payments in it
    return [
        Card({
            1: bytes.fromhex(card["token"]), 3: card["profile"], 4: card["pan"], 5: card["expiry"],
            16: [[atc, bytes.fromhex(key)] for atc, key in enumerate(card["keys"], 1)],
            20: {"visa": 0x12, "mastercard": 0x14}[card["profile"]],
        })
        for card in VERSION_1["cards"]
    ]  # fmt: skip
