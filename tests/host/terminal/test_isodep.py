"""The built-in reader's ISO 14443 against a card with faults on request."""

from __future__ import annotations

import time

import pytest

from tapwatch.terminal.readers.activation import activate
from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.faults import CommandFaults, FieldDrop, FrameLoss, FrameRepeat
from tapwatch.terminal.readers.isodep import FRAME_SIZES, IsoDep, Timing, read_ats
from tapwatch.terminal.readers.port import CardLost, NoCard
from tests.host.terminal.udp_card import Radio, UdpCard

FAST = Timing(floor_s=0.06)


def echo(apdu: bytes) -> bytes:
    """A card application that says everything back, after a status word."""
    return b"\x90\x00" + apdu


def reader_for(card: UdpCard, wrap=lambda antenna: antenna, timing: Timing = FAST) -> BuiltinReader:
    return BuiltinReader(wrap(UdpAntenna("127.0.0.1", card.port)), timing=timing)


@pytest.mark.parametrize("length", [1, 5, 100, 252, 253, 254, 255, 506, 507, 1000])
@pytest.mark.parametrize("fsci, block", [(8, 253), (8, 100), (0, 13), (2, 16), (5, 61)])
def test_chaining_both_ways(length: int, fsci: int, block: int) -> None:
    radio = Radio(ats=bytes([5, 0x70 | fsci, 0x80, 0x70, 0x00]), block=block)
    data = bytes(number % 251 for number in range(length))
    with UdpCard(echo, radio) as card:
        reader = reader_for(card)
        reader.connect(1)
        for _ in range(3):
            assert reader.transmit(data) == b"\x90\x00" + data
        reader.disconnect()
    assert card.longest_in + 2 <= FRAME_SIZES[fsci]


@pytest.mark.parametrize("fsdi", range(len(FRAME_SIZES)))
def test_a_reader_with_any_frame_size(fsdi: int) -> None:
    """The card may fill the reader's frame and not a byte more."""
    for extra in (0, 1):
        with UdpCard(echo, Radio(block=FRAME_SIZES[fsdi] - 3 + extra)) as card:
            antenna = UdpAntenna("127.0.0.1", card.port)
            activate(antenna, 1, FAST.floor_s)
            reader = IsoDep(antenna, FAST, fsdi)
            reader.activate()
            assert card.frames[-1] == bytes([0xE0, fsdi << 4])
            data = bytes(FRAME_SIZES[fsdi])
            if not extra:
                assert reader.exchange(data) == b"\x90\x00" + data
                continue
            with pytest.raises(CardLost, match="longer frame"):
                reader.exchange(data)
            antenna.field_off()


@pytest.mark.parametrize("uid", ["08A1B2C3", "04A1B2C3D4E5F6"])
def test_activation(uid: str) -> None:
    with UdpCard(echo, Radio(uid=bytes.fromhex(uid))) as card:
        info = reader_for(card).connect(1)
    assert (info.uid.hex().upper(), info.atqa, info.sak) == (uid, b"\x04\x00", 0x20)
    assert info.ats == bytes.fromhex("0578807000")


@pytest.mark.parametrize("wtx", [(1,), (59,), (1, 2, 3)])
def test_waiting_time_extension(wtx: tuple[int, ...]) -> None:
    with UdpCard(echo, Radio(wtx=wtx, block=4)) as card:
        reader = reader_for(card)
        reader.connect(1)
        assert reader.transmit(b"hello") == b"\x90\x00hello"


@pytest.mark.parametrize("request_", ["F200", "F23C", "F2", "F20101"])
def test_wrong_waiting_time_extension(request_: str) -> None:
    with UdpCard(echo) as card:
        card._next = lambda: bytes.fromhex(request_)
        reader = reader_for(card)
        reader.connect(1)
        with pytest.raises(CardLost, match="more time"):
            reader.transmit(b"hello")


def test_extensions_without_end() -> None:
    with UdpCard(echo, Radio(wtx=(1,) * 500)) as card:
        reader = reader_for(card)
        reader.connect(1)
        with pytest.raises(CardLost, match="more and more"):
            reader.transmit(b"hello")


@pytest.mark.parametrize("kind", ["deaf", "mute"])
@pytest.mark.parametrize("which", range(1, 12))
def test_every_frame_lost_once(kind: str, which: int) -> None:
    """Two commands of three blocks each way: whichever frame is lost, the data arrive once and unchanged."""
    seen: list[bytes] = []

    def application(apdu: bytes) -> bytes:
        seen.append(apdu)
        return apdu

    radio = Radio(ats=bytes.fromhex("0572807000"), block=10, **{kind: lambda count: count == which})
    data = bytes(range(64))
    with UdpCard(application, radio) as card:
        reader = reader_for(card)
        reader.connect(1)
        assert reader.transmit(data) == data
        assert reader.transmit(data[:30]) == data[:30]
    assert seen == [data, data[:30]]


def test_every_second_answer_lost_is_survived() -> None:
    with UdpCard(echo, Radio(block=10)) as card:
        reader = reader_for(card, lambda antenna: FrameLoss(antenna, lambda count: count > 4 and count % 2 == 0))
        reader.connect(1)
        assert reader.transmit(bytes(50)) == b"\x90\x00" + bytes(50)


