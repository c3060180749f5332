"""Stock nfcpy as the reader, over the simulated antenna: ISO 14443-4 frames, then whole payments and the NDEF record."""

import socket
from collections.abc import Callable, Iterator

import ndef
import nfc
import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.reader import CardError, Terminal
from tests.interop.nfc.watch_process import start_card

def free_port() -> int:
    """A UDP port nobody holds just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


Tap = Callable[[], "nfc.tag.Tag"]


@pytest.fixture
def tap() -> Iterator[Tap]:
    """Puts a reader to a watch with both test cards armed; may be called again for another tap."""
    port = free_port()
    profiles = ("visa", "mastercard")
    keys = {profile: issuer.session_keys(profile, 7) for profile in profiles}
    card = start_card({"link": f"udp:127.0.0.1:{port}", "profiles": profiles, "keys": keys})
    readers = []

    def connect() -> "nfc.tag.Tag":
        while readers:
            readers.pop().close()
        reader = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
        readers.append(reader)
        return reader.connect(rdwr={"on-connect": lambda tag: False})

    try:
        yield connect
    finally:
        while readers:
            readers.pop().close()
        card.kill()
        card.wait()


def exchange_over(tag: "nfc.tag.Tag") -> Callable[[bytes], bytes]:
    """Raw APDUs through nfcpy's ISO-DEP."""
    return lambda command: bytes(tag.transceive(command))


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_payment_has_the_cryptogram_the_issuer_expects(tap: Tap, profile: str) -> None:
    tags = Terminal(exchange_over(tap())).pay(profile)
    assert tags["9F27"] == b"\x80"
    assert tags["9F36"] == b"\x00\x07"
    assert tags["9F26"] == issuer.cryptogram(profile, tags)
    assert tags["57"].hex().upper().startswith(issuer.PANS[profile] + "D3012201")
    print(f"NOTE nfcpy {profile}: ARQC {tags['9F26'].hex()} as pyemv")
