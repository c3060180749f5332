"""What nobody may hear who has no bond: numbers of watch and cards, and what a phone has said."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.interop.ble.campaigns.yard import Yard

SENDER = "Xylander Quist"
BODY = "see you at the old mill"
NOTE = {"t": "notify", "id": 7, "src": "Threemails", "title": SENDER, "body": BODY}


async def plant(yard: Yard) -> dict[str, bytes]:
    """Let a phone say something, and list all that is secret, by what it is."""
    await yard.watch.phone(NOTE)
    found = {"sender": SENDER.encode(), "body": BODY.encode(), "application": NOTE["src"].encode()}
    found["device id"] = (await yard.stage.phone.hello()).device_id
    for card in (await yard.watch.state())["cards"]:
        found[f"token {card['label']}"] = bytes.fromhex(card["token"])
        found[f"label {card['label']}"] = card["label"].encode()
        found[f"last four of {card['label']}"] = card["last_four"].encode()
    for number, pan in enumerate(_numbers(yard)):
        found[f"card number {number}"] = pan.encode()
        found[f"card number {number}, packed"] = bytes.fromhex(pan + "F" * (len(pan) % 2))
    return found


def _numbers(yard: Yard) -> list[str]:
    """Card and token numbers at the bank."""
    with contextlib.closing(sqlite3.connect(yard.folder / "bank" / "bank.db")) as books:
        return [row[0] for row in books.execute("SELECT pan FROM cards UNION SELECT pan FROM tokens")]
