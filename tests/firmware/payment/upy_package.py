"""What a package may carry, and what is refused: profiles, cryptogram versions, key indices, express batch, codes."""

from support import scrubbing
from support.issuer import EXPRESS_LIMITS, Issuer, key_entries, payment_codes
from support.world import TOKEN, World, ready, refused

from watch.kernel.errors import InputError
from watch.payment.package import Package
from watch.payment.token import Token

scrubbing.leave_out()

ART = bytes(range(32))
FULL = {"profile": "closed-loop", "express_keys": 4, "codes": payment_codes(), "art": ART, "refill_at": 3}


def _content(**arguments):
    return Issuer.content(None, TOKEN, **arguments)


def _with(changes, **arguments):
    content = _content(**arguments)
    content.update(changes)
    return content


def test_every_profile_takes_its_own_cryptogram_versions_only():
    good = {"visa": (0x12, 0x22, 0x43), "mastercard": (0x14, 0x15), "closed-loop": (0x12,), "contact-test": (0x14,)}
    tried = 0
    for profile, versions in good.items():
        for cvn in range(256):
            content = _with({20: cvn, 16: key_entries(1, 3, cvn)}, profile=profile)
            if cvn in versions:
                assert Package(content).token.cvn == cvn
            else:
                refused(InputError, Package, content)
            tried += 1
    print(
        f"NOTE payment: {tried} pairs of profile and cryptogram version, {sum([len(v) for v in good.values()])} taken"
    )


def test_all_fields_arrive():
    package = Package(_content(**FULL))
    token = package.token
    assert (token.cvn, token.refill_at, token.art, token.express) == (0x12, 3, ART, EXPRESS_LIMITS)
    assert [entry[0] for entry in package.keys] == list(range(1, 11))
    assert [entry[0] for entry in package.express_keys] == [11, 12, 13, 14]
    assert package.codes == payment_codes()
    bare = Package(_content())
    assert (bare.token.art, bare.token.express, bare.express_keys, bare.codes) == (None, None, [], None)


def test_a_token_is_stored_without_keys_and_codes():
    stored = Package(_content(**FULL)).token.record("suspended")
    assert not {16, 18, 21} & set(stored), "keys, the bank's time and codes are no facts about the token"
    assert stored[22] == EXPRESS_LIMITS
    again = Token(stored)
    assert (again.state, again.art, again.refill_at, again.cvn) == ("suspended", ART, 3, 0x12)


def test_limited_use_keys_have_an_index_and_others_none():
    assert Package(_content(cvn=0x43)).keys[0][2] == b"\x06\x43\x10\x01"
    for cvn, entries in (
        (0x43, key_entries(1, 3, 0x12)),
        (0x12, key_entries(1, 3, 0x43)),
        (0x43, [[1, bytes(16), bytes(3)]]),
        (0x43, [[1, bytes(16), bytes(5)]]),
        (0x43, [[1, bytes(16), 7]]),
    ):
        refused(InputError, Package, _with({16: entries}, cvn=cvn))


def test_the_index_stays_with_its_key():
    world = World().provision().set_passcode().add_card(cvn=0x43)
    keys = world.services.wallet.arm()[0].keys
    assert [(key.atc, key.index) for key in keys] == [(i, b"\x06\x43\x10" + bytes([i])) for i in (1, 2, 3)]


def test_malformed_new_fields_are_refused():
    limits = dict(EXPRESS_LIMITS)
    entries = key_entries(11, 2, 0x12)
    wrong = [{key: value} for key in (20, 24) for value in (None, -1, 256, "1", True)]
    wrong += [{20: 0}, {24: 16}]
    wrong += [{23: value} for value in (b"", bytes(31), bytes(33), "x" * 32, 0, {})]
    wrong += [{22: value} for value in ({}, [], 0, {1: limits}, {1: limits, 2: entries, 3: 0}, {1: {}, 2: entries})]
    wrong += [{22: {1: limits, 2: value}} for value in ([], key_entries(11, 5, 0x12), key_entries(10, 2, 0x12))]
    wrong += [{22: {1: limits, 2: value}} for value in (key_entries(1, 2, 0x12), [[12, bytes(16)], [11, bytes(16)]])]
    wrong += [{22: {1: {1: 1}, 2: entries}}, {22: {1: dict.fromkeys(range(1, 8), -1), 2: entries}}]
    for key, values in (
        (1, ("2", "288", "2x", 28)),
        (2, (bytes(31), bytes(33), "s" * 32)),
        (3, (0, 51, None, True)),
        (4, (-1, 1_795_400_000 + 86_400)),
        (5, (1_795_400_000, 1_795_400_000 + 86_401, "soon")),
        (6, (-1, b"")),
        (7, (-1, None)),
    ):
        wrong += [{21: _changed(payment_codes(), key, value)} for value in values]
    wrong += [{21: value} for value in ({}, [], 0, {1: "28"})]
    for change in wrong:
        refused(InputError, Package, _with(change, profile="closed-loop"))
    for missing in range(1, 25):
        content = _content(**FULL)
        del content[missing]
        refused(InputError, Package, content)
        content[99] = 0
        refused(InputError, Package, content)
    refused(InputError, Package, _with({25: 0}))
    print(f"NOTE payment: {len(wrong) + 49} malformed new fields of packages refused")


def _changed(fields, key, value):
    fields[key] = value
    return fields


def test_only_a_closed_loop_card_has_an_express_batch():
    for profile in ("visa", "mastercard", "contact-test"):
        refused(InputError, Package, _content(profile=profile, express_keys=2))


def test_test_cards_are_for_test_watches():
    world = ready()
    world.services.vault._allow_test_cards = False
    refused(InputError, lambda: world.add_card(b"contact!", profile="contact-test"))
    assert len(world.services.vault.slots) == 1
    world.services.vault._allow_test_cards = True
    world.add_card(b"contact!", profile="contact-test")
    assert world.restart().services.vault.find(b"contact!")[1].token.test_only()


def test_a_batch_starts_above_every_atc_of_both_batches():
    world = World().provision().set_passcode().add_card(**FULL)
    assert world.services.vault.find(TOKEN)[1].held() == 14
    refused(InputError, lambda: world.add_card(TOKEN, batch=2, first_atc=14))
    world.add_card(TOKEN, batch=2, first_atc=15)
    slot = world.restart().services.vault.find(TOKEN)[1]
    assert slot.held() == 24 and slot.express_atc.keys_left() == 0 and slot.token.express is None
