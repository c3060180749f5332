"""Links that go at any packet of any flow, two phones, and as many links as there are."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

import pytest
from bumble.core import UUID
from bumble.device import Connection, Peer

from tapwatch.phone.ble.bumble_link import BumbleLink
from tapwatch.phone.ble.gatt import SERVICE, ExchangePipe
from tapwatch.phone.relay import HELLO
from tapwatch.phone.transfer import Transfer
from tapwatch.simulator.messages import encode, taken
from tests.interop.ble.campaigns.cutter import NEVER, cutting
from tests.interop.ble.campaigns.yard import NEXT_SESSION_S, ROLES, Yard, hang_up, lost, open_yard, while_linked
from tests.tools.upy_process import LONG

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    Flow = Callable[[Yard, Connection], Awaitable[None]]

POINTS = 1000 if os.environ.get(LONG) else 6
"""Packets of a flow at which its link is cut; all of them if it has fewer."""
_FLOW_S = 5.0
_GONE_S, _LOOK_S = 2.0, 0.02
QUIET_S = 10.1
"""Then the place of a transfer is free for a third bond, docs/bluetooth.md."""
_PIECE_BYTES = 20
TO_WATCH, FROM_WATCH = (UUID(f"6e40000{digit}-b5a3-f393-e0a9-e50e24dcca9e") for digit in (2, 3))
STATUS, MAP = UUID("7bfd2004-d44c-49ed-a19b-a26f1343b084"), UUID.from_16_bits(0x2A4B)


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with open_yard(tmp_path_factory.mktemp("yard"), cards=True) as yard:
        for role in ROLES:
            yard.do(yard.bond(role))
        yield yard


async def ask(connection: Connection, kind: int) -> object:
    """One message of the token exchange, and its answer."""
    link = BumbleLink(connection)
    await link.discover(SERVICE)
    return taken(await Transfer(encode(kind, 1, None)).over(await ExchangePipe.open(link)), kind)


async def transfers(yard: Yard, connection: Connection) -> None:
    """A message in and its answer out, twice."""
    await ask(connection, HELLO)
    await ask(connection, HELLO)


async def lines(yard: Yard, connection: Connection) -> None:
    """A phone that speaks in short pieces, and hears who the watch is."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    peer = Peer(connection)
    await peer.discover_all()
    (row,) = peer.get_characteristics_by_uuid(TO_WATCH)
    await peer.get_characteristics_by_uuid(FROM_WATCH)[0].subscribe(heard.put_nowait)
    line = b'\x10GB({t:"notify",id:9,src:"Chat",title:"Anna",body:"' + b"long " * 30 + b'"})\n'
    for at in range(0, len(line), _PIECE_BYTES):
        await row.write_value(line[at : at + _PIECE_BYTES], with_response=True)
    await heard.get()


