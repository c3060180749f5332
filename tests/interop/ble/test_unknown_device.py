"""What the whole watch tells a device that nobody has let in: names of services, and nothing else."""

import asyncio

import pytest
from bumble import att
from bumble.core import UUID
from bumble.device import Peer
from bumble.gatt import Characteristic

from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.stage import Stage
from tests.interop.ble.phones import find

LIMIT_S = 60
OF_THE_STACK = (UUID.from_16_bits(0x1800), UUID.from_16_bits(0x1801))
REFUSED = (att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR, att.ATT_INSUFFICIENT_ENCRYPTION_ERROR)


async def _scenario(folder):
    async with Stage(folder, WatchOptions()) as stage:
        await stage.set_up()
        name = (await stage.watch.state())["bluetooth"]["name"]
        stranger = await stage.watch.air.device("stranger")
        peer = Peer(await stranger.connect(await find(stranger, name)))
        await peer.discover_all()
        found = [
            row for service in peer.services if service.uuid not in OF_THE_STACK for row in service.characteristics
        ]
        refused = 0
        for row in found:
            if row.properties & Characteristic.Properties.READ:
                with pytest.raises(att.ATT_Error) as problem:
                    await row.read_value()
                assert problem.value.error_code in REFUSED, row
                refused += 1
            if row.properties & Characteristic.Properties.WRITE:
                with pytest.raises(att.ATT_Error) as problem:
                    await row.write_value(b"\0", with_response=True)
                assert problem.value.error_code in REFUSED, row
                refused += 1
        print(f"NOTE ble.refused_to_strangers {refused} of {refused} in {len(found)} characteristics")
        assert refused >= len(found) // 2
        assert (await stage.watch.state())["bluetooth"]["bonds"] == []


def test_a_stranger_reads_and_writes_nothing(tmp_path):
    asyncio.run(asyncio.wait_for(_scenario(tmp_path), LIMIT_S))
