"""Links over the simulated air that were never there at the other end, as Bumble's hosts are told of them."""

from __future__ import annotations

import asyncio

from bumble import hci
from bumble.ll import TerminateInd

from tapwatch.simulator.radio.air import Air

_WAIT_S = 5.0


async def _called_and_gone() -> list[int]:
    """A call is taken up; then nobody is there under that address. Returns the reasons that the caller is told."""
    air = Air()
    watch, phone = await air.device("watch"), await air.device("phone")
    await watch.start_advertising()
    connection = await phone.connect(watch.random_address, timeout=_WAIT_S)
    reasons: list[int] = []
    gone = asyncio.Event()
    connection.on(connection.EVENT_DISCONNECTION, lambda reason: (reasons.append(reason), gone.set()))
    watch.host.hci_sink.le_connections.clear()  # type: ignore[union-attr]
    for _ in range(2):
        air.send_ll_control_pdu(phone.random_address, watch.random_address, TerminateInd(0x13))
    await asyncio.wait_for(gone.wait(), _WAIT_S)
    return reasons


def test_a_link_to_nobody_fails_as_on_the_air() -> None:
    reasons = asyncio.run(_called_and_gone())
    assert reasons == [hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR]
