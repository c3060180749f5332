"""Messages of every kind with anything in them: one answer of known form each, and the next message works."""

import random

from support.issuer import NOW_S, payment_codes
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, World

from tests.firmware.payment import merchant_kit
from tests.firmware.system.update_desk import furnish
from tests.fuzz.campaign import MOST_MS, Campaign, count
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise, sizes
from watch.access import guard as guard_room
from watch.access import states
from watch.apps.shelf import file_tree
from watch.crypto import cbor, certificate, cose
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.exchange.frames import Frames, framed
from watch.kernel import errors
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.system.main import build

SHARE = "fuzz"
TIMEOUT_S = 240
SHORT = 70
"""Messages of each kind; most of the time goes into the signatures of those that are signed."""
REBUILT_EVERY = 40
FOLDER = "build/tests/messages"
KNOWN = {
    kind.code
    for kind in (getattr(errors, name) for name in dir(errors))
    if isinstance(kind, type) and issubclass(kind, errors.WatchError) and kind is not errors.WatchError
} | {messages.OK, messages.KEPT, messages.WRONG_VERSION}
"""`error` is not among them: no message may reach the base class."""
SETTLED = tuple(states.TABLE)
scrub = lambda: None  # noqa: E731 - most of the time of these runs, and nothing they look at
guard_room.scrub = issuance_room.scrub = wallet_room.scrub = scrub


class Bench:
    """A whole watch, worn, and good bodies for every kind. Begins anew from the same flash."""

    def __init__(self):
        for folder in ("build", "build/tests", FOLDER):
            file_tree.made(folder)
        self._first = World().provision().set_passcode().add_card(codes=payment_codes())
        self.begin()

    def begin(self):
        """Boot and unlock."""
        self.world = World(like=self._first)
        self.world.board.info.files = FOLDER
        furnish(self.world.board)
        self.watch = build(self.world.board)
        self.services = self.world.services = self.watch.services
        self.world.unlock(PASSCODE)
        self.exchange = self.watch._usb._exchange
        self.issuer = self.world.issuer
        self.device = self.services.identity.device_id
        self.issuer.notice_number = 0

    def good(self, kind):
        """A body that this kind takes, or would take on another watch."""
        issuer, identity = self.issuer, self.services.identity
        if kind == messages.NOTICE:
            return random.choice((self.notice, self.token_state, self.device_state))()
        bodies = {
            messages.HELLO: lambda: None,
            messages.PROVISION: lambda: {1: issuer.root.public, 2: issuer.certificate("device", identity.public)},
            messages.TRUST: lambda: issuer.certificate("token-service", issuer.service.public),
            messages.ATTEST: lambda: bytes(16),
            messages.TOKEN_REQUEST: lambda: [noise(8), issuer.service.key_id],
            messages.TOKEN_PACKAGE: lambda: self.world.package(OTHER_TOKEN),
            messages.RECEIPTS: lambda: None,
            messages.SET_CLOCK: lambda: [1_795_400_000, 480],
            messages.WALLET: lambda: None,
            messages.CARD_ART: lambda: [bytes(32), 0, 3, b"abc"],
            messages.OWN_RECORD: lambda: b"\xd1\x01\x05T\x02enhi",
            messages.MERCHANT_CODE: merchant_kit.code,
            messages.MERCHANT_PAYMENT: lambda: bytes(32),
            messages.APP_PART: lambda: [sha256(b"abc"), 0, 3, b"abc"],
            messages.APP_STATE: lambda: sha256(b"abc"),
            messages.APPS: lambda: 0,
            messages.APP_REMOVE: lambda: "tides",
            messages.LICENCE: self.licence,
            messages.REVOCATIONS: lambda: issuer.root.sign("tapwatch/revocations", {1: 1, 2: NOW_S, 3: [7], 4: []}),
            messages.APP_LOG: lambda: 0,
            messages.DEVELOPER: lambda: [issuer.service.public, "Ada"],
            messages.APP_OPEN: lambda: "tides",
            messages.APP_PAYMENTS: lambda: [bytes(32)],
            messages.UPDATE_STATE: lambda: None,
            messages.UPDATE_PART: lambda: [sha256(b"TWI1"), 0, 4, b"TWI1"],
            messages.UPDATE_GO: lambda: sha256(b"TWI1"),
            messages.DIAGNOSE: lambda: None,
        }
        return bodies[kind]()

    def licence(self):
        """By a store of the manufacturer, whose key is the bank's here."""
        fields = {1: self.device, 2: "tides", 3: "ada", 4: 1, 5: NOW_S, 6: None}
        certificate = self.issuer.certificate("store", self.issuer.service.public)
        return [self.issuer.service.sign("tapwatch/licence", fields), certificate]

    def notice(self):
        return self.issuer.notice(self.device, TOKEN, 1, link="https://example.org/r/1")

    def token_state(self):
        return self.issuer.token_state(self.device, TOKEN, random.choice(("active", "suspended", "deleted")))

    def device_state(self):
        return self.issuer.device_state(self.device, random.choice(("lost", "found")), "")

    def bad(self, kind):
        """A body with something wrong in it; half of the signed ones are wrong inside the signature."""
        body = self.good(kind)
        if kind == messages.MERCHANT_CODE and random.randrange(4):
            return merchant_kit.closed(mutated_text(body[:-8]))
        if kind in (messages.NOTICE, messages.TRUST) and random.getrandbits(1):
            envelope = cose.parse(body)
            signer = self.issuer.service if kind == messages.NOTICE else self.issuer.root
            return signer.sign(envelope.kind, mutated_value(cbor.decode(envelope.payload)))
        if isinstance(body, bytes) and random.getrandbits(1):
            return mutated(body)
        return mutated_value(body)

    def expect_sound(self):
        """Whatever came: a state of the table, no key in RAM without it, and the watch answers hello."""
        guard = self.services.guard
        assert guard.state in SETTLED
        if guard.state not in (states.ARMED, states.TAPPING):
            assert not self.services.wallet.armed
        status, body = self.ask(messages.HELLO, None)
        assert status == messages.OK and body[6] == guard.state

    def ask(self, kind, body):
        """(status, body) of the answer to a good message."""
        answer = cbor.decode(self.exchange.answer(cbor.encode([kind, 77, body])))
        assert answer[:2] == [kind, 77]
        return answer[2:]


