"""A whole watch and a phone over Bluetooth: paired on the screen, cards over the air, a restart in between."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tapwatch.phone.desk import PhoneDesk
from tapwatch.simulator.messages import WatchRefused
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.radio.hci_server import HciServer
from tapwatch.stage.pairing import pair_phone, stay_connected
from tapwatch.stage.stage import LOOPBACK, Stage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("BLE")
LIMIT_S = 90


async def _new_watch(stage: Stage) -> None:
    """What the manufacturer and the wearer do before a phone comes."""
    await stage.provision()
    await stage.wearer.unlock()
    await stay_connected(stage.watch, stage.wearer)


async def _cards_over_the_air(folder: Path) -> None:
    async with Stage(folder / "stage", WatchOptions()) as stage:
        await _new_watch(stage)
        async with HciServer(stage.watch.air, "tcp:127.0.0.1:0") as server:
            bank = f"http://{LOOPBACK}:{stage.bank.http_port}"
            async with PhoneDesk("hci:" + server.address, bank, folder / "phone") as desk:
                digits = await pair_phone(stage.watch, stage.wearer, await desk.controller())
                assert len(digits) == 6
                started = time.monotonic()
                registration = await desk.registration()
                assert registration.device_id == (await desk.phone.hello()).device_id
                stage.phone = desk.phone
                await stage.refill(registration.device_id)
                took_s = time.monotonic() - started
                cards = await desk.phone.wallet()
                assert len(cards) == 3 and all(card.state == "active" for card in cards)
                print(
                    f"NOTE ble.provision_s {took_s:.1f} (registration, {len(cards)} cards with art, on the simulator)"
                )
                customer = await desk.desk()
                token = (await customer.tokens())[0]
                await customer.set_state(token.token_id, "suspended")
                assert len(await desk.phone.deliver_notices()) == 1
                states = {card.token_id: card.state for card in await desk.phone.wallet()}
                assert states[token.token_id] == "suspended"
                await stage.watch.restart()
                with pytest.raises(WatchRefused, match="locked"):
                    await desk.phone.set_own_record(None)
                assert len(await desk.phone.wallet()) == 3, "the bond outlives a restart"


def test_cards_come_over_the_air(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_cards_over_the_air(tmp_path), LIMIT_S))
