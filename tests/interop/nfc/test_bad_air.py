"""Taps through bad air: what the radio driver must swallow, and what the block protocol must make good."""

import random
from collections.abc import Iterator

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.air import ATS, RATS, Air
from tests.interop.nfc.watch_process import free_port, start_card

PPSE = "00a404000e325041592e5359532e444446303100"
NOT_HERE = "00a4040005a00000999900"
DAMAGE = ("WRONG 0200a40400", "PARITY 0200a40400", "NOISE 93", "NOISE 0102030405", "LEFT 0203", "NOISE " + "55" * 600)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a watch in bad air with one test card armed."""
    number = free_port()
    keys = {"visa": issuer.session_keys("visa", 7)}
    config = {"link": f"udp:127.0.0.1:{number}", "profiles": ["visa"], "keys": keys}
    card = start_card(config, "disturbed_card.py")
    yield number
    alive = card.poll() is None
    card.kill()
    card.wait()
    assert alive, "the antenna ends the card if its driver does what the chip forbids"


@pytest.fixture
def air(port: int) -> Iterator[Air]:
    """A reader that switches its field off at the end."""
    reader = Air(port)
    yield reader
    reader.raw(b"RFOFF")
    reader.close()


class Blocks:
    """A reader's side of ISO/IEC 14443-4 that asks again when it hears nothing."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self._number = 0
        self.asked_again = 0

    def command(self, apdu: str) -> str:
        """The answer to one command, in hex. At most five attempts."""
        answer = self._air.give(f"{2 | self._number:02x}{apdu}")
        for _ in range(5):
            if answer is not None and int(answer[:2], 16) == 2 | self._number:
                self._number ^= 1
                return answer[2:]
            if answer is not None:  # R(ACK): the command never arrived
                answer = self._air.give(f"{2 | self._number:02x}{apdu}")
                continue
            self.asked_again += 1
            answer = self._air.give(f"{0xB2 | self._number:02x}")
        raise AssertionError(f"no answer to {apdu}")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_frame_is_met_with_silence_and_the_next_one_answered(air: Air, damage: str) -> None:
    air.activate()
    assert air.raw(damage.encode()) is None
    blocks = Blocks(air)
    assert blocks.command(PPSE).endswith("9000")
    assert blocks.command(NOT_HERE) == "6a82"


def test_a_frame_that_never_ends_stops_the_card_for_a_moment_only(air: Air) -> None:
    air.activate()
    air.say(b"STUCK 0200a4040000a4040000a40400")
    blocks = Blocks(air)
    assert blocks.command(PPSE).endswith("9000")


def test_rats_must_arrive_whole(air: Air) -> None:
    for frame in ("26", "9320", "93700812345678"):
        assert air.give(frame)
    assert air.raw(b"WRONG e080") is None
    assert air.give(RATS) == ATS


def test_a_wrong_crc_is_never_acted_upon(air: Air) -> None:
    """A DESELECT with a wrong CRC does not release the card, a command with one is not carried out."""
    air.activate()
    blocks = Blocks(air)
    assert blocks.command(PPSE).endswith("9000")
    assert air.raw(b"WRONG c2") is None
    assert air.raw(b"WRONG 03" + NOT_HERE.encode()) is None
    assert air.give("b2") is not None, "the last answer once more"
    assert blocks.command(NOT_HERE) == "6a82"


def test_a_long_exchange_in_noise(air: Air) -> None:
    random.seed(3)
    air.activate()
    blocks = Blocks(air)
    for _ in range(60):
        for _ in range(random.randrange(3)):
            air.say(random.choice(DAMAGE).encode())
        apdu, end = random.choice(((PPSE, "9000"), (NOT_HERE, "6a82")))
        assert blocks.command(apdu).endswith(end)
    print(f"NOTE nfc in noise: 60 commands answered, {blocks.asked_again} asked again")


def test_two_readers_in_turn_in_noise(port: int) -> None:
    for turn in range(6):
        reader = Air(port)
        reader.activate()
        reader.say(DAMAGE[turn].encode())
        assert Blocks(reader).command(PPSE).endswith("9000"), turn
        if turn & 1:
            reader.raw(b"RFOFF")
        reader.close()
