"""The directory, and what each state of the watch shows to a terminal."""

from tests.firmware.payment.card_kit import (
    MASTERCARD_AID,
    VISA_AID,
    Wire,
    armed,
    fill,
    flatten,
    gpo,
    select,
    terminal_values,
)
from watch.access.states import NFC_CARD, NFC_EXPRESS, NFC_SEE_DEVICE, NFC_SILENT
from watch.kernel.errors import InputError
from watch.nfc.router import Router
from watch.payment.card import EmvCard
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA

PPSE = select(b"2PAY.SYS.DDF01")
NOT_FOUND = (b"", 0x6A82)


def make(state=NFC_CARD, loaded=(), offered=()):
    """A card in a state, with some profiles loaded and some only in the wallet."""
    card = EmvCard(lambda: 0)
    card.set_state(state)
    card.offer(offered)
    for profile in loaded:
        card.load(armed(profile))
    return card, Wire(Router(card.applications))


def entries(data):
    """AIDs in the order of the directory."""
    found = []
    at = data.find(b"\x4f\x07")
    while at >= 0:
        found.append(data[at + 2 : at + 9])
        at = data.find(b"\x4f\x07", at + 9)
    return found


def test_directory_of_one_card():
    data, status = make(loaded=("visa",))[1].send(PPSE)
    assert status == 0x9000
    assert data[:2] == bytes((0x6F, len(data) - 2))
    found = flatten(data)
    assert found[0x84] == b"2PAY.SYS.DDF01"
    assert found[0x4F] == VISA_AID
    assert found[0x87] == b"\x01"
    assert found[0x9F2A] == b"\x03"
    data, _ = make(loaded=("mastercard",))[1].send(PPSE)
    assert flatten(data)[0x4F] == MASTERCARD_AID
    assert flatten(data)[0x9F2A] == b"\x02"


def test_both_test_cards_can_be_offered():
    data, _ = make(loaded=("mastercard", "visa"))[1].send(PPSE)
    assert entries(data) == [VISA_AID, MASTERCARD_AID]
    assert b"\x87\x01\x01" in data and b"\x87\x01\x02" in data


def test_no_card_ready():
    _, wire = make()
    assert wire.send(PPSE) == NOT_FOUND
    assert wire.send(select(VISA_AID)) == NOT_FOUND


def test_the_directory_follows_the_cards():
    card, wire = make(loaded=("visa",))
    card.unload()
    assert wire.send(PPSE) == NOT_FOUND
    card.load(armed("mastercard"))
    assert entries(wire.send(PPSE)[0]) == [MASTERCARD_AID]


# state, loaded, offered, applications in the directory, answer to GET PROCESSING OPTIONS
STATES = (
    (NFC_SEE_DEVICE, False, True, 1, 0x6986),
    (NFC_SEE_DEVICE, False, False, 0, None),
    (NFC_SEE_DEVICE, True, True, 1, 0x6986),  # a card that somebody forgot to unload does not pay
    (NFC_CARD, True, True, 1, 0x9000),
    (NFC_CARD, True, False, 1, 0x9000),
    (NFC_CARD, False, True, 0, None),
    (NFC_EXPRESS, True, True, 0, None),  # not a profile for express
    (NFC_EXPRESS, False, True, 0, None),
    (NFC_SILENT, True, True, 0, None),
    (NFC_SILENT, False, True, 0, None),
)


def test_every_state():
    data = fill(VISA.pdol, terminal_values())
    for state, loaded, offered, listed, answer in STATES:
        card, wire = make(state, ("visa",) if loaded else (), ("visa",) if offered else ())
        found, status = wire.send(PPSE)
        assert len(entries(found)) == listed, (state, loaded, offered)
        assert status == (0x9000 if listed else 0x6A82)
        status = wire.send(select(VISA_AID))[1]
        assert status == (0x9000 if listed else 0x6A82), (state, loaded, offered)
        if answer:
            assert wire.send(gpo(data))[1] == answer, (state, loaded, offered)
            assert card.take_asked() == (answer == 0x6986)
            assert not card.take_asked()


def test_locked_watch_gives_no_token_data():
    _, wire = make(NFC_SEE_DEVICE, (), ("visa", "mastercard"))
    for profile in (VISA, MASTERCARD):
        seen = wire.send(PPSE)[0] + wire.send(select(profile.names[0].aid))[0]
        options = gpo(fill(profile.pdol, terminal_values()))
        assert wire.send(options) == (b"", 0x6986)
        for command in (b"\x00\xb2\x01\x0c\x00", b"\x80\xae\x80\x00\x01\x00\x00"):
            assert wire.send(command)[1] in (0x6985, 0x6D00)
        assert b"\x47\x61" not in seen and b"\x54\x13" not in seen


def test_unknown_profile():
    ready = armed("visa")
    ready.token.profile = "other"
    try:
        EmvCard(lambda: 0).load(ready)
    except InputError:
        return
    raise AssertionError("an unknown profile was loaded")


def test_a_tap_ends_when_the_state_changes():
    card, wire = make(NFC_CARD, ("visa",), ("visa",))
    assert wire.send(select(VISA_AID))[1] == 0x9000
    card.set_state(NFC_SEE_DEVICE)
    assert wire.send(gpo(fill(VISA.pdol, terminal_values()))) == (b"", 0x6985)
