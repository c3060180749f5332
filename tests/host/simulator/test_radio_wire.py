"""Messages about Bluetooth: both sides use the same numbers, and nonsense of the watch ends in a declared error."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from bumble import hci

from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.radio import wire
from tapwatch.simulator.radio.bonds import IDENTITY, OURS, THEIRS, Bond, Bonds
from tapwatch.simulator.radio.port import RadioPort
from tapwatch.simulator.radio.questions import Questions

BOARD_WIRE = Path(__file__).parents[3] / "board/simulator/radio/wire.py"
PEER = hci.Address("C1:02:03:04:05:06")


def _board_numbers() -> dict[str, int]:
    """The constants of the watch's copy, read without running it."""
    numbers = {}
    for node in ast.parse(BOARD_WIRE.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            numbers[ast.unparse(node.targets[0])] = ast.literal_eval(node.value.args[0])
    return numbers


def test_both_copies_hold_the_same_numbers():
    board = _board_numbers()
    host = {name: value for name, value in vars(wire).items() if name.isupper()}
    assert board == host
    assert len(set(board.values())) == len(board)


def test_a_radio_without_power_hears_nothing():
    port = RadioPort(lambda: pytest.fail("no air is needed"), bytes(6), lambda message: None)
    port.receive(wire.pack(wire.POWER, "B", 0))
    port.receive(wire.pack(wire.PAIR, "H", 0))
    with pytest.raises(LinkError):
        port.receive(b"")


def test_an_answer_finds_its_question():
    async def main():
        sent = []
        questions = Questions(sent.append)
        first = asyncio.create_task(questions.ask(wire.READ, "HH", 0, 18))
        second = asyncio.create_task(questions.ask(wire.READ, "HH", 0, 21))
        await asyncio.sleep(0)
        tags = [wire.unpack("H", message)[0] for message in sent]
        questions.answer(wire.pack(wire.READ_ANSWER, "HB", tags[1], 0, data=b"two"))
        questions.answer(wire.pack(wire.READ_ANSWER, "HB", 999, 0, data=b"nobody asked"))
        questions.answer(wire.pack(wire.READ_ANSWER, "HB", tags[0], 5))
        assert await first == (5, b"")
        assert await second == (0, b"two")
        waiting = asyncio.create_task(questions.ask(wire.READ, "HH", 0, 21))
        await asyncio.sleep(0)
        questions.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())


class _Store:
    """A watch that keeps what it is handed."""

    def __init__(self):
        self.values = {}

    async def get(self, kind, index, key):
        if key:
            return self.values.get((kind, key))
        mine = [value for (of, _), value in self.values.items() if of == kind]
        return mine[index] if index < len(mine) else None

    async def put(self, kind, key, value):
        self.values[kind, key] = value
        return True


def test_a_bond_comes_back_as_it_went():
    async def main():
        store = _Store()
        bonds = Bonds(store.get, store.put)
        bond = Bond(PEER, bytes(range(16)), 16, True, True, irk=bytes(range(16, 32)))
        assert not await bonds.knows(PEER)
        assert await bonds.keep(bond)
        assert await bonds.knows(PEER)
        ours = await bonds.of(PEER)
        assert ours is not None
        assert (ours.ltk, ours.key_bytes, ours.authenticated, ours.sc) == (bond.ltk, 16, True, True)
        assert await bonds.resolving_keys() == [(bond.irk, PEER)]
        assert set(store.values) == {(kind, b"\1\6\5\4\3\2\xc1") for kind in (OURS, THEIRS)}
        key = await bonds.identity()
        assert await bonds.identity() == key == store.values[IDENTITY, b"irk"]

    asyncio.run(main())


@pytest.mark.parametrize("value", [None, b"", bytes(5), bytes(500)])
def test_what_is_no_bond_is_none(value):
    assert Bond.decode(value) is None