def test_silence_ends_after_two_repeats() -> None:
    with UdpCard(echo, Radio(mute=lambda count: count > 1)) as card:
        reader = reader_for(card)
        reader.connect(1)
        with pytest.raises(CardLost, match="does not answer any more"):
            reader.transmit(b"x")
        time.sleep(0.05)
        assert card.frames[-3:] == [b"\x02x", b"\xb2", b"\xb2"]
        assert card.fields_off == 1
        with pytest.raises(CardLost, match="no card"):
            reader.transmit(b"x")


@pytest.mark.parametrize("answer", ["03AA", "02", "A2", "A3", "B2", "C2", "12AA", "0AAA", "FF", "E080"])
def test_garbage_blocks_never_pass_for_an_answer(answer: str) -> None:
    with UdpCard(echo) as card:
        reader = reader_for(card)
        reader.connect(1)
        card._isodep = lambda frame: bytes.fromhex(answer)
        try:
            got = reader.transmit(b"x")
        except CardLost:
            return
    assert answer == "02" and got == b""  # an empty I-block is a proper, if useless, answer


def test_too_long_a_frame_is_refused() -> None:
    with UdpCard(echo, Radio(block=300)) as card:
        reader = reader_for(card)
        reader.connect(1)
        with pytest.raises(CardLost, match="longer frame"):
            reader.transmit(bytes(280))


def test_card_without_iso_dep() -> None:
    with UdpCard(echo, Radio(sak=0x08)) as card, pytest.raises(CardLost, match="14443-4"):
        reader_for(card).connect(1)


@pytest.mark.parametrize("bcc", [True, False])
def test_bad_uid(bcc: bool) -> None:
    with UdpCard(echo) as card:
        card._anticollision = lambda frame: bytes(5)[:4] + b"\x01" if bcc else b"\x01"
        with pytest.raises(CardLost):
            reader_for(card).connect(1)


def test_no_card_takes_as_long_as_asked() -> None:
    with UdpCard(echo) as card:
        port = card.port
    started = time.monotonic()
    with pytest.raises(NoCard):
        BuiltinReader(UdpAntenna("127.0.0.1", port), timing=FAST).connect(0.3)
    assert 0.25 < time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "raw, size, wait_ms",
    [("01", 32, 4.8), ("0278", 256, None), ("0578807000", 256, 38.7), ("0320B0", 16, 618.6), ("0378C0", 256, None)],
)
def test_ats(raw: str, size: int, wait_ms: float | None) -> None:
    if wait_ms is None:  # a length or a byte announced that is not there
        with pytest.raises(CardLost):
            read_ats(bytes.fromhex(raw))
        return
    ats = read_ats(bytes.fromhex(raw))
    assert ats.frame_size == size and round(ats.wait_s * 1000, 1) == wait_ms


@pytest.mark.parametrize("raw", ["", "02", "0378", "067880700000FF", "0578", "0320F0"])
def test_bad_ats(raw: str) -> None:
    with pytest.raises(CardLost):
        read_ats(bytes.fromhex(raw))


ACTIVATION_FRAMES = 8
"""REQA, anticollision, SELECT, RATS and their answers."""


@pytest.mark.parametrize("after", range(1, ACTIVATION_FRAMES))
def test_field_drop_in_activation_starts_it_again(after: int) -> None:
    with UdpCard(echo) as card:
        reader = BuiltinReader(FieldDrop(UdpAntenna("127.0.0.1", card.port), after), timing=FAST)
        reader.connect(1)
        assert reader.transmit(b"x") == b"\x90\x00x"
    assert card.fields_off == 1


@pytest.mark.parametrize("after", range(ACTIVATION_FRAMES, ACTIVATION_FRAMES + 6))
def test_field_drop_and_return(after: int) -> None:
    with UdpCard(echo) as card:
        antenna = FieldDrop(UdpAntenna("127.0.0.1", card.port), after)
        reader = BuiltinReader(antenna, timing=FAST)
        reader.connect(1)
        with pytest.raises(CardLost):
            for _ in range(3):
                reader.transmit(b"x")
        assert antenna.frames == after
        reader.connect(1)
        assert reader.transmit(b"again") == b"\x90\x00again"
        time.sleep(0.05)
        assert card.fields_off == 1


@pytest.mark.parametrize("which", range(1, 8))
def test_repeated_frames_do_no_harm_before_blocks(which: int) -> None:
    """A repeated activation frame or block confuses the exchange at most: it never delivers wrong data."""
    with UdpCard(echo) as card:
        reader = reader_for(card, lambda antenna: FrameRepeat(antenna, which))
        try:
            reader.connect(0.5)
            assert reader.transmit(b"one") in (b"\x90\x00one",)
            assert reader.transmit(b"two") in (b"\x90\x00two",)
        except (CardLost, NoCard):
            return


def test_command_faults() -> None:
    with UdpCard(echo) as card:
        reader = CommandFaults(reader_for(card), lambda number, apdu: [apdu] if number == 2 else [])
        reader.connect(1)
        assert [reader.transmit(data) for data in (b"a", b"b", b"c")] == [
            b"\x90\x00" + data for data in (b"a", b"b", b"c")
        ]
        assert reader.extra == [(b"b", b"\x90\x00b")]
        reader.disconnect()
