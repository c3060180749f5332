"""Token packages: any plaintext, and any envelope that the right token service has signed."""

import random

from support.issuer import payment_codes
from support.world import TOKEN, ready

from tests.fuzz.campaign import Campaign, count
from tests.fuzz.mutate import mutated, mutated_value, noise, sizes
from watch.crypto import cbor, cose, hpke
from watch.kernel.errors import CryptoError, InputError, ReplayError, WatchError
from watch.payment import issuance as issuance_room
from watch.payment.armed import MOST_KEYS
from watch.payment.package import MAX_KEYS, Package
from watch.payment.token import LIMITS, PAR

SHARE = "fuzz"


def contents(issuer):
    """A good plaintext of each kind."""
    return (
        issuer.content(TOKEN, codes=payment_codes(), art=bytes(32)),
        issuer.content(TOKEN, profile="mastercard"),
        issuer.content(TOKEN, profile="closed-loop", express_keys=4),
        issuer.content(TOKEN, profile="contact-test", keys=1),
        issuer.content(TOKEN, cvn=0x43, keys=16),
    )


def expect_sound(package):
    """What a package that was accepted must be, whoever made it."""
    token = package.token
    assert len(token.token_id) == 8 and 13 <= len(token.pan) <= 19 and token.pan.isdigit() and len(token.par) == 29
    assert 1 <= len(package.keys) <= MAX_KEYS and len(package.express_keys) <= 4
    entries = package.keys + package.express_keys
    atcs = [entry[0] for entry in entries]
    assert atcs == sorted(set(atcs)) and atcs[0] > 0 and atcs[-1] <= 0xFFFF
    assert all(type(entry[1]) is bytes and len(entry[1]) == 16 for entry in entries)
    assert all(0 <= limit <= 1 << 40 for limit in token.limits.values()) and sorted(token.limits) == list(range(1, 8))
    token.last_second()


def test_plaintexts():
    random.seed(20261122)
    good = contents(ready().issuer)

    def take(plaintext):
        expect_sound(Package(cbor.decode(plaintext)))

    def make():
        content = mutated_value(random.choice(good))
        return cbor.encode(content) if random.randrange(4) else mutated(cbor.encode(content))

    share = Campaign("package plaintexts", take, InputError).run(make, 1_500)
    assert 0.02 < share < 0.9, "the fuzzer must reach both ends"


def test_each_field_at_its_edges():
    """Every number one below and one above what is allowed, every text and byte string one too short and too long."""
    good = contents(ready().issuer)[0]
    refused = tried = 0
    fields = [(key, good) for key in good] + [(key, good[LIMITS]) for key in good[LIMITS]]
    for key, where in fields:
        value = where[key]
        if isinstance(value, (dict, list)) or value is None:
            continue
        short, long = (-1, 1 << 41) if isinstance(value, int) else (value[:0], value * 20)
        for wrong in (short, long, None, True, [value]):
            where[key] = wrong
            try:
                Package(good)
            except InputError:
                refused += 1
            tried += 1
        where[key] = value
    Package(good)
    print(f"NOTE fuzz, package fields at their edges: {tried} tried, {tried - refused} accepted")
    assert tried - refused == 1, "only card art may be missing"


def test_a_par_is_what_terminals_may_be_sent():
    """29 bytes are not enough: 9F24 is alphanumeric."""
    good = contents(ready().issuer)[0]
    for par in ("5" + "T" * 26 + "\u00e9", "5" + "t" * 28, "5" + "T" * 27 + " ", "5" + "T" * 27):
        good[PAR] = par
        try:
            Package(good)
            raise AssertionError(par)
        except InputError:
            pass


class Bench:
    """One watch that is asked for a package again and again."""

    def __init__(self):
        self.world = ready()
        self.services = self.world.services
        self.request = self.services.issuance.request(TOKEN, self.world.issuer.service.key_id)
        self.envelope = cose.parse(self.world.issuer.package(self.request, self.services.receipt_key.public(), {1: 2}))

    def signed(self, parts):
        """The payload in an envelope with the nonce that the watch waits for."""
        return self.world.issuer.service.sign("tapwatch/token-package", parts, self.envelope.nonce)

    def sealed(self, plaintext):
        """[enc, ciphertext] around any bytes."""
        request = cbor.decode(cose.parse(self.request).payload)
        info = cbor.encode(["tapwatch token package", 1, request[1], self.world.issuer.service.key_id])
        protected = self.envelope.protected
        return list(hpke.seal(self.services.receipt_key.public(), info, protected, plaintext, self.services.random))


def test_envelopes_of_the_right_service():
    """Signed and sealed as it must be, around nonsense: refused, nothing changed, and the good one still gets in."""
    issuance_room.scrub = lambda: None
    random.seed(20261123)
    bench = Bench()
    good = bench.world.issuer.content(TOKEN, batch=2, first_atc=11)
    slots = bench.services.vault.slots
    before = (slots[0].token.batch, slots[0].held())
    campaign = Campaign("packages, signed", bench.services.issuance.receive, (InputError, CryptoError, ReplayError))
    for number in range(count(120, 10)):
        kind = number % 4
        if kind == 0:
            data = bench.signed(mutated_value(bench.sealed(cbor.encode(good))))
        elif kind == 1:
            data = bench.signed(bench.sealed(mutated(cbor.encode(good))))
        elif kind == 2:
            content = dict(good)
            content[random.choice((2, 16, 18, 21))] = random.choice((None, 1 << 50, [], b"", "x", {}, 3))
            data = bench.signed(bench.sealed(cbor.encode(content)))
        else:
            data = mutated(bench.signed(bench.sealed(cbor.encode(good))))
        if campaign.one(data) and slots[0].token.batch != before[0]:
            bench = Bench()  # nothing was wrong with it: begin anew
            slots = bench.services.vault.slots
            campaign._take = bench.services.issuance.receive
        assert (slots[0].token.batch, slots[0].held()) == before
    campaign.note()
    assert bench.services.issuance.receive(bench.signed(bench.sealed(cbor.encode(good)))) is not None
    assert len(bench.services.wallet.arm()[0].keys) == MOST_KEYS


def test_sizes():
    bench = Bench()
    campaign = Campaign("packages at sizes", bench.services.issuance.receive, WatchError)
    for size in sizes(2048):
        for head in (b"", b"\x84", bench.signed([b"", b""])[:60]):
            assert not campaign.one(head + noise(max(0, size - len(head))))
    for value in (None, True, 7, "text", [], {}):
        assert not campaign.one(value)
    campaign.note()
