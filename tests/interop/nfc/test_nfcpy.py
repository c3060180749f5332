"""Stock nfcpy as the reader, over the simulated antenna: whole payments in ISO 14443-4 frames, and the NDEF record."""

import time
from collections.abc import Callable, Iterator

import ndef
import nfc
import pytest
from nfc.tag.tt4 import Type4Tag

from tests.interop.nfc import issuer
from tests.interop.nfc.reader import CardError, Terminal
from tests.interop.nfc.watch_process import free_port, start_card

Tap = Callable[[], Type4Tag]


@pytest.fixture
def tap(request: pytest.FixtureRequest) -> Iterator[Tap]:
    """Puts a reader to a watch with both test cards armed; may be called again for another tap.

    With the parameter "low power" the watch's radio sleeps until the reader comes.
    """
    port = free_port()
    profiles = ("visa", "mastercard")
    keys = {profile: issuer.session_keys(profile, 7) for profile in profiles}
    low_power = getattr(request, "param", "") == "low power"
    link = f"udp:127.0.0.1:{port}"
    card = start_card({"link": link, "profiles": profiles, "keys": keys, "low_power": low_power})
    readers = []

    def connect() -> Type4Tag:
        while readers:
            readers.pop().close()
        reader = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
        readers.append(reader)
        tag = reader.connect(rdwr={"on-connect": lambda tag: False})
        assert isinstance(tag, Type4Tag)
        return tag

    try:
        yield connect
    finally:
        while readers:
            readers.pop().close()
        card.kill()
        card.wait()


def exchange_over(tag: "Type4Tag") -> Callable[[bytes], bytes]:
    """Raw APDUs through nfcpy's ISO-DEP."""
    return lambda command: bytes(tag.transceive(command))


@pytest.mark.parametrize("tap", ["always on", "low power"], indirect=True)
@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_payment_has_the_cryptogram_the_issuer_expects(tap: Tap, profile: str) -> None:
    tags = Terminal(exchange_over(tap())).pay(profile)
    assert tags["9F27"] == b"\x80"
    assert tags["9F36"] == b"\x00\x07"
    assert tags["9F26"] == issuer.cryptogram(profile, tags)
    assert tags["57"].hex().upper().startswith(issuer.PANS[profile] + "D3012201")
    print(f"NOTE nfcpy {profile}: ARQC {tags['9F26'].hex()} as pyemv")


def test_every_tap_has_its_own_atc(tap: Tap) -> None:
    taps = [Terminal(exchange_over(tap()), **{"9F37": f"0000000{number}"}).pay("visa") for number in range(3)]
    assert [tags["9F36"] for tags in taps] == [b"\x00\x07", b"\x00\x08", b"\x00\x09"]
    for tags in taps:
        assert tags["9F26"] == issuer.cryptogram("visa", tags)


def test_a_reader_that_pauses_is_still_served(tap: Tap) -> None:
    """Longer than the watch's synchronous run; the card stays activated and keeps its place."""
    terminal = Terminal(exchange_over(tap()))
    terminal.select(terminal.applications()[1])
    time.sleep(2.3)
    terminal.options()
    time.sleep(0.2)
    terminal.records()
    terminal.generate()
    assert terminal.tags["9F26"] == issuer.cryptogram("mastercard", terminal.tags)


def test_a_reader_that_vanishes_does_not_block_the_next(tap: Tap) -> None:
    """No RFOFF was sent: the next reader's polling shows that the old field is gone."""
    first = tap()
    terminal = Terminal(exchange_over(first))
    terminal.select(terminal.applications()[0])
    first.clf.device.socket.close()
    first.clf.device.socket = None
    tags = Terminal(exchange_over(tap())).pay("visa")
    assert tags["9F36"] == b"\x00\x07"


def test_refusals_reach_the_terminal(tap: Tap) -> None:
    over_confirmation = Terminal(exchange_over(tap()), **{"9F02": "000000030000"})
    with pytest.raises(CardError) as refusal:
        over_confirmation.pay("visa")
    assert refusal.value.status == "6986"
    tags = Terminal(exchange_over(tap()), **{"9F02": "000000030000"}).pay("mastercard")
    assert (tags["9F27"], tags["DF4B"]) == (b"\x00", b"\x00\x02\x00")


def test_public_record_beside_the_payment(tap: Tap) -> None:
    tag = tap()
    assert tag.ndef is not None
    assert [record.uri for record in tag.ndef.records if isinstance(record, ndef.UriRecord)] == ["https://example.org"]
    assert not tag.ndef.is_writeable
    assert Terminal(exchange_over(tag)).pay("visa")["9F36"] == b"\x00\x07"


def test_long_and_extended_commands_are_refused_politely(tap: Tap) -> None:
    exchange = exchange_over(tap())
    assert exchange(bytes(300)) == b"\x67\x00"  # two chained blocks
    assert exchange(b"\x00\xa4\x04\x00\x00\x00\x05" + bytes(5)) == b"\x67\x00"
    assert Terminal(exchange).pay("mastercard")["9F27"] == b"\x80"
