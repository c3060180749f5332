"""Profiles as data: what their tables must hold, aliases, versions on whole taps, several cards, the burn limit."""

import gc
import os

from tests.firmware.payment.card_kit import (
    CLOSED_LOOP_AID,
    CLOSED_LOOP_ALIAS,
    CURRENCY,
    KEY,
    VISA_AID,
    Wire,
    armed,
    fill,
    flatten,
    generate_ac,
    gpo,
    select,
    terminal_values,
    token,
)
from watch.access.states import NFC_CARD, NFC_EXPRESS, NFC_SEE_DEVICE
from watch.crypto.des import Alg3Mac
from watch.nfc.router import Router
from watch.payment.armed import MOST_KEYS
from watch.payment.card import EmvCard
from watch.payment.limits import Limits
from watch.payment.profiles import ALL, BY_NAME
from watch.payment.profiles.profile import GENERATE, OPTIONS, PPSE, PSE
from watch.payment.spending import Spending
from watch.payment.terminal import COUNTRY_AT, CRYPTOGRAM_DOL, CRYPTOGRAM_DOL_BYTES, CURRENCY_AT
from watch.payment.tlv import dol_length, dol_offset
from watch.payment.versions import BY_CVN

TAPS = 999 if os.getenv("TAPWATCH_LONG") else 249
"""A multiple of the keys of one arming: what is loaded at the end is what was loaded at the start."""


class Reader:
    """A reader at one card, which knows the profile's tables and plays the flow."""

    def __init__(self, profile, loaded=(), **kept):
        self.profile = BY_NAME[profile]
        self.armed = armed(profile, **kept)
        self.card = EmvCard(lambda: 0)
        self.card.set_state(NFC_CARD)
        for other in loaded:
            self.card.load(other)
        self.card.load(self.armed)
        self.wire = Wire(Router(self.card.applications))

    def commands(self, aid=None, **values):
        """The commands of one tap."""
        known = terminal_values(**values)
        sent = [select(aid or self.profile.names[0].aid), gpo(fill(self.profile.pdol, known))]
        sent += [bytes((0, 0xB2, number, sfi << 3 | 4, 0)) for sfi, number, _ in self.profile.records]
        if self.profile.flow == GENERATE:
            sent.append(generate_ac(0x80, fill(self.profile.cdol1, known)))
        return sent

    def pay(self, aid=None, **values):
        """All tags of one tap, or the first status word that is not 9000."""
        tags = {}
        for command in self.commands(aid, **values):
            data, status = self.wire.send(command)
            if status != 0x9000:
                return status
            tags.update(flatten(data))
        return tags

    def used(self):
        """ATCs of the keys taken."""
        return [key.atc for key in self.armed.keys if key.used]


def test_the_tables_are_whole():
    known = terminal_values()
    aids = [name.aid for profile in ALL for name in profile.names]
    assert len(set(aids)) == len(aids)
    assert set(BY_NAME) == {"visa", "mastercard", "closed-loop", "contact-test"}
    for profile in ALL:
        assert profile.flow in (OPTIONS, GENERATE) and profile.directory in (PPSE, PSE)
        dol = profile.pdol if profile.flow == OPTIONS else profile.cdol1
        assert dol_length(profile.pdol) < 126 and dol_length(profile.cdol1) < 256, "one length byte"
        start = dol_offset(dol, 0x9F02)
        assert fill(dol, known)[start : start + CRYPTOGRAM_DOL_BYTES] == fill(CRYPTOGRAM_DOL, known), profile.name
        for name in profile.names:
            assert 5 <= len(name.aid) <= 16 and 1 <= len(name.label) <= 16
            assert bool(name.kernel) == (profile.directory == PPSE)
        assert profile.records and set(profile.cvns) <= set(BY_CVN)
        assert profile.test_only or not profile.pin, "a published PIN is for test cards"
    assert dol_length(CRYPTOGRAM_DOL) == CRYPTOGRAM_DOL_BYTES
    assert (dol_offset(CRYPTOGRAM_DOL, 0x9F1A), dol_offset(CRYPTOGRAM_DOL, 0x5F2A)) == (COUNTRY_AT, CURRENCY_AT)
    print("NOTE profiles:", len(ALL), "AIDs:", len(aids), "cryptogram versions:", len(BY_CVN))


def expected_cryptogram(version, tags, **values):
    """The MAC over what both sides said, with the tail of docs/formats.md, by version."""
    data = tags[0x9F10]
    tail = {0x12: data, 0x22: data, 0x43: data[3:7], 0x14: data[2:8], 0x15: data[2:8] + data[10:18]}[version]
    message = fill(CRYPTOGRAM_DOL, terminal_values(**values)) + tags[0x82] + tags[0x9F36] + tail
    out = bytearray(8)
    Alg3Mac(KEY).mac(message, len(message), out)
    return bytes(out)


