"""The terminal against cards, radios, files and people that send anything."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from typing import TYPE_CHECKING

from tapwatch.acquiring import icc, spec
from tapwatch.acquiring.client import AcquirerClient
from tapwatch.acquiring.problems import AcquiringProblem, MessageProblem
from tapwatch.errors import UserError
from tapwatch.phone.transfer import LinkLost
from tapwatch.terminal import amount
from tapwatch.terminal.channel import Channel
from tapwatch.terminal.emv import dol, entry_point, tags, tlv
from tapwatch.terminal.emv.card_data import CardData
from tapwatch.terminal.outcome import CardProblem
from tapwatch.terminal.readers import antenna as radio
from tapwatch.terminal.readers import ble_card, t0
from tapwatch.terminal.readers.activation import activate
from tapwatch.terminal.readers.isodep import IsoDep, Timing, read_ats
from tapwatch.terminal.readers.port import CardLost, NoCard
from tapwatch.terminal.scan import picture
from tapwatch.terminal.show.decode import decode
from tapwatch.terminal.show.tree import leaf
from tapwatch.terminal.state import TerminalState
from tapwatch.terminal.trace import Trace
from tests.fuzz.campaign import Campaign, count
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise, sizes
from tests.host.terminal.cards import CDOL1, MASTERCARD_AID, PDOL, VISA_AID, directory, template
from tests.host.terminal.direct import DirectReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

DIRECTORY = directory((VISA_AID, "TEST BLUE", 1, "03"), (MASTERCARD_AID, "TEST AMBER", 2, "02"))
ANSWER = template(
    "77", {"82": b"\x20\x00", "94": b"\x10\x01\x01\x00", "9F36": b"\x00\x01", "9F10": bytes(7), "57": bytes(8)}
)
ATS = bytes.fromhex("0578807000")
QUICK = Timing(floor_s=0.0, retries=2, max_steps=20)


def reader_of(answer: bytes) -> Channel:
    """A card that always says the same."""
    reader = DirectReader(lambda command: answer)
    reader.connect(0)
    return Channel(reader, Trace())


def test_tlv() -> None:
    random.seed(1)

    def take(data: bytes) -> None:
        for node in tlv.parse(data):
            assert len(node.value) <= len(data) and len(list(node.walk())) <= len(data)

    share = Campaign("terminal TLV", take, tlv.TlvProblem).run(
        lambda: mutated(random.choice((DIRECTORY, ANSWER))), 8_000
    )
    assert 0.02 < share < 0.9
    deep = Campaign("terminal TLV at sizes", take, tlv.TlvProblem)
    for size in sizes(65_535):
        for data in (b"\x70\x82\xff\xff", b"\x61\x80", b"\x1f" + b"\xff" * 9, b"\x6f\x02" * 40, b""):
            deep.one((data + bytes(size))[:size])
    deep.one(b"".join(b"\x70\x82" + (60_000 - 4 * i).to_bytes(2, "big") for i in range(1, 15_000)))
    deep.note()


def test_lists_of_wanted_objects() -> None:
    random.seed(2)
    values = {"9F02": bytes(6), "9F4E": b"SHOP", "95": bytes(5)}

    def take(data: bytes) -> None:
        entries = dol.parse(data)
        filled = dol.fill(entries, values)
        assert [len(value) for _, value in filled] == [length for _, length in entries]
        assert sum(len(value) for _, value in filled) <= dol.MAX_FILLED

    share = Campaign("terminal DOL", take, tlv.TlvProblem).run(lambda: mutated(random.choice((PDOL, CDOL1))), 2_500)
    assert 0.02 < share < 0.95


def test_directory_and_selection() -> None:
    random.seed(3)

    def take(answer: bytes) -> None:
        for candidate in entry_point.candidates(reader_of(answer)):
            assert 5 <= len(candidate.aid) <= 16 and candidate.kernel in entry_point.KERNELS
            assert 1 <= candidate.priority <= 16

    share = Campaign("terminal PPSE", take, CardProblem).run(lambda: mutated(DIRECTORY) + b"\x90\x00", 2_500)
    assert 0.02 < share < 0.95


def test_card_data() -> None:
    random.seed(4)

    def take(answer: bytes) -> None:
        CardData().add_template(answer, "77")

    share = Campaign("terminal card data", take, CardProblem).run(lambda: mutated(ANSWER), 2_500)
    assert 0.01 < share < 0.95


class NoisyAir:
    """An antenna behind which frames are made by `answer(frame)`; None is silence."""

    def __init__(self, answer) -> None:
        self._answer = answer
        self._frame = b""

    def send(self, frame: bytes) -> None:
        self._frame = frame

    def receive(self, timeout_s: float) -> bytes | None:
        return self._answer(self._frame)

    def field_off(self) -> None:
        pass


def block_answer(frame: bytes) -> bytes | None:
    """What a good card would answer, damaged one time in four, or anything."""
    if frame[0] == 0xE0:
        return ATS
    kind = random.randrange(10)
    good = bytes([frame[0] & 0x03 | 0x02]) + b"\x90\x00"
    if frame[0] & 0x10 and frame[0] & 0xC0 == 0:
        good = bytes([0xA2 | frame[0] & 1])
    if kind == 0:
        return None
    if kind == 1:
        return random.choice(
            (b"", b"\xf2\x01", b"\xf2", b"\xf2\xff", b"\xa2", b"\xa3", b"\xb2", b"\xc2", b"\x12", b"\x13", b"\x02")
        )
    if kind == 2:
        return noise(random.randrange(1, 300))
    if kind == 3:
        return mutated(good) or None
    return good


def test_reader_frames() -> None:
    """A card that says anything ends with CardLost, after a bounded number of frames."""
    random.seed(5)
    sent = [0]

    def answer(frame: bytes) -> bytes | None:
        sent[0] += 1
        return block_answer(frame)

    def take(data: bytes) -> None:
        sent[0] = 0
        card = IsoDep(NoisyAir(answer), QUICK)
        card.activate()
        card.exchange(data)
        assert sent[0] < 4_000

    share = Campaign("terminal ISO-DEP frames", take, CardLost).run(
        lambda: noise(random.choice((1, 5, 40, 300))), 3_000
    )
    assert 0.05 < share < 0.98
    assert Campaign("terminal ATS", read_ats, CardLost).run(lambda: mutated(ATS), 1_500) > 0.01


def test_a_card_that_chains_for_ever_is_left() -> None:
    number = [0]

    def endless(frame: bytes) -> bytes:
        if frame[0] == 0xE0:
            return ATS
        number[0] ^= frame[0] & 0xC0 != 0
        return bytes([0x12 | number[0]]) + bytes(200)

    card = IsoDep(NoisyAir(endless), QUICK)
    card.activate()
    refused = Campaign("terminal, endless answer", card.exchange, CardLost, most_ms=500)
    assert not refused.one(b"\x00\xa4\x04\x00")


def test_activation() -> None:
    random.seed(6)
    good = {b"\x26": b"\x04\x00", b"\x93\x20": bytes.fromhex("08112233") + bytes([0x08 ^ 0x11 ^ 0x22 ^ 0x33])}

    def answer(frame: bytes) -> bytes | None:
        whole = good.get(frame, b"\x20")
        return mutated(whole) if random.randrange(3) == 0 else whole

    def take(_: bytes) -> None:
        info = activate(NoisyAir(answer), 0.001, 0.0)
        assert len(info.uid) in (4, 7, 10)

    share = Campaign("terminal activation", take, (CardLost, NoCard)).run(lambda: b"", 750)
    assert 0.05 < share < 0.95


def test_datagrams() -> None:
    random.seed(7)
    Campaign("terminal datagrams", radio._frame, ()).run(lambda: mutated(b"106A 0578807000"), 2_500)


def test_contact_cards() -> None:
    """T=0: whatever status words follow each other, it ends."""
    random.seed(8)

    def answer(command: bytes) -> bytes:
        return noise(random.randrange(4)) + random.choice((b"\x61", b"\x6c", b"\x90", noise(1))) + noise(1)

    Campaign("terminal T=0", lambda command: t0.exchange(answer, command), ()).run(
        lambda: b"\x00\xa4\x04\x00" + noise(3), 3_000
    )


def test_shown_values() -> None:
    """Any value of any tag, and any bytes, become lines that fit."""
    random.seed(9)
    known = list(tags.TAGS)

    def take(data: bytes) -> None:
        lines = leaf(random.choice(known), data, "  ") + decode(data)
        assert lines and all(isinstance(line, str) for line in lines)

    def make() -> bytes:
        return (
            noise(random.randrange(40))
            if random.getrandbits(1)
            else mutated(random.choice((DIRECTORY, ANSWER, ANSWER + b"\x90\x00")))
        )

    Campaign("terminal, shown values", take, ()).run(make, 2_000)


def test_typed_amounts() -> None:
    random.seed(10)

    def take(text: str) -> None:
        money = amount.parse(text, random.choice(("CNY", "JPY", "KWD")))
        assert 0 < money.minor < 10**amount.MAX_DIGITS

    share = Campaign("terminal amounts", take, UserError).run(
        lambda: mutated_text(random.choice(("12.34", "1", "999999"))), 5_000
    )
    assert 0.01 < share < 0.9
    Campaign("currencies", lambda text: amount.parse("1", text), UserError).run(lambda: mutated_text("CNY"), 200)


def test_field_55_and_messages() -> None:
    random.seed(11)
    chip = icc.encode({"9F26": bytes(8), "9F10": bytes(32), "82": b"\x20\x00", "95": bytes(200)[:5]})
    share = Campaign("field 55", icc.decode, MessageProblem).run(lambda: mutated(chip), 4_000)
    assert 0.02 < share < 0.9
    answer = {"t": "0210", "3": "000000", "4": "000000001234", "11": "000001", "39": "00", "55": chip.hex().upper()}
    message = spec.encode(answer)

    def take(data: bytes) -> None:
        again = spec.decode(data)
        AcquirerClient._check({"t": "0200", "11": "000001", "4": "000000001234"}, again)

    share = Campaign("ISO 8583 answers", take, AcquiringProblem).run(lambda: mutated(message), 2_000)
    assert 0.01 < share < 0.9
    around = Campaign("ISO 8583 at sizes", spec.decode, MessageProblem)
    for size in sizes(spec.MAX_MESSAGE_BYTES):
        around.one((message + bytes(size))[:size])
        around.one(b"0200" + b"\xff" * max(0, size - 4))
    around.note()


def test_state_files(tmp_path: Path) -> None:
    """A terminal's own file, damaged: said so, never taken for something else."""
    random.seed(12)
    path = tmp_path / "terminal.json"
    good = {"stan": 7, "pending": [{"t": "0400", "11": "000003"}]}

    def take(data: bytes) -> None:
        path.write_bytes(data)
        state = TerminalState(path)
        try:
            assert 1 <= state.next_stan() <= 999_999
            assert all(isinstance(entry, dict) for entry in state.pending)
        finally:
            state.close()

    def make() -> bytes:
        if random.getrandbits(1):
            return mutated(json.dumps(good).encode())
        return json.dumps(mutated_value(good), default=str).encode()

    Campaign("terminal state files", take, UserError, most_ms=500).run(make, 200, 20)


