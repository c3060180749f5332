"""A watch that cannot use its vault says so, pays nobody, and can be erased by hand."""

import asyncio

from board.counting.board import build as build_board
from watch.crypto import cbor
from watch.exchange.frames import framed
from watch.kernel.loop import run, sleep_ms
from watch.storage.journal import Journal
from watch.system.broken import BrokenWatch
from watch.system.main import Watch, build


def _damaged():
    board = build_board("240x240")
    board.flash.program(0, b"\x12\x34 this is no journal")
    return board


def test_a_damaged_vault_is_shown_and_no_reader_is_served():
    watch = build(_damaged())
    assert isinstance(watch, BrokenWatch)
    state = watch.describe()
    assert state["screen"] == "error" and "damaged" in " ".join(state["texts"])
    reply = bytearray(258)
    select = bytearray(b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00")
    assert watch.card.apdu(select, len(select), reply) == 2 and reply[:2] == b"\x6a\x82"


def test_no_entropy_is_shown_too():
    board = build_board("240x240")
    board.entropy.running = lambda: False
    watch = build(board)
    assert isinstance(watch, BrokenWatch) and watch.error.code == "no-entropy"


def test_messages_get_the_reason():
    board = _damaged()
    sent = []
    board.usb.write = sent.append
    message = framed(cbor.encode([1, 7, None]))

    def read(into):
        if not message_left:
            return 0
        data = message_left.pop()
        into[: len(data)] = data
        return len(data)

    message_left = [message]
    board.usb.read = read
    watch = build(board)

    async def talk():
        running = asyncio.create_task(watch.run())
        await sleep_ms(1)
        board.usb.callback()
        await sleep_ms(20)
        running.cancel()

    run(talk())
    assert cbor.decode(sent[0][2:]) == [1, 7, "storage-corrupt", None]


def test_only_a_long_press_erases_and_the_next_start_is_new():
    board = _damaged()
    watch = build(board)
    watch._pressed("single")
    watch._pressed("double")
    assert watch.describe()["screen"] == "error"
    watch._pressed("long")
    assert watch.describe()["screen"] == "wiped"
    journal = Journal(board.flash)
    journal.mount()
    assert journal.keys() == []
    assert isinstance(build(board), Watch)


def test_the_next_start_erases_the_files_too():
    board = _damaged()
    noted = []

    class Blocks:
        """`ports.FreeBlocks` that can be noted, or not."""

        @staticmethod
        def begin():
            noted.append(bytes(board.flash._image[:4]))
            raise OSError(5)

    board.free_blocks = Blocks
    watch = build(board)
    watch._pressed("long")
    assert watch.describe()["screen"] == "wiped" and noted == [b"\x12\x34 t"], "before the vault goes"