# 9F10 with and without CDCVM
LAYOUTS = {
    ("visa", 0x12): ("06011203a40000", "06011203a00000"),
    ("visa", 0x22): ("1f220151a4000000" + "00" * 24, "1f220100a0000000" + "00" * 24),
    ("visa", 0x43): ("1f430151a4000000" + "00" * 5 + "06431001" + "00" * 15,)
    + ("1f430100a0000000" + "00" * 5 + "06431001" + "00" * 15,),
    ("closed-loop", 0x12): ("06011203a40000", "06011203a00000"),
    ("mastercard", 0x14): ("0114a50000020000" + "00" * 10, "0114a00000220000" + "00" * 10),
    ("mastercard", 0x15): ("0115a50000020000" + "00" * 10, "0115a00000220000" + "00" * 10),
    ("contact-test", 0x14): ("0114a50000020000" + "00" * 10, "0114a00000220000" + "00" * 10),
}


def test_a_tap_in_every_version():
    assert set(LAYOUTS) == {(profile.name, cvn) for profile in ALL for cvn in profile.cvns}
    for (profile, cvn), layouts in LAYOUTS.items():
        for cdcvm, layout in zip((True, False), layouts):
            reader = Reader(profile, cdcvm=cdcvm, f20=cvn)
            for atc in (7, 8):
                tags = reader.pay()
                assert tags[0x9F10].hex() == layout, (profile, cvn, tags[0x9F10].hex())
                assert tags[0x9F36] == bytes((0, atc))
                assert tags[0x9F26] == expected_cryptogram(cvn, tags), (profile, cvn)
    print("NOTE profile and version pairs tapped:", len(LAYOUTS))


def test_longest_tokens_fit():
    for profile in ALL:
        for cvn in profile.cvns:
            reader = Reader(profile.name, f4="4" * 19, f20=cvn)
            assert reader.pay()[0x57].hex().startswith("4" * 19 + "d"), profile.name
            sizes = [len(record) for record in reader.card._by_profile[profile.name].records.values()]
            assert max(sizes) <= 255, sizes


def test_an_alias_is_the_same_card():
    reader = Reader("closed-loop")
    data = reader.wire.send(select(b"2PAY.SYS.DDF01"))[0]
    assert data.find(CLOSED_LOOP_AID) < data.find(CLOSED_LOOP_ALIAS)
    for aid, label, priority in ((CLOSED_LOOP_ALIAS, b"TAPWATCH TRANSIT", 2), (CLOSED_LOOP_AID, b"TAPWATCH", 1)):
        information = flatten(reader.wire.send(select(aid))[0])
        assert (information[0x84], information[0x50]) == (aid, label)
        assert information[0x87] == bytes((priority,))
    assert reader.pay(CLOSED_LOOP_ALIAS)[0x9F36] == b"\x00\x07"
    assert reader.pay(CLOSED_LOOP_AID)[0x9F36] == b"\x00\x08"
    assert reader.pay(CLOSED_LOOP_ALIAS)[0x9F36] == b"\x00\x09"
    assert reader.pay(CLOSED_LOOP_AID) == 0x6985, "an alias brings no keys of its own"


def test_going_from_alias_to_alias():
    reader = Reader("closed-loop")
    wire = reader.wire
    options = reader.commands()[1]
    assert wire.send(select(CLOSED_LOOP_AID))[1] == 0x9000
    assert wire.send(select(CLOSED_LOOP_ALIAS))[1] == 0x9000, "the other name is left, not the card"
    assert wire.send(options)[1] == 0x9000
    assert wire.send(select(CLOSED_LOOP_AID))[1] == 0x9000
    assert wire.send(b"\x00\xb2\x01\x0c\x00")[1] == 0x6985, "what was begun by the other name is over"
    assert wire.send(select(CLOSED_LOOP_AID[:6]))[1] == 0x9000
    assert wire.send(bytes((0, 0xA4, 4, 2, 6)) + CLOSED_LOOP_AID[:6])[1] == 0x9000, "the next one of that name"
    assert wire.send(options)[1] == 0x9000
    assert reader.used() == [7, 8]
    wire.card.deselect()
    assert wire.send(options)[1] == 0x6D00


def test_two_cards_of_one_scheme():
    """Only the active card is ever armed; one that is loaded later takes the place of the one before."""
    first = armed("visa")
    reader = Reader("visa", loaded=(first,), first_atc=50, f4="4761739001010119")
    directory = reader.wire.send(select(b"2PAY.SYS.DDF01"))[0]
    assert directory.count(VISA_AID) == 1
    tags = reader.pay()
    assert tags[0x57].hex().startswith("4761739001010119") and tags[0x9F36] == b"\x00\x32"
    assert not any(key.used for key in first.keys)
    reader.card.load(first)
    assert reader.pay()[0x9F36] == b"\x00\x07"


def test_every_profile_at_once():
    others = [armed(name, first_atc=20) for name in ("mastercard", "closed-loop", "contact-test")]
    reader = Reader("visa", loaded=others)
    found = reader.wire.send(select(b"2PAY.SYS.DDF01"))[0]
    assert found.count(b"\x61") >= 4 and len(found) <= 256
    assert [found.count(bytes((0x87, 1, number))) for number in range(1, 6)] == [1, 1, 1, 1, 0]
    assert reader.pay()[0x9F36] == b"\x00\x07"


