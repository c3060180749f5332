"""Every fault at every frame, and many at once: a command is answered right, or the session ends; the next one works.

The readers are two that share no code (nfcpy's and the terminal's); the card is the watch's ISO-DEP, which handles all
frames with allocation forbidden. `LOSSES` must not even end a session of ours: retransmission repairs them.

A block that arrives twice is another matter. No radio does that, and rule D of ISO/IEC 14443-4 ("independent of its
block number") forbids a card to notice it. In the middle of a chained command it spoils the command; elsewhere not.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.interop.isodep.air import (
    ENDING,
    HARMLESS,
    KINDS,
    LOSSES,
    OTHER,
    TWICE,
    Air,
    CardProcess,
    Faults,
)
from tests.interop.isodep.readers import READERS, SIZES, Ended, mirrored

LONG = bool(os.getenv("TAPWATCH_LONG"))
RANDOM_SESSIONS = 100_000 if LONG else 600
NEXT_SESSION_S = 2.0
COMMANDS = (bytes(range(40)), b"\x00\xb0\x00\x00\x10", bytes(range(200, 255)) * 2, b"\x00\x01\x02\x03\x06")


@pytest.fixture(scope="module")
def card() -> Iterator[CardProcess]:
    process = CardProcess()
    yield process
    process.close()


class Tally:
    """What came of the sessions."""

    def __init__(self) -> None:
        self.by_kind: dict[str, Counter[str]] = {}
        self.frames = self.sessions = self.answers = 0
        self.slowest_s = 0.0

    def add(self, kind: str, result: str) -> None:
        """Count one session."""
        self.by_kind.setdefault(kind, Counter())[result] += 1

    def results(self) -> str:
        """How the sessions with faults ended."""
        total: Counter[str] = sum(self.by_kind.values(), Counter())
        spoiled = sum(self.by_kind.get(kind, Counter())["wrong"] for kind in TWICE)
        wrong = f"{total['wrong'] - spoiled} wrong, {spoiled} spoiled by a block heard twice"
        return f"{total['right']} all right, {total['ended']} ended early, {wrong}"

    def __str__(self) -> str:
        return (
            f"{self.sessions} sessions, {self.frames} frames, {self.answers} right answers, {self.results()}, "
            f"next session {self.slowest_s * 1000:.0f} ms at most"
        )


def session(
    card: CardProcess, reader: str, faults: Faults, commands: tuple[bytes, ...], fsdi: int, tally: Tally, seed: int = 0
) -> str:
    """One session; returns how it went."""
    air = Air(card, faults, seed)
    result = "right"
    try:
        link = READERS[reader](air, fsdi)
        for command in commands:
            if link.exchange(command) != mirrored(command):
                return "wrong"
            tally.answers += 1
    except Ended:
        result = "ended"
    tally.frames += air.frames
    tally.sessions += 1
    if seed % 2 and result == "right":
        air.field_off()  # else the reader vanishes without a word
    return result if air.happened else "no fault came to pass"


def next_session(card: CardProcess, reader: str, tally: Tally) -> None:
    """A reader without faults must be served at once."""
    started = time.perf_counter()
    command = COMMANDS[0]
    assert READERS[reader](Air(card)).exchange(command) == mirrored(command)
    tally.slowest_s = max(tally.slowest_s, time.perf_counter() - started)
    assert tally.slowest_s < NEXT_SESSION_S


def test_without_faults_at_every_pair_of_frame_sizes(card: CardProcess) -> None:
    tally = Tally()
    for fsci in range(len(SIZES)):
        card.put(kind="mirror", fsci=fsci, slow=True)
        for fsdi in range(len(SIZES)):
            for reader in READERS:
                edge = SIZES[fsci] - 3
                commands = tuple(bytes(range(size)) for size in (1, edge, edge + 1, min(2 * edge + 1, 256)))
                assert session(card, reader, lambda number: None, commands, fsdi, tally) == "no fault came to pass"
    assert card.report()["executed"] == 8 * len(SIZES)
    print(f"NOTE isodep chaining by two readers, 81 pairs of frame sizes: {tally}")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("fsci, fsdi, slow", [(8, 8, False), (0, 0, False), (2, 5, True)])
def test_every_fault_at_every_frame(card: CardProcess, reader: str, fsci: int, fsdi: int, slow: bool) -> None:
    tally = Tally()
    for kind in KINDS:
        at, came = 0, True
        while came:
            at += 1
            card.put(kind="mirror", fsci=fsci, slow=slow)
            result = session(
                card, reader, lambda number, at=at: kind if number == at else None, COMMANDS, fsdi, tally, at
            )
            came = result != "no fault came to pass"
            if came:
                tally.add(kind, result)
                expect(card, kind, result, at, repairs=reader == "ours" or not slow, chained=fsci < 8)
                next_session(card, reader, tally)
    print(f"NOTE isodep {reader}, FSC {SIZES[fsci]}, FSD {SIZES[fsdi]}: {tally}")


def expect(card: CardProcess, kind: str, result: str, at: int, repairs: bool, chained: bool) -> None:
    """What one fault alone may do. No reader repeats RATS, and nfcpy does not `repair` a lost answer to S(WTX)."""
    if at > 1 and (kind in HARMLESS or (kind in LOSSES and repairs)):
        assert result == "right", (kind, at)
    if kind in TWICE:
        assert result != "wrong" or chained, (kind, at)
        return
    assert result != "wrong", (kind, at)
    executed = card.report()["executed"] - (kind == OTHER)  # the other reader sent one command
    assert executed == len(COMMANDS) if result == "right" else executed <= len(COMMANDS)


def random_faults(draw: random.Random, longest: int = 60) -> Faults:
    """Losses and noise at a rate of the session's own; one fault that no protocol can repair, if it gets so far."""
    rate = draw.choice((0.02, 0.1, 0.3))
    fatal_at, fatal = draw.randint(1, longest), draw.choice(ENDING)

    def fault(number: int) -> "str | None":
        if number == fatal_at:
            return fatal
        if number == 1 or draw.random() > rate:
            return None
        return draw.choice(LOSSES + HARMLESS)

    return fault


