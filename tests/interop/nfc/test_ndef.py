"""Stock nfcpy reads the tag and ndeflib says what it means: every message, also beside armed cards."""

import time
from collections.abc import Callable, Iterator

import ndef
import nfc
import pytest
from nfc.tag.tt4 import Type4Tag, Type4TagCommandError

from tests.interop.nfc import issuer
from tests.interop.nfc.reader import Terminal
from tests.interop.nfc.scripted_watch import ADDRESS, PROFILES, ScriptedWatch

LINK = "https://bank.example/r/000123"
TAG_AID = bytes.fromhex("D2760000850101")
RECEIPT_S = 120


class Watch(ScriptedWatch):
    """A watch, and stock nfcpy as its reader."""

    _reader: "nfc.ContactlessFrontend | None" = None

    def tap(self) -> Type4Tag:
        """A fresh field."""
        self.leave()
        self._reader = nfc.ContactlessFrontend(f"udp:127.0.0.1:{self.port}")
        tag = self._reader.connect(rdwr={"on-connect": lambda tag: False})
        assert isinstance(tag, Type4Tag)
        return tag

    def leave(self) -> None:
        """Switch the field off."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self) -> list[ndef.Record]:
        """The records of a fresh read."""
        tag = self.tap()
        assert tag.ndef is not None and not tag.ndef.is_writeable
        records = list(tag.ndef.records)
        self.leave()
        return records

    def close(self) -> None:
        """End it."""
        self.leave()
        super().close()


@pytest.fixture(scope="module")
def process() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.close()


@pytest.fixture
def watch(process: Watch) -> Iterator[Watch]:
    """Unlocked, and with nothing to say."""
    yield process
    process.leave()
    for what, argument in (("found", None), ("unlock", None), ("receipt", ""), ("pairing", False), ("own", None)):
        assert process.say(what, argument) in ("ok", "wrong-state"), what


def exchange_over(tag: Type4Tag) -> Callable[[bytes], bytes]:
    """Raw APDUs through nfcpy's ISO-DEP."""
    return lambda command: bytes(tag.transceive(command))


def assert_public(records: list[ndef.Record]) -> None:
    (record,) = records
    assert isinstance(record, ndef.TextRecord)
    assert (record.text, record.language, record.encoding) == ("Tapwatch", "en", "UTF-8")


def test_public_text(watch: Watch) -> None:
    assert_public(watch.read())


def test_receipt_link_for_two_minutes_while_unlocked(watch: Watch) -> None:
    assert watch.say("receipt", LINK) == "ok"
    (record,) = watch.read()
    assert isinstance(record, ndef.UriRecord) and record.iri == LINK
    watch.say("wait", RECEIPT_S - 1)
    assert len(watch.read()) == 1
    watch.say("wait", 1)
    assert_public(watch.read())
    watch.say("receipt", LINK)
    watch.say("lock")
    assert_public(watch.read())


def test_pairing_handover(watch: Watch) -> None:
    assert watch.say("pairing", True) == "ok"
    select, radio = watch.read()
    assert isinstance(select, ndef.HandoverSelectRecord)
    assert select.hexversion == 0x13 and select.error is None
    (carrier,) = select.alternative_carriers
    assert (carrier.carrier_power_state, carrier.carrier_data_reference) == ("active", radio.name)
    assert isinstance(radio, ndef.BluetoothLowEnergyRecord)
    assert radio.device_address == ndef.bluetooth.DeviceAddress(ADDRESS, "public")
    assert (radio.device_name, radio.role_capabilities) == ("Tapwatch", "Peripheral")
    assert radio.appearance[0] == 0x00C0 and "Watch" in radio.appearance[1]
    assert radio.flags[0] == 0x06
    watch.say("pairing", False)
    assert_public(watch.read())


@pytest.mark.parametrize("text", ["Please call +1 555 0100", "找" * 26])
def test_text_for_a_finder_and_nothing_else(watch: Watch, text: str) -> None:
    watch.say("own", own_message(ndef.UriRecord("https://example.org/me")).hex())
    watch.say("receipt", LINK)
    watch.say("pairing", True)
    assert watch.say("lose", text) == "ok"
    (record,) = watch.read()
    assert isinstance(record, ndef.TextRecord) and record.text == text
    assert watch.say("own", None) == "locked"
    assert watch.say("unlock") == "lost"
    assert watch.say("found") == "ok"
    (record,) = watch.read()
    assert isinstance(record, ndef.UriRecord), "locked, and the wearer's own record again"


def test_a_lost_watch_without_a_text_names_nobody(watch: Watch) -> None:
    watch.say("own", own_message(ndef.UriRecord("https://example.org/me")).hex())
    watch.say("lose", "")
    assert_public(watch.read())


def own_message(*records: ndef.Record) -> bytes:
    """A message as ndeflib encodes it."""
    return b"".join(ndef.message_encoder(records))


