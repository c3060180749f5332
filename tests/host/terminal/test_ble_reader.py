"""The reader by Bluetooth, with a watch of paper at the other end of the link."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.phone.transfer import LinkLost
from tapwatch.terminal.readers.ble import BleReader, Till
from tapwatch.terminal.readers.ble_card import COMMAND, NAME, RESPONSE, STATUS, parts
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.readers.port import CardLost, NoCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SELECT = bytes.fromhex("00A404000E325041592E5359532E444446303100")
LONG = bytes(range(256)) + b"\x90\x00"


class PaperWatch:
    """A `GattClient` whose watch echoes, in the words of docs/bluetooth.md."""

    def __init__(self, room: int = 20, status: int = 1, answer: bytes = LONG) -> None:
        self.room = room
        self.status = status
        self.answer = answer
        self.name = b""
        self.commands: list[bytes] = []
        self.heard: dict[str, Callable[[bytes], None]] = {}
        self.closed = 0
        self.lose_after = -1
        self.mangle: Callable[[list[bytes]], list[bytes]] = list
        self._parts = b""
        self._lost: list[Callable[[], None]] = []

    async def read(self, uuid: str) -> bytes:
        assert uuid == STATUS
        return bytes([self.status])

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        self.heard[uuid] = told

    async def write(self, uuid: str, data: bytes) -> None:
        if self.lose_after == 0:
            self.lose()
            raise LinkLost("gone")
        self.lose_after -= 1
        assert len(data) <= self.room
        if uuid == NAME:
            self.name = data
            return
        assert uuid == COMMAND
        self._parts = (b"" if data[0] & 0x80 else self._parts) + data[1:]
        if data[0] & 0x40:
            self.commands.append(self._parts)
            for part in self.mangle(list(parts(self.answer, self.room))):
                self.heard[RESPONSE](part)

    def on_lost(self, told: Callable[[], None]) -> None:
        self._lost.append(told)

    def lose(self) -> None:
        for told in self._lost:
            told()

    def tell(self, status: int) -> None:
        self.heard[STATUS](bytes([status]))

    async def close(self) -> None:
        self.closed += 1


class PaperCentral:
    """A host that knows `watch`, once it is paired."""

    def __init__(self, watch: PaperWatch, bonded: bool = True, missing: int = 0) -> None:
        self.watch, self.bonded, self.missing = watch, bonded, missing

    async def paired(self) -> bool:
        return self.bonded

    async def pair(self, compare: Callable) -> None:
        self.bonded = await compare("012345")

    async def connect(self, service: str) -> PaperWatch:
        if self.missing:
            self.missing -= 1
            raise LinkLost("the watch does not advertise")
        return self.watch

    async def close(self) -> None:
        self.bonded = False


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join()
    running.close()


@pytest.fixture
def said() -> list[str]:
    return []


def reader_of(central: PaperCentral, loop: asyncio.AbstractEventLoop, said: list[str], tmp_path: Path) -> BleReader:
    async def switch_on() -> PaperCentral:
        return central

    return BleReader("paper", Till("Corner Shop 北京" * 3, tmp_path, said.append), switch_on, loop)


def test_commands_and_answers_of_every_room_go_through(loop, said, tmp_path):
    for room in (20, 61, 244, 509):
        watch = PaperWatch(room if room < 244 else 244)
        watch.room = room
        reader = reader_of(PaperCentral(watch), loop, said, tmp_path)
        reader.connect(1.0)
        assert reader.transmit(SELECT) == LONG and watch.commands == [SELECT]
        reader.disconnect()
        reader.close()
        assert watch.closed == 1 and len(watch.name) <= 40 and watch.name.decode().startswith("Corner Shop")


def test_the_first_use_pairs_and_shows_the_digits(loop, said, tmp_path):
    central = PaperCentral(PaperWatch(), bonded=False)
    reader_of(central, loop, said, tmp_path).connect(1.0)
    assert central.bonded and said[0].startswith("This terminal has no watch yet") and "012 345" in said[1]


def test_it_waits_for_an_armed_card_and_asks_for_the_press(loop, said, tmp_path):
    watch = PaperWatch(status=5)
    reader = reader_of(PaperCentral(watch, missing=1), loop, said, tmp_path)
    loop.call_soon_threadsafe(loop.call_later, 0.7, lambda: watch.tell(1))
    reader.connect(3.0)
    loop.call_soon_threadsafe(watch.tell, 2)
    assert reader.transmit(SELECT) == LONG
    assert said == ["Look at the watch, and press twice to pay."]


def test_without_a_watch_or_without_a_card_there_is_no_card(loop, said, tmp_path):
    with pytest.raises(NoCard, match="reach"):
        reader_of(PaperCentral(PaperWatch(), missing=99), loop, said, tmp_path).connect(0.2)
    watch = PaperWatch(status=0)
    with pytest.raises(NoCard, match="armed"):
        reader_of(PaperCentral(watch), loop, said, tmp_path).connect(0.2)
    assert watch.closed == 1


def test_a_link_that_goes_at_any_part_loses_the_card(loop, said, tmp_path):
    points = 0
    command = bytes(261)
    for lose_after in range(20):
        watch = PaperWatch()
        watch.lose_after = lose_after
        reader = reader_of(PaperCentral(watch), loop, said, tmp_path)
        try:
            reader.connect(1.0)
            reader.transmit(command)
        except CardLost:
            points += 1
    assert points == 15, "the name and fourteen parts"


def test_answers_out_of_order_are_refused(loop, said, tmp_path):
    for mangle in (
        lambda answer: answer[1:],
        lambda answer: [answer[0], *answer],
        lambda answer: [answer[0], answer[2], *answer[1:]],
        lambda answer: [b""],
    ):
        watch = PaperWatch()
        watch.mangle = mangle
        reader = reader_of(PaperCentral(watch), loop, said, tmp_path)
        reader.connect(1.0)
        with pytest.raises(CardLost, match="order"):
            reader.transmit(SELECT)


def test_what_is_written_for_a_reader(said, tmp_path):
    till = Till("Shop", tmp_path, said.append)
    assert open_reader("ble:tcp:127.0.0.1:9000", till).name == "Bluetooth controller at 127.0.0.1:9000"
    assert open_reader("ble:Tapwatch 4f2a", till).name == "Bluetooth adapter, Tapwatch 4f2a"
    for text in ("ble:", "ble:tcp:nowhere"):
        with pytest.raises(UserError):
            open_reader(text, till)
    with pytest.raises(UserError):
        open_reader("ble:Tapwatch 4f2a")


@pytest.mark.parametrize(("status", "words"), [(4, "refused"), (6, "nobody pressed")])
def test_what_the_wearer_says_is_told_at_once(loop, said, tmp_path, status, words):
    watch = PaperWatch(answer=b"\x69\x85")
    reader = reader_of(PaperCentral(watch), loop, said, tmp_path)
    reader.connect(1.0)
    loop.call_soon_threadsafe(watch.tell, status)
    reader.transmit(SELECT)
    assert reader.refusal() == "", "of an earlier payment: this link has asked nobody"
    for told in (2, status):
        loop.call_soon_threadsafe(watch.tell, told)
    assert reader.transmit(SELECT) == b"\x69\x85" and words in reader.refusal()
    reader.disconnect()
    assert reader.refusal() == ""
