"""Banks as the programs of schema versions 1 and 3 left them: `tests/vectors/bank/version_1.json`, `version_3.json`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.host.bank.card import Card
from tests.host.bank.world import World

_FOLDER = Path(__file__).parents[2] / "vectors/bank"
VERSION_1 = json.loads((_FOLDER / "version_1.json").read_text())
VERSION_3 = json.loads((_FOLDER / "version_3.json").read_text())


def put_back(world: World) -> list[Card]:
    """Replace the database and the card keys of a new bank by those of version 1; return its cards."""
    _replace(world, VERSION_1)
    return [
        Card({
            1: bytes.fromhex(card["token"]), 3: card["profile"], 4: card["pan"], 5: card["expiry"],
            16: [[atc, bytes.fromhex(key)] for atc, key in enumerate(card["keys"], 1)],
            20: {"visa": 0x12, "mastercard": 0x14}[card["profile"]],
        })
        for card in VERSION_1["cards"]
    ]  # fmt: skip


def put_back_3(world: World) -> list[Card]:
    """The same with those of version 3."""
    _replace(world, VERSION_3)
    return [
        Card({
            1: bytes.fromhex(card["token"]), 3: card["profile"], 4: card["pan"], 5: card["expiry"],
            16: [[atc, *map(bytes.fromhex, rest)] for atc, *rest in card["keys"]],
            20: card["cvn"],
        })
        for card in VERSION_3["cards"]
    ]  # fmt: skip


def _replace(world: World, old: dict) -> None:
    path = Path(world.url.removeprefix("sqlite:///"))
    world.bank._store.close()
    for file in path.parent.glob(path.name + "*"):
        file.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("\n".join(old["sqlite"]))
    connection.execute("UPDATE settings SET value = ? WHERE name = 'issuer id'", (world.bank.issuer_id,))
    connection.commit()
    connection.close()
    (world.keys / "issuer-keys.json").write_text(json.dumps(old["masters"]))
    world.clock.now = old["now"]
    world.next_stan(100)  # above those of the payments in it