OWN = {
    "contact": [ndef.Record("text/vcard", "", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A Wearer\r\nEND:VCARD")],
    "web": [ndef.UriRecord("https://www.example.org/me")],
    "poster": [ndef.SmartposterRecord("https://example.org", {"en": "Me", "zh": "我"})],
    "several": [ndef.TextRecord("Emergency: +1 555 0100"), ndef.UriRecord("tel:+15550100"), ndef.Record()],
    "wifi": [ndef.Record("application/vnd.wfa.wsc", "w", bytes(range(60)))],
    "external": [ndef.Record("urn:nfc:ext:example.org:x", "id", b"\x00\x01")],
    "empty": [ndef.Record()],
    "longest": [ndef.Record("unknown", "", bytes(506))],
    "chunks": [ndef.Record("text/plain", "", b"one"), ndef.Record("unchanged", "", b"two")],
}


@pytest.mark.parametrize("name", OWN)
def test_own_record_comes_back_byte_for_byte(watch: Watch, name: str) -> None:
    message = own_message(*OWN[name])
    assert watch.say("own", message.hex()) == "ok"
    for state in ("unlock", "lock"):
        watch.say(state)
        tag = watch.tap()
        assert tag.ndef is not None and tag.ndef.octets == message
    print(f"NOTE ndef.own.{name} {len(message)} bytes, written and read back alike")


def test_own_record_that_is_refused_changes_nothing(watch: Watch) -> None:
    message = own_message(ndef.UriRecord("https://example.org/me"))
    watch.say("own", message.hex())
    for bad in (message[:-1], message + b"\x00", bytes(513), b"", own_message(ndef.Record("unknown", "", bytes(507)))):
        assert watch.say("own", bad.hex()) == "bad-input"
    watch.say("lock")
    assert watch.say("own", own_message(ndef.TextRecord("x")).hex()) == "locked"
    tag = watch.tap()
    assert tag.ndef is not None and tag.ndef.octets == message


def test_tag_and_both_payments_in_one_field(watch: Watch) -> None:
    watch.say("receipt", LINK)
    tag = watch.tap()
    exchange = exchange_over(tag)
    for profile in PROFILES:
        assert tag.ndef is not None
        assert [record.iri for record in tag.ndef.records] == [LINK]
        tags = Terminal(exchange).pay(profile)
        assert tags["9F26"] == issuer.cryptogram(profile, tags)
        assert exchange(b"\x00\xb0\x00\x00\x10")[-2:] != b"\x90\x00", "the tag is left behind by the payment"
    text = bytes(tag.ndef.octets)
    for number in (b"4761739001010010", b"5413330089600010", bytes.fromhex("4761739001010010")):
        assert number not in text


def test_message_stays_the_same_while_it_is_read(watch: Watch) -> None:
    watch.say("own", own_message(ndef.UriRecord("https://example.org/me")).hex())
    exchange = exchange_over(watch.tap())
    exchange(b"\x00\xa4\x04\x00\x07" + TAG_AID + b"\x00")
    exchange(b"\x00\xa4\x00\x0c\x02\xe1\x04")
    first = exchange(b"\x00\xb0\x00\x02\x08")[:-2]
    assert watch.say("receipt", LINK) == "ok"
    rest = exchange(b"\x00\xb0\x00\x0a\x0b")[:-2]
    assert [record.iri for record in ndef.message_decoder(first + rest)] == ["https://example.org/me"]
    exchange(b"\x00\xa4\x04\x00\x07" + TAG_AID)
    exchange(b"\x00\xa4\x00\x0c\x02\xe1\x04")
    size = exchange(b"\x00\xb0\x00\x00\x02")[1]
    (record,) = ndef.message_decoder(exchange(bytes((0, 0xB0, 0, 2, size)))[:-2])
    assert record.iri == LINK


def test_what_is_taken_away_is_not_read_to_the_end(watch: Watch) -> None:
    for away in (("wait", RECEIPT_S), ("lock", None), ("receipt", "")):
        watch.say("unlock")
        watch.say("receipt", LINK)
        exchange = exchange_over(watch.tap())
        exchange(b"\x00\xa4\x04\x00\x07" + TAG_AID)
        exchange(b"\x00\xa4\x00\x0c\x02\xe1\x04")
        assert exchange(b"\x00\xb0\x00\x02\x04") == b"\xd1\x01\x16U\x90\x00"
        assert watch.say(*away) == "ok"
        assert exchange(b"\x00\xb0\x00\x06\x04") == b"\x69\x85", away


def test_nothing_is_readable_without_select_after_the_field(watch: Watch) -> None:
    watch.say("receipt", LINK)
    assert watch.tap().ndef is not None
    exchange = exchange_over(watch.tap())
    for command in (b"\x00\xb0\x00\x00\x0f", b"\x00\xb0\x00\x02\x10"):
        assert exchange(command) == b"\x6d\x00"
    assert exchange(b"\x00\xa4\x00\x0c\x02\xe1\x04") == b"\x6a\x86"


def test_writing_is_refused(watch: Watch) -> None:
    tag = watch.tap()
    assert tag.ndef is not None
    with pytest.raises(AttributeError):
        tag.ndef.records = [ndef.TextRecord("mine")]
    with pytest.raises(Type4TagCommandError) as refusal:
        tag.send_apdu(0, 0xD6, 0, 0, b"\x00\x00")
    assert refusal.value.errno == 0x6982
    assert_public(list(tag.ndef.records))


def test_how_long_a_read_takes(watch: Watch) -> None:
    watch.say("own", own_message(*OWN["longest"]).hex())
    tag = watch.tap()
    started = time.perf_counter()
    assert tag.ndef is not None and len(tag.ndef.octets) == 512
    print(f"NOTE ndef.read_512.ms {(time.perf_counter() - started) * 1000:.0f} by nfcpy on the simulated antenna")
