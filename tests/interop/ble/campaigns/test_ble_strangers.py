"""Who has no bond, or the wrong role, is told nothing and may do nothing: every question at every attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bumble import att

from tests.interop.ble.campaigns.asker import Answer, Asker, Attribute, problems
from tests.interop.ble.campaigns.ears import Ears, listening
from tests.interop.ble.campaigns.secrets import BODY, plant
from tests.interop.ble.campaigns.yard import ROLES, Yard, hang_up, lost, open_yard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAY = {
    "7bfd1001": ("phone", "loader"),
    "7bfd1002": ("phone", "loader"),
    "7bfd1003": ("phone", "loader"),
    "7bfd2001": ("terminal",),
    "7bfd2002": ("terminal",),
    "7bfd2003": ("terminal",),
    "7bfd2004": ("terminal",),
    "6e400002": ("phone",),
    "6e400003": ("phone",),
    "00002a4a": ("tv",),
    "00002a4b": ("tv",),
    "00002a4c": ("tv",),
    "00002a4d": ("tv",),
    "00002908": ("tv",),
    "00002a2b": ("phone",),
    "00002a0f": ("phone",),
    "00002a19": ROLES,
    "00002a29": ROLES,
    "00002a24": ROLES,
    "00002a26": ROLES,
    "00002a50": ROLES,
}
"""The first table of docs/bluetooth.md, and descriptors: first four bytes of the UUID, and who may use it."""
REFUSED = {att.ATT_INSUFFICIENT_AUTHORIZATION_ERROR, att.ATT_READ_NOT_PERMITTED_ERROR}


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with open_yard(tmp_path_factory.mktemp("yard"), cards=True) as yard:
        yield yard


async def ask_everything(yard: Yard, ears: Ears) -> tuple[list[Attribute], list[Answer]]:
    """What a stranger finds out."""
    stranger = await yard.watch.air.device("Stranger")
    connection = await yard.call(stranger)
    asker = Asker(connection)
    await asker.client.request_mtu(256)
    found = await asker.attributes()
    answers = []
    for one in found:
        answers += await asker.attempt(one)
    for one in found:
        await asker.ask_without_waiting(one)
    await asker.attributes()  # what was asked before has been worked on by then
    await hang_up(connection)
    await yard.watch.air.remove(stranger)
    return found, answers


def test_a_stranger_hears_nothing_but_what_is_public(yard: Yard) -> None:
    secrets = yard.do(plant(yard))
    with listening(yard.watch.air) as ears:
        found, answers = yard.do(ask_everything(yard, ears))
    assert not problems(answers, yard.do(yard.watch.state())["bluetooth"]["name"])
    assert not ears.leaks(secrets)
    told = sum(one.error is None for one in answers)
    assert len(found) > 50 and ears.advertised > 20
    print(
        f"NOTE Bluetooth strangers: {len(answers)} questions about {len(found)} attributes, {told} public answers, "
        f"{ears.heard} bytes heard, 0 of {len(secrets)} secrets"
    )


async def cross(yard: Yard, role: str) -> tuple[int, list[str]]:
    """What a bonded device tries at every row that is not for its role; gives how often, and what went wrong.

    A write is answered 08 and ends the link, which may overtake the answer.
    """
    tried, wrong = 0, []
    asker = Asker(await yard.link(role))
    rows = [one for one in await asker.attributes() if role not in MAY.get(one.short, ROLES)]
    for one in rows:
        read = await asker.ask(att.ATT_Read_Request(attribute_handle=one.handle))
        if Answer(one, "read", read).error not in REFUSED:
            wrong.append(f"{role} reads {one}: {read}")
        await asker.client.send_command(att.ATT_Read_Multiple_Request(set_of_handles=[one.handle, one.handle]))
        write = Answer(one, "write", await asker.ask(att.ATT_Write_Request(one.handle, b"\1")))
        tried += 3
        if write.error == att.ATT_WRITE_NOT_PERMITTED_ERROR:
            continue
        if write.pdu is not None and write.error != att.ATT_INSUFFICIENT_AUTHORIZATION_ERROR:
            wrong.append(f"{role} writes {one}: {write.pdu}")
        if not await lost(asker.connection):
            wrong.append(f"{role} may stay after writing {one}")
        asker = Asker(await yard.link(role))
    await hang_up(asker.connection)
    return tried, wrong


def test_a_bonded_device_gets_nothing_that_is_for_another_role(yard: Yard) -> None:
    tried = 0
    for role in ROLES:
        yard.do(yard.bond(role))
    secrets = yard.do(plant(yard))
    with listening(yard.watch.air) as ears:
        for role in ROLES:
            more, wrong = yard.do(cross(yard, role))
            assert not wrong
            tried += more
    assert not ears.leaks(secrets)
    print(f"NOTE Bluetooth roles: {tried} attempts of {len(ROLES)} roles at rows of others, 0 allowed")


def test_an_open_characteristic_would_be_noticed(tmp_path: Path) -> None:
    with open_yard(tmp_path, leak=BODY.encode().hex()) as yard, listening(yard.watch.air) as ears:
        secrets = yard.do(plant(yard))
        _, answers = yard.do(ask_everything(yard, ears))
        assert ears.leaks(secrets) == ["body"]
        found = problems(answers, yard.do(yard.watch.state())["bluetooth"]["name"])
        assert [one.partition(" of ")[0] for one in found] == ["read", "read by type"]