def test_pictures(tmp_path: Path) -> None:
    """A picture file with damage is no picture, or one without a code."""
    random.seed(13)
    path = tmp_path / "code.png"
    from PIL import Image

    Image.new("L", (40, 40), 255).save(path)
    good = path.read_bytes()

    def take(data: bytes) -> None:
        path.write_bytes(data)
        picture.read(path)

    Campaign("scanned pictures", take, UserError, most_ms=2_000).run(lambda: mutated(good), 150)


def test_scanned_texts_are_covered_elsewhere() -> None:
    """tests/host/terminal/test_scan_fuzz.py; here only what base64 lets through at its edges."""
    from tapwatch.terminal.scan import scanned
    from tapwatch.terminal.scan.presented import ScanProblem

    edges = Campaign("scanned texts at sizes", scanned.read, ScanProblem)
    for size in sizes(512):
        for text in ("0" * size, "A" * size, base64.b64encode(bytes(size)).decode(), "\u0660" * size, " " * size):
            edges.one(text)
    edges.note()
    assert count(1) >= 1


class FalseWatch:
    """A payment service that notifies anything at any time, and goes when it likes."""

    room = 20

    def __init__(self) -> None:
        self._told: dict[str, Callable[[bytes], None]] = {}
        self._gone: Callable[[], None] = lambda: None

    async def read(self, uuid: str) -> bytes:
        self._chatter()
        return random.choice((b"\1", b"\1", b"\1", b"", b"\xff", noise(3)))

    async def write(self, uuid: str, data: bytes) -> None:
        self._chatter()

    async def subscribe(self, uuid: str, told: Callable[[bytes], None]) -> None:
        self._told[uuid] = told

    def on_lost(self, told: Callable[[], None]) -> None:
        self._gone = told

    async def close(self) -> None:
        self._gone()

    def _chatter(self) -> None:
        """Parts of an answer, some of them wrong, or a status; sometimes an error, or the end."""
        if random.randrange(20) == 0:
            raise LinkLost("out of reach")
        if random.randrange(20) == 0:
            self._gone()
        for part in ble_card.parts(bytes(random.randrange(1, 40)) + b"\x90\x00", self.room):
            told = self._told.get(random.choice((ble_card.RESPONSE,) * 9 + (ble_card.STATUS,)))
            if told is not None:
                told(part if random.randrange(8) else mutated(part))


def test_watches_over_bluetooth(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a watch says over the payment service: an answer with a status word, or the card is lost."""
    random.seed(11)
    monkeypatch.setattr(ble_card, "_ANSWER_S", 0.001)

    async def pay(command: bytes) -> None:
        card = await ble_card.BleCard.open(FalseWatch(), "Shop", lambda status: None)
        if not await card.armed(0.001):
            raise CardLost("no card was armed")
        answer = await card.transmit(command)
        assert 2 <= len(answer) <= 64 * 20
        await card.close()

    def take(command: bytes) -> None:
        asyncio.run(pay(command))

    campaign = Campaign("terminal, watches over Bluetooth", take, CardLost, most_ms=500)
    assert 0.05 < campaign.run(lambda: bytes(random.randrange(4, 60)), 300, 20) < 0.95
