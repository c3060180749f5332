"""Buffers are lent and used again: what leaves the watch is what was declared, and nothing of an earlier answer.

On the whole watch, through the block protocol: every command, every message, and readers that ask for what another
reader has been given. Bug class "stale or foreign buffer".
"""

import asyncio

from support.issuer import payment_codes
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, World

from tests.firmware.nfc.fake_port import FakePort
from tests.firmware.payment import merchant_kit
from tests.firmware.payment.card_kit import MASTERCARD_AID, VISA_AID, fill, flatten, generate_ac, gpo, select
from tests.firmware.payment.card_kit import terminal_values as values
from watch.access import guard as guard_room
from watch.crypto import cbor
from watch.exchange.frames import framed
from watch.nfc.isodep import IsoDep
from watch.payment import issuance as issuance_room
from watch.payment import wallet as wallet_room
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA
from watch.system.main import build

SHARE = "fuzz"
TIMEOUT_S = 240
guard_room.scrub = issuance_room.scrub = wallet_room.scrub = lambda: None  # most of the time, and nothing seen here
TAG = b"\xd2\x76\x00\x00\x85\x01\x01"
CONTAINER, FILE = b"\x00\xa4\x00\x0c\x02\xe1\x03", b"\x00\xa4\x00\x0c\x02\xe1\x04"
KNOWN = values(1_000, 156, 156, t9F66="36004000")
COMMANDS = {
    "visa": (select(VISA_AID), gpo(fill(VISA.pdol, KNOWN)), b"\x00\xb2\x01\x0c\x00", b"\x80\xca\x9f\x36\x00"),
    "mastercard": (
        select(MASTERCARD_AID),
        gpo(),
        b"\x00\xb2\x01\x0c\x00",
        generate_ac(0x80, fill(MASTERCARD.cdol1, KNOWN)),
        generate_ac(0x40, fill(MASTERCARD.cdol2, {})),
    ),
    "tag": (select(TAG), CONTAINER, b"\x00\xb0\x00\x00\x0f", FILE, b"\x00\xb0\x00\x00\x00", b"\x00\xb0\x01\xf0\x00"),
    "directory": (select(b"2PAY.SYS.DDF01"), select(b"1PAY.SYS.DDF01"), b"\x00\xb2\x01\x0c\x00"),
    "nonsense": (
        b"\x00",
        b"\x00\xa4\x04\x00\xff",
        b"\x90\x00\x00\x00",
        b"\x00\xd6\x00\x00\x02\x00\x00",
        b"\x00\x20\x00\x80\x08" + bytes(8),
    ),
}
"""A conversation about each thing a reader can select, and commands that nobody answers."""
RATS = b"\xe0\x80"
PAN = "4761739001010010"
POISONS = (0xA5, 0x5A)


class _Watch:
    """A whole watch behind a radio that keeps what it sends."""

    origin = None

    def __init__(self, token_id=TOKEN):
        if _Watch.origin is None:
            world = World().provision().set_passcode().add_card(codes=payment_codes())
            _Watch.origin = world.add_card(OTHER_TOKEN, profile="mastercard")
        self.world = World(like=_Watch.origin)
        self.watch = build(self.world.board)
        self.services = self.watch.services
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self.services.wallet.choose(token_id)
        self.port = FakePort()
        self.target = IsoDep(self.port, self.watch.card)
        self.block = 0

    def give(self, frame):
        """One frame; the frames sent for it."""
        self.target.frame[: len(frame)] = frame
        before = len(self.port.sent)
        self.target.handle(len(frame))
        return self.port.sent[before:]

    def begin(self):
        """A reader comes."""
        self.block = 0
        return self.give(RATS)

    def command(self, data):
        """One command in one frame; the whole answer."""
        answer = b""
        sent = self.give(bytes((0x02 | self.block,)) + data)
        self.block ^= 1
        while sent:
            assert len(sent) == 1, "more than one frame in answer to one"
            answer += sent[0][1:]
            if not sent[0][0] & 0x10:
                break
            sent = self.give(bytes((0xA2 | self.block,)))
            self.block ^= 1
        return answer

    def leave(self):
        """The reader has gone."""
        self.target.lost()
        self.watch.card.served()

    def poison(self, byte):
        """Fill every buffer that is lent for answers."""
        for buffer in (self.target._out, self.target._request):
            for place in range(len(buffer)):
                buffer[place] = byte


def _answers(name, poison):
    """What a reader gets for one conversation when the buffers hold something else before each command."""
    one = _Watch(OTHER_TOKEN if name == "mastercard" else TOKEN)
    one.services.wallet.arm()
    one.begin()
    told = []
    plain = one.watch.card.apdu

    def apdu(request, length, reply):
        size = plain(request, length, reply)
        told.append(bytes(reply[:size]))
        return size

    one.watch.card.apdu = apdu
    answers = []
    for data in COMMANDS[name]:
        one.poison(poison)
        answers.append(one.command(data))
    assert answers == told, "something else was sent than the card has answered"
    one.leave()
    return answers


def test_answers_hold_nothing_of_what_was_in_the_buffers():
    """The same answers whatever the buffers held: each declared byte was written, and no other byte was sent."""
    compared = 0
    for name in COMMANDS:
        first, second = [_answers(name, poison) for poison in POISONS]
        assert first == second, name
        compared += len(first)
        assert name == "nonsense" or max(len(answer) for answer in first) > 20
    print(f"NOTE buffers: {compared} commands over poisoned buffers, 0 bytes of them sent")