async def reports(yard: Yard, connection: Connection) -> None:
    """A television that hears a button."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    peer = Peer(connection)
    await peer.discover_all()
    for row in peer.get_characteristics_by_uuid(UUID.from_16_bits(0x2A4D)):
        await row.subscribe(heard.put_nowait)
    await yard.watch.tap_target("a")
    await heard.get()
    await heard.get()


async def reads(yard: Yard, connection: Connection) -> None:
    """A terminal that looks at its status."""
    peer = Peer(connection)
    await peer.discover_all()
    assert await peer.read_characteristics_by_uuid(STATUS)


async def _run(flow: Flow, yard: Yard, connection: Connection) -> bool:
    await flow(yard, connection)
    return True


async def cut(yard: Yard, role: str, flow: Flow, at: int) -> int:
    """A flow whose link is cut at a packet, if it comes to it; gives how many packets there were."""
    connection = await yard.link(role)
    try:
        with cutting(yard.watch.air, connection, at) as cutter:
            whole = await while_linked(connection, _run(flow, yard, connection), _FLOW_S)
            was_cut = at != NEVER and cutter.count >= at
            assert await lost(connection) if was_cut else whole, (at, cutter.count)
    finally:
        await hang_up(connection)
    await yard.no_links()
    return cutter.count


async def no_sessions(yard: Yard) -> None:
    """The task of a session ends a moment after its link."""
    end = time.monotonic() + _GONE_S
    while sessions := (await yard.now())["sessions"]:
        assert time.monotonic() < end, f"a session has stayed: {sessions}"
        await asyncio.sleep(_LOOK_S)


async def campaign(yard: Yard, name: str, role: str, flow: Flow) -> None:
    """Cut a flow at many packets; after each the next session works, and nothing is left of the last."""
    yard.watch.move()
    whole = await cut(yard, role, flow, NEVER)
    step = max(1, whole // POINTS)
    slowest_ms = cuts = 0
    for at in range(1, whole + 1, step):
        cuts += await cut(yard, role, flow, at) >= at  # a flow has a packet more or less each time
        slowest_ms = max(slowest_ms, await yard.session(role))
        await yard.no_links()
        await no_sessions(yard)
        now = await yard.now()
        assert now["faults"] == 0 and now["connections"] == 0
    assert slowest_ms <= NEXT_SESSION_S * 1000 and cuts >= min(whole, POINTS) - 1
    print(
        f"NOTE Bluetooth link loss, {name}: cut at {cuts} of {whole} packets, 0 stuck, "
        f"next session after {slowest_ms} ms of the watch's time at most"
    )


@pytest.mark.parametrize(
    ("name", "role", "flow"),
    [
        ("messages in and out", "phone", transfers),
        ("messages of a computer", "loader", transfers),
        ("lines", "phone", lines),
        ("reads", "terminal", reads),
    ],
)
def test_a_link_that_goes_at_any_packet(yard: Yard, name: str, role: str, flow: Flow) -> None:
    yard.do(campaign(yard, name, role, flow), 3600)


def test_a_link_that_goes_at_any_report(yard: Yard) -> None:
    async def play() -> None:
        await yard.wearer.home()
        await yard.watch.swipe("up")
        await yard.watch.advance(0.5)
        await yard.wearer.choose("gamepad")
        await yard.watch.advance(0.5)
        await campaign(yard, "reports", "tv", reports)
        await yard.wearer.home()

    yard.do(play(), 3600)


async def read(connection: Connection, uuid: UUID) -> object:
    """The values of a row."""
    return await Peer(connection).read_characteristics_by_uuid(uuid)


async def all_links(yard: Yard) -> None:
    """One device of each role at once, then two phones."""
    links = {role: await yard.link(role) for role in ROLES}
    assert (await yard.now())["links"] == len(ROLES)
    for _ in range(3):
        answers = await asyncio.gather(
            ask(links["phone"], HELLO),
            ask(links["loader"], HELLO),
            read(links["terminal"], STATUS),
            read(links["tv"], MAP),
        )
        assert all(answers)
    await hang_up(links["tv"])
    await yard.watch.advance(QUIET_S)
    second = await yard.link("phone", "second")
    await two_phones(links["phone"], second)
    for one in (*links.values(), second):
        await hang_up(one)
    await yard.no_links()


async def two_phones(first: Connection, second: Connection) -> None:
    """Both ask at once, and both are answered in time."""
    answers = await asyncio.wait_for(asyncio.gather(*(ask(one, HELLO) for one in (first, second))), NEXT_SESSION_S)
    assert all(answers)


def test_all_links_and_two_phones_are_served_together(yard: Yard) -> None:
    yard.do(all_links(yard))
    print("NOTE Bluetooth links: 4 at once, each answered; two phones at once, each answered")


def test_a_service_that_does_not_notice_a_lost_link_would_be_noticed(tmp_path: Path) -> None:
    with open_yard(tmp_path, clinging=True) as yard:
        yard.do(yard.bond("phone"))
        with pytest.raises(AssertionError, match="a session has stayed"):
            yard.do(campaign(yard, "a session that stays", "phone", lines))


def test_a_service_that_hears_one_link_only_would_be_noticed(tmp_path: Path) -> None:
    async def main(yard: Yard) -> None:
        first, second = await yard.link("phone"), await yard.link("phone", "second")
        await two_phones(first, second)

    with open_yard(tmp_path, deaf=True) as yard:
        yard.do(yard.bond("phone"))
        yard.do(yard.bond("phone", "second"))
        with pytest.raises(TimeoutError):
            yard.do(main(yard))