def test_suspended_cards_say_so():
    card = EmvCard(lambda: 0)
    wire = Wire(Router(card.applications))
    for offered, blocked, status in ((("visa",), (), 0x9000), ((), ("visa",), 0x6283), (("visa",), ("visa",), 0x6283)):
        card.offer(offered, blocked)
        for state in (NFC_SEE_DEVICE, NFC_CARD):
            card.set_state(state)
            listed = wire.send(select(b"2PAY.SYS.DDF01"))[1]
            there = status == 0x9000 and state == NFC_SEE_DEVICE
            assert listed == (0x9000 if there else 0x6A82), (offered, blocked, state)
            expected = status if there or status != 0x9000 else 0x6A82
            assert wire.send(select(VISA_AID))[1] == expected, (offered, blocked, state)
        card.set_state("silent")
        assert wire.send(select(VISA_AID))[1] == 0x6A82


def test_only_a_closed_loop_card_is_there_in_express_mode():
    for profile in ALL:
        reader = Reader(profile.name)
        reader.card.set_state(NFC_EXPRESS)
        answer = reader.pay()
        assert (answer == 0x6A82) if profile.name != "closed-loop" else (answer[0x9F27] == b"\x80"), profile.name


EXPRESS = {1: 500, 2: 500, 3: 300, 4: 3, 5: 700, 6: 5_000, 7: 900}
# (amounts tapped before), amount, terminal, status word
EXPRESS_TAPS = (
    ((), 300, {}, 0x9000),
    ((), 301, {}, 0x6986),
    ((), 501, {}, 0x6985),
    ((300,), 300, {}, 0x9000),
    ((300, 300), 101, {}, 0x6986),
    ((300, 300), 100, {}, 0x9000),
    ((), 100, {"t9F66": "32400000"}, 0x6985),
    ((), 100, {"t9F66": "32404000"}, 0x6986),
    ((), 100, {"currency": 840}, 0x6986),
)


def test_express_limits_take_the_place_of_the_token_s():
    for before, amount, terminal, status in EXPRESS_TAPS:
        limits = Limits(EXPRESS)
        reader = Reader("closed-loop", cdcvm=False, limits=limits)
        reader.card.set_state(NFC_EXPRESS)
        for earlier in before:
            assert reader.pay(amount=earlier)[0x9F6C] == b"\x00\x00"
        answer = reader.pay(amount=amount, **terminal)
        assert (0x9000 if isinstance(answer, dict) else answer) == status, (before, amount, terminal)
    spending = Spending(0, 0, 3, 0)
    reader = Reader("closed-loop", cdcvm=False, limits=Limits(EXPRESS), spending=spending)
    assert reader.pay(amount=1) == 0x6986, "three taps without a passcode are over"
    assert Limits(token("visa").limits).per_tap == 50_000


def test_a_reader_that_only_burns_keys_is_stopped():
    """Hundreds of selections and requests in one field, and in many fields: three keys an arming, whatever comes."""
    for profile in ALL:
        for between in (lambda wire: None, lambda wire: wire.card.deselect(), lambda wire: wire.card.select()):
            reader = Reader(profile.name)
            cryptograms = 0
            for number in range(100):
                aid = profile.names[number % len(profile.names)].aid
                answer = reader.pay(aid, amount=1 + number)
                between(reader.wire)
                if isinstance(answer, dict) and answer[0x9F36] != b"\x00\x00":
                    cryptograms += 1
                    assert cryptograms <= MOST_KEYS
            assert cryptograms == MOST_KEYS and reader.used() == [7, 8, 9], profile.name
            assert reader.armed.outcome.result == "no-keys"


def test_heap_after_many_taps_of_each_profile():
    for profile in ALL:
        reader = Reader(profile.name)
        commands = reader.commands()
        request, reply = bytearray(264), bytearray(258)

        def tap():
            if not reader.armed.has_key():
                reader.armed = armed(profile.name)
                reader.card.load(reader.armed)
            for command in commands:
                request[: len(command)] = command
                reader.wire.card.apdu(request, len(command), reply)

        for _ in range(3):
            tap()
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(TAPS):
            tap()
        gc.collect()
        grown = gc.mem_alloc() - before
        assert reader.armed.outcome.result == "sent"
        print("NOTE heap growth over", TAPS, profile.name, "taps:", grown)
        assert grown <= 0, profile.name


def test_memory_of_the_commands():
    """What the card itself takes from the heap in one tap, the collector off."""
    for profile in ALL:
        reader = Reader(profile.name)
        commands = reader.commands()
        request, reply = bytearray(264), bytearray(258)
        gc.collect()
        gc.disable()
        try:
            before = gc.mem_alloc()
            for command in commands:
                request[: len(command)] = command
                reader.wire.card.apdu(request, len(command), reply)
            taken = gc.mem_alloc() - before
        finally:
            gc.enable()
        assert reader.armed.outcome.result == "sent" and reader.armed.outcome.currency == CURRENCY
        print("NOTE bytes allocated by the commands of one", profile.name, "tap:", taken)
        assert taken <= 4096