def test_the_poison_would_be_noticed():
    """An application that declares a byte more than it writes."""
    plain = _Watch.__init__

    def careless(one, token_id=TOKEN):
        plain(one, token_id)
        apdu = one.watch.card.apdu

        def more(request, length, reply):
            size = apdu(request, length, reply)
            return size + 1 if size < 100 else size

        one.watch.card.apdu = more

    _Watch.__init__ = careless
    try:
        first, second = [_answers("visa", poison) for poison in POISONS]
        assert first != second
    finally:
        _Watch.__init__ = plain


def _secrets_of(answers):
    """Pieces of what the first reader was told that nobody else is to hear."""
    tags = flatten(answers[1][:-2])
    return (bytes.fromhex(PAN), tags[0x9F26], tags[0x9F10][:7], tags[0x57][:8])


PROBES = (b"\xa2", b"\xa3", b"\xb2", b"\xb3", b"\xf2\x01", b"\xf2\x3b", b"\xd0\x01", b"\x12", b"\x13", b"\x02", b"\x03")
PROBES += (
    b"\x02\x00\xc0\x00\x00\x00",
    b"\x03\x00\xc0\x00\x00\x00",
    b"\x02\x80\xca\x9f\x36\x00",
    b"\x03\x00\xb2\x01\x0c\x00",
)
"""Blocks by which a reader asks for something again, more of something, or what it did not select."""


def test_another_reader_gets_nothing_of_what_the_first_one_got():
    """The field goes at each point of a payment; the next reader asks for repeats and rests in every way."""
    tried = 0
    for cut in range(1, len(COMMANDS["visa"]) + 1):
        for first in PROBES:
            one = _Watch()
            one.services.wallet.arm()
            one.begin()
            answers = [one.command(data) for data in COMMANDS["visa"][:cut]]
            secrets = _secrets_of(answers) if cut > 1 else ()
            one.leave()
            heard = one.begin()
            for probe in (first,) + PROBES:
                heard += one.give(probe)
                tried += 1
            everything = b"|".join(heard)
            for secret in secrets:
                assert secret not in everything, (cut, first)
    print(f"NOTE buffers: {tried} blocks of a second reader, 0 bytes of the first one's answers")


def test_the_rest_of_a_chained_answer_dies_with_its_reader():
    """A long answer is left half sent; no repeat and no acknowledgement brings the rest to anybody else."""
    one = _Watch()
    one.give(b"\xe0\x00")  # a reader of 16-byte frames: every answer is chained
    one.block = 0
    sent = one.give(b"\x02" + select(TAG)[:12])
    one.leave()
    one.give(b"\xe0\x00")
    for data in (b"\x02" + b"\x00\xa4\x04\x00\x07" + TAG, b"\x03" + FILE, b"\x02" + b"\x00\xb0\x00\x00\x40"):
        sent = one.give(data)
    assert sent[0][0] & 0x10, "the answer is not chained: the test shows nothing"
    one.leave()
    one.begin()
    heard = b"".join(b"".join(one.give(probe)) for probe in PROBES)
    assert b"Tapwatch" not in heard and b"atch" not in heard


def test_the_tag_forgets_its_message():
    """Memory of the tag is zero after each session, and whatever takes the message away."""
    one = _Watch()
    one.services.tag.set_own(b"\xd1\x01\x0cU\x04example.org")
    tag = one.watch.card._router._applications[-1]
    for end in ("lost", "deselect", "other", "withdrawn"):
        one.begin()
        assert one.command(COMMANDS["tag"][0]) == b"\x90\x00" and any(tag._content)
        if end == "lost":
            one.leave()
        elif end == "deselect":
            one.give(b"\xc2")
        elif end == "other":
            one.command(select(b"2PAY.SYS.DDF01"))
        else:
            one.services.tag.set_own(None)
        assert not any(tag._content), end
        one.leave()
    print("NOTE buffers: the tag's 514 bytes are zero after 4 kinds of end")


def test_answers_to_messages_hold_nothing_of_earlier_ones():
    """Every kind of message with a mark in it, refused or not: no later answer has the mark."""
    one = _Watch()
    mark = b"\xc5\x3a" * 20
    answers = 0
    usb = one.watch._usb
    text = merchant_kit.code()
    pairs = [mark[:8], mark[:8]]
    bodies = (
        (1, mark),
        (2, {1: mark, 2: mark}),
        (3, mark),
        (4, mark[:16]),
        (5, pairs),
        (6, mark),
        (7, mark),
        (8, mark),
    )
    bodies += ((9, [mark, mark]), (10, mark), (11, [mark[:32], 0, 40, mark]), (12, mark), (13, text), (14, mark[:32]))
    bodies += ((15, mark), (0, mark))
    plain = ((1, None), (7, None), (10, None))
    for kind, body in bodies:
        for message in ((kind, body),) + plain:
            frames = usb._frames
            frames.add(framed(cbor.encode([message[0], 9, message[1]])))
            answer = usb._exchange.answer(frames.next())
            allowed = message[0] == 4 and kind == 4  # an attestation signs its challenge
            assert allowed or mark[:8] not in answer, (kind, message[0])
            decoded = cbor.decode(answer, 5)
            assert decoded[0] == message[0] and decoded[1] == 9
            answers += 1
    print(f"NOTE buffers: {answers} answers after messages with a mark, 0 with the mark")


def test_half_a_message_is_never_part_of_another():
    """What came before a stream broke is dropped with it."""
    one = _Watch()
    frames = one.watch._usb._frames
    frames.add(b"\xff\xff" + b"\xc5\x3a" * 100)
    assert frames.next() is None and frames.broken
    frames.reset()
    frames.add(framed(cbor.encode([1, 9, None])))
    message = frames.next()
    assert message == cbor.encode([1, 9, None]) and frames.next() is None
