"""Between a reader and the card of `block_card.py`: a radio that loses, garbles, repeats and invents frames."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tapwatch.compiled import search_path
from tests.tools.children import Deadline

ROOT = Path(__file__).resolve().parents[3]
INTERPRETER = Path(sys.executable).parent / "micropython"
UID = bytes.fromhex("0812345678")  # with its check byte

DEAF = "the card does not hear the frame, or its CRC is wrong"
MUTE = "the answer is lost"
GARBLED = "the answer's CRC is wrong"
NOISE = "frames that are no blocks come before"
ACTIVATION = "RATS, HLTA, REQA or WUPA comes before"
REPEATED = "the card hears the frame twice, the reader the second answer"
DOUBLED = "the card hears the frame twice, the reader the first answer"
DROP = "the field goes before the frame"
FLICKER = "the field goes after the frame"
OTHER = "another reader comes before the frame"
LOSSES = (DEAF, MUTE, GARBLED)
HARMLESS = (NOISE, ACTIVATION)
TWICE = (REPEATED, DOUBLED)
ENDING = (DROP, FLICKER, OTHER)
KINDS = LOSSES + HARMLESS + TWICE + ENDING

Faults = Callable[[int], "str | None"]


class Garbled(Exception):
    """What the reader heard was no frame."""


class CardProcess:
    """The card's program."""

    def __init__(self) -> None:
        command = [str(INTERPRETER), "-X", "heapsize=8M", "tests/interop/isodep/block_card.py"]
        environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
        self._deadline = Deadline(self._process)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def put(self, **config: Any) -> None:
        """Lay another card down."""
        self._ask(json.dumps(config))

    def frame(self, frame: bytes) -> "bytes | None":
        """The card's answer."""
        answer = self._ask("F " + frame.hex())
        return None if answer == "-" else bytes.fromhex(answer)

    def field_off(self) -> None:
        """No field."""
        self._ask("O")

    def report(self) -> dict[str, Any]:
        """What the card has done."""
        return json.loads(self._ask("S"))

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        with self._deadline.waiting(f"answer to {line}"):
            answer = self._process.stdout.readline()
        assert answer, "the card's program has ended: see the traceback above"
        return answer.rstrip("\n")


class Air:
    """The field of one reader. Counts its frames after SELECT from 1 and asks `faults` about each."""

    def __init__(self, card: CardProcess, faults: Faults = lambda number: None, seed: int = 0) -> None:
        self._card = card
        self._faults = faults
        self._random = random.Random(seed)
        self._active = False
        self.frames = 0
        self.happened: list[tuple[int, str]] = []
        """Faults that came to pass."""

    def exchange(self, frame: bytes) -> "bytes | None":
        """What the reader hears after a frame. Raises Garbled."""
        if not self._active:
            return self._anticollision(frame)
        self.frames += 1
        fault = self._faults(self.frames)
        if fault is None:
            return self._card.frame(frame)
        self.happened.append((self.frames, fault))
        return self._faulty(frame, fault)

    def field_off(self) -> None:
        """The reader's own."""
        self._active = False
        self._card.field_off()

    def activate(self) -> None:
        """Anticollision and SELECT, for readers that leave it to their chip. An older field ends, said or not."""
        self.field_off()
        self._active = True

    def _anticollision(self, frame: bytes) -> "bytes | None":
        if frame == b"\x26":
            self._card.field_off()
            return b"\x04\x00"
        if frame == b"\x93\x20":
            return UID
        if frame == b"\x93\x70" + UID:
            self._active = True
            return b"\x20"
        return None

    def _faulty(self, frame: bytes, fault: str) -> "bytes | None":
        if fault == DEAF:
            return None
        if fault in HARMLESS:
            for extra in self._extra(fault):
                self._card.frame(extra)
            return self._card.frame(frame)
        if fault in (DROP, OTHER):
            self._end(fault == OTHER)
            return None
        answer = self._card.frame(frame)
        if fault == MUTE:
            return None
        if fault == GARBLED and answer is not None:
            raise Garbled
        if fault == REPEATED:
            return self._card.frame(frame)
        if fault == DOUBLED:
            self._card.frame(frame)
        if fault == FLICKER:
            self._end(False)
        return answer

    def _end(self, other: bool) -> None:
        """Nothing reaches the card any more: it has forgotten this reader, which does not know."""
        self._card.field_off()
        if other:
            for frame in ("e050", "0200a4040000", "1300b0"):  # it leaves in the middle of a chain
                self._card.frame(bytes.fromhex(frame))
            self._card.field_off()
        self._faults = lambda number: DEAF

    def _extra(self, kind: str) -> list[bytes]:
        draw = self._random
        if kind == ACTIVATION:
            return [draw.choice((b"\xe0\x80", b"\xe0\x01", b"\x50\x00", b"\x26", b"\x52", b"\x93\x20"))]
        return [self._no_block() for _ in range(draw.randint(1, 3))]

    def _no_block(self) -> bytes:
        """Bytes that no card with our ATS may take for a block."""
        draw = self._random
        while True:
            frame = draw.randbytes(draw.choice((1, 2, 3, 20, 254, 255, 300)))
            if frame[0] & 0xEE in (0x02, 0xA2, 0xC2, 0xE2) or frame[0] in (0xE0, 0x50) or frame[0] & 0xF0 == 0xD0:
                continue
            return frame