@pytest.mark.parametrize("reader", READERS)
def test_random_commands_and_faults(card: CardProcess, reader: str) -> None:
    draw = random.Random(20261122)
    tally = Tally()
    for number in range(RANDOM_SESSIONS):
        fsci, fsdi = draw.randrange(len(SIZES)), draw.randrange(13)
        card.put(kind="mirror", fsci=fsci, slow=bool(draw.getrandbits(1)))
        commands = tuple(draw.randbytes(draw.choice((1, 5, 20, 60, 261, 300))) for _ in range(draw.randint(1, 5)))
        tally.add("random", session(card, reader, random_faults(draw), commands, fsdi, tally, number))
        next_session(card, reader, tally)
    counts = tally.by_kind["random"]
    print(f"NOTE isodep {reader}, random faults: {tally}")
    assert not counts["wrong"]
    assert min(counts["right"], counts["ended"]) > RANDOM_SESSIONS // 20, "the faults were too many or too few"


class Numbered:
    """A radio for readers without CID that calls the card by its number: an own reading of ISO 14443-4 section 7."""

    def __init__(self, air: Air, cid: int) -> None:
        self._air, self._cid = air, cid
        self.activate = air.activate

    def exchange(self, frame: bytes) -> "bytes | None":
        """The frame with the number in, the answer with the number out."""
        if frame[0] == 0xE0:
            return self._air.exchange(bytes([0xE0, frame[1] | self._cid]))
        answer = self._air.exchange(bytes([frame[0] | 0x08, self._cid]) + frame[1:])
        if answer is None:
            return None
        assert answer[0] & 0x08 and answer[1] == self._cid, "an answer has the number of the card"
        return bytes([answer[0] & ~0x08]) + answer[2:]


@pytest.mark.parametrize("cid", [0, 1, 8, 14])
def test_losses_with_a_card_number(card: CardProcess, cid: int) -> None:
    tally = Tally()
    for kind in (None, *LOSSES[:2], HARMLESS[0]):
        for at in range(2, 20):
            card.put(kind="mirror", fsci=5, cid=True, slow=True)
            air = Air(card, lambda number: kind if number == at else None)
            link = READERS["ours"](Numbered(air, cid), 4)
            assert link.ats == bytes.fromhex("0575807002")
            for command in (bytes(range(50)), bytes(range(60)), b"\x00\x01\x02\x03\x06"):
                assert link.exchange(command) == mirrored(command)
            tally.frames += air.frames
    assert tally.frames > 1000


def test_another_card_s_number_is_met_with_silence(card: CardProcess) -> None:
    card.put(kind="mirror", cid=True)
    air = Air(card)
    READERS["ours"](Numbered(air, 3), 8)
    for frame in ("0a04000102", "0200010203", "ba04", "b2", "ca04", "c2", "0a83000102"):
        assert card.frame(bytes.fromhex(frame)) is None
    assert card.frame(bytes.fromhex("0a03010203")) is not None
    assert card.report() == {"executed": 1, "selected": 1, "released": 0}


def test_a_halted_card_hears_nothing_before_the_next_field(card: CardProcess) -> None:
    for end in (b"\xc2", b"\x50\x00"):
        card.put(kind="mirror")
        air = Air(card)
        air.activate()
        if end == b"\xc2":
            assert air.exchange(b"\xe0\x80") is not None
        assert air.exchange(end) == (end if end == b"\xc2" else None)
        for frame in (b"\xe0\x80", b"\x02\x00\xa4\x04\x00", b"\xb2", b"\xc2"):
            assert air.exchange(frame) is None
        next_session(card, "ours", Tally())


def test_the_guards_can_fail(card: CardProcess) -> None:
    card.put(kind="mirror")
    assert READERS["ours"](Air(card)).exchange(b"\x00\x01\x02\x03") != mirrored(b"\x00\x01\x02\x04")
    card.put(kind="mirror", fsci=0)
    twice: Faults = lambda number: TWICE[0] if number == 2 else None  # noqa: E731
    assert session(card, "ours", twice, (bytes(range(40)),), 8, Tally()) == "wrong"
    for kind, result in ((LOSSES[0], "ended"), (HARMLESS[0], "ended"), (OTHER, "wrong"), (LOSSES[0], "right")):
        with pytest.raises(AssertionError):
            expect(card, kind, result, 2, repairs=True, chained=True)
