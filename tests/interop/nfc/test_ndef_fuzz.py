"""The check of the wearer's own record against ndeflib: what it encodes passes, and what passes it can read."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ndef
import pytest

from tests.fuzz.campaign import count
from tests.tools.children import Deadline

pytestmark = pytest.mark.share("fuzz")
ROOT = Path(__file__).resolve().parents[3]
INTERPRETER = Path(sys.executable).parent / "micropython"
MUTATED = count(10_000)
ENCODED = MUTATED // 10
BATCH = 200
"""Lines sent before the answers are read; so many answers fit a pipe."""
LONGEST_CHECK_US = 50_000
HEAP_BYTES = 2_048
"""What names and the last line may leave behind."""


class Checker:
    """The watch's check, in MicroPython."""

    def __init__(self) -> None:
        command = [str(INTERPRETER), "tests/interop/nfc/ndef_check.py"]
        environment = {**os.environ, "MICROPYPATH": "firmware:.frozen"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
        self._deadline = Deadline(self._process)

    def verdicts(self, messages: list[bytes]) -> list[str]:
        """`ok` or `bad-input` for each."""
        found = []
        for at in range(0, len(messages), BATCH):
            found += self._ask([message.hex() or "-" for message in messages[at : at + BATCH]])
        return found

    def costs(self) -> tuple[int, int]:
        """(longest check in us, bytes by which the heap has grown since this was asked first)."""
        longest, grown = self._ask([""])[0].split()
        return int(longest), int(grown)

    def _ask(self, lines: list[str]) -> list[str]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n".join(lines) + "\n")
        self._process.stdin.flush()
        with self._deadline.waiting(f"answers to {len(lines)} messages"):
            answers = [self._process.stdout.readline().strip() for _ in lines]
        assert all(answers), "the check raised something else: see the traceback above"
        return answers

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    process = Checker()
    yield process
    process.close()


def some_record(draw: random.Random) -> ndef.Record:
    """A record of any kind."""
    name = draw.choice(("", "", "0", "name"))
    data = draw.randbytes(draw.choice((0, 1, 5, 40, 255, 256, 300)))
    kind = draw.randrange(7)
    if kind == 0:
        return ndef.TextRecord("x" * draw.randrange(60), "en", draw.choice(("UTF-8", "UTF-16")))
    if kind == 1:
        return ndef.UriRecord(
            draw.choice(("https://www.example.org/", "tel:", "urn:nfc:", "x:")) + "y" * draw.randrange(60)
        )
    if kind == 2:
        return ndef.SmartposterRecord("https://example.org", "title")
    types = ("text/vcard", "urn:nfc:ext:example.org:t", "unknown", "https://example.org/type", "urn:nfc:wkt:Z")
    return ndef.Record(draw.choice(types), name, data) if kind < 6 else ndef.Record()


def some_message(draw: random.Random) -> bytes:
    """A message of one to four records; some are too long for the watch."""
    return b"".join(ndef.message_encoder([some_record(draw) for _ in range(draw.randint(1, 4))]))


def mutated(draw: random.Random, message: bytes) -> bytes:
    """One to three changes: a byte, a bit, a piece cut out, doubled or put in."""
    out = bytearray(message)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(out) + 1)
        kind = draw.randrange(6)
        if kind == 0 and at < len(out):
            out[at] = draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.getrandbits(8)))
        elif kind == 1 and at < len(out):
            out[at] ^= 1 << draw.randrange(8)
        elif kind == 2:
            del out[at : at + draw.randint(1, 8)]
        elif kind == 3:
            out[at:at] = out[at : at + draw.randint(1, 8)]
        elif kind == 4:
            out[at:at] = draw.randbytes(draw.randint(1, 8))
        else:
            out = out[:at]
    return bytes(out)


def readable(message: bytes) -> bool:
    """True if ndeflib reads the form of a message, whatever its payloads say."""
    try:
        list(ndef.message_decoder(message, errors="strict", known_types={}))
    except ndef.DecodeError:
        return False
    except ValueError:
        return True  # the form is right; the type is none that ndeflib could encode again
    return True


def test_what_ndeflib_encodes_passes(checker: Checker) -> None:
    draw = random.Random(1)
    messages = [some_message(draw) for _ in range(ENCODED)]
    for message, verdict in zip(messages, checker.verdicts(messages), strict=True):
        assert verdict == ("ok" if len(message) <= 512 else "bad-input"), message.hex()
    short = sum(len(message) <= 512 for message in messages)
    print(f"NOTE ndef.encoded {len(messages)} messages of ndeflib: {short} accepted, the rest too long")


def test_what_is_broken_is_refused(checker: Checker) -> None:
    draw = random.Random(2)
    checker.costs()
    accepted = unreadable = 0
    for _ in range(MUTATED // BATCH):
        messages = [mutated(draw, some_message(draw)) for _ in range(BATCH)]
        for message, verdict in zip(messages, checker.verdicts(messages), strict=True):
            assert verdict in ("ok", "bad-input")
            if verdict == "ok":
                accepted += 1
                assert readable(message), message.hex()
            else:
                unreadable += not readable(message)
    longest_us, grown = checker.costs()
    print(
        f"NOTE ndef.fuzz {MUTATED} mutated messages: {accepted} still well formed, the others InputError; "
        f"at most {longest_us} us, heap grown by {grown} bytes"
    )
    assert accepted > MUTATED // 50 and unreadable > MUTATED // 50, "the fuzzer hardly got anywhere"
    assert longest_us < LONGEST_CHECK_US and grown <= HEAP_BYTES


def test_the_guards_can_fail(checker: Checker) -> None:
    assert not readable(b"\x51\x01\x00U") and not readable(b"\xd1\x01\x05U")
    assert checker.verdicts([b"", b"\xd0\x00\x00"]) == ["bad-input", "ok"]