def expect_answer(answer, kind=None, statuses=None):
    """One answer of the right form, not longer than a message may be."""
    assert len(answer) <= messages.MAX_BYTES
    fields = cbor.decode(answer, 5)
    assert isinstance(fields, list) and len(fields) == 4 and fields[2] in KNOWN, fields
    assert fields[0] == (fields[0] if kind is None else kind)
    if statuses is not None:
        statuses[fields[2]] = statuses.get(fields[2], 0) + 1
    return fields[2]


def test_every_kind_has_a_good_body():
    bench = Bench()
    for kind in messages.KINDS:
        bench.good(kind)
        bench.begin()


def test_bodies_of_every_kind():
    random.seed(20261122)
    bench = Bench()
    for kind in messages.KINDS:
        statuses = {}

        def take(body):
            expect_answer(bench.exchange.answer(cbor.encode([kind, 5, body])), kind, statuses)

        campaign = Campaign(f"message {kind}", take, (), MOST_MS)
        wanted = count(SHORT, 5)
        while campaign.tried < wanted:
            if campaign.tried % REBUILT_EVERY == 0:
                bench.begin()
            campaign.one(bench.bad(kind))
            if bench.services.guard.state in (states.LOST, states.WIPING):
                bench.begin()
        bench.expect_sound()
        campaign.note(f"statuses {sorted(statuses.items())}")


class NewWatch:
    """A watch without a manufacturer, and what the manufacturer would send."""

    def __init__(self):
        world = World()
        watch = build(world.board)
        self.issuer, self.identity = world.issuer, watch.services.identity
        self.answer = watch._usb._exchange.answer
        self.good = {1: self.issuer.root.public, 2: self.issuer.certificate("device", self.identity.public)}
        self.payload = cbor.decode(cose.parse(self.good[2]).payload)

    def bad(self):
        """Something wrong with the message, or with what the root itself has signed."""
        if random.getrandbits(1):
            return mutated_value(self.good)
        return {1: self.issuer.root.public, 2: self.issuer.root.sign(certificate.KIND, mutated_value(self.payload))}


def test_a_new_watch_takes_nothing_malformed():
    """Provisioning is the one message that only a new watch takes: what it takes is about itself."""
    random.seed(20261123)
    new, taken = NewWatch(), 0
    campaign = Campaign("provisioning", lambda body: expect_answer(new.answer(cbor.encode([2, 5, body])), 2), ())
    while campaign.tried < count(SHORT, 10):
        campaign.one(new.bad())
        if new.identity.provisioned():
            found = certificate.check(new.identity.certificate(), new.identity.root, "device", 0)
            assert found.public == new.identity.public
            new, taken = NewWatch(), taken + 1
    campaign.note(f"{taken} were good after all")


def test_raw_messages():
    random.seed(20261124)
    bench = Bench()
    good = [cbor.encode([kind, 5, bench.good(kind)]) for kind in messages.KINDS if kind != messages.NOTICE]
    small = [message for message in good if len(message) < 100]

    def take(data):
        expect_answer(bench.exchange.answer(data))

    def make():
        return mutated(random.choice(small)) if random.randrange(20) else mutated(random.choice(good))

    campaign = Campaign("raw messages", take, ())
    wanted = count(1_250)
    while campaign.tried < wanted:
        campaign.one(make())
        if campaign.tried % 500 == 0:
            bench.expect_sound()
    for size in sizes(messages.MAX_BYTES):
        for head in (b"", b"\x83\x06\x01", b"\x83\x06\x01\x59\xff\xff", b"\x83\x08\x01\x84"):
            campaign.one(head + bytes(max(0, size - len(head))))
    campaign.note()
    bench.expect_sound()


def test_framing():
    """Any bytes in any pieces on the stream: nothing is raised, and after a pause a good message gets through."""
    random.seed(20261125)
    frames = Frames()
    good = framed(b"hello" * 30)

    def take(pieces):
        for piece in pieces:
            while piece:
                if frames.broken:
                    frames.reset()
                room = frames.room()
                frames.add(piece[:room])
                piece = piece[room:]
                message = frames.next()
                while message is not None:
                    assert len(message) <= messages.MAX_BYTES
                    message = frames.next()
        frames.reset()
        frames.add(good)
        assert frames.next() == good[2:] and frames.next() is None

    def make():
        data = mutated(good * random.randrange(1, 4)) if random.randrange(8) else noise(random.randrange(1, 9000))
        cut = random.randrange(len(data) + 1)
        return (data[:cut], data[cut:])

    assert Campaign("USB framing", take, ()).run(make, 1_000) == 1
