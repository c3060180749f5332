"""Every command in every step of every profile, well formed and not: the status word that the books give."""

from support import scrubbing

from tests.firmware.payment.card_kit import Wire, armed, fill, generate_ac, gpo, select, terminal_values, verify
from watch.access.states import NFC_CARD, NFC_SEE_DEVICE
from watch.nfc.router import Router
from watch.payment.card import EmvCard
from watch.payment.profiles import ALL
from watch.payment.profiles.profile import GENERATE, PPSE

scrubbing.leave_out()

NAMES = tuple([profile.name for profile in ALL])
NONE, SELECTED, OPENED, REFUSED, SIGNED, OVER = "none", "selected", "opened", "refused", "signed", "over"


class Card:
    """One armed card of a profile, brought to a step."""

    def __init__(self, profile, step):
        self.profile = profile
        self.armed = armed(profile.name)
        self.card = EmvCard(lambda: 0)
        self.card.set_state(NFC_CARD)
        self.card.load(self.armed)
        self.wire = Wire(Router(self.card.applications))
        self.values = terminal_values()
        for command in self.way(step):
            self.wire.send(command)

    def options(self, **values):
        """GET PROCESSING OPTIONS."""
        return gpo(fill(self.profile.pdol, terminal_values(**values)))

    def generate(self, kind=0x80, **values):
        """The first GENERATE AC."""
        return generate_ac(kind, fill(self.profile.cdol1, terminal_values(**values)))

    def second(self, kind=0x40):
        """The second GENERATE AC."""
        return generate_ac(kind, fill(self.profile.cdol2, terminal_values()))

    def record(self):
        """READ RECORD of the first record."""
        sfi, number, _ = self.profile.records[0]
        return bytes((0, 0xB2, number, sfi << 3 | 4, 0))

    def way(self, step):
        """The commands that lead to a step."""
        if step == NONE:
            return []
        entry = select(self.profile.names[0].aid)
        if step == SELECTED:
            return [entry]
        if self.profile.flow != GENERATE:
            refused = self.options(amount=60_000)
            return {OPENED: [entry, self.options()], REFUSED: [entry, refused]}[step]
        return {
            OPENED: [entry, self.options()],
            REFUSED: [entry, self.options(), self.generate(amount=60_000)],
            SIGNED: [entry, self.options(), self.generate()],
            OVER: [entry, self.options(), self.generate(), self.second(0)],
        }[step]


def steps(profile):
    """The steps a profile has."""
    return (NONE, SELECTED, OPENED, REFUSED) + ((SIGNED, OVER) if profile.flow == GENERATE else ())


def expected(profile, step, kind):
    """The status word for a well-formed command of a kind, in a step."""
    if step == NONE:
        return 0x6D00
    generate = profile.flow == GENERATE
    opened = step != SELECTED and (generate or step == OPENED)
    if kind == "options":
        return 0x9000 if step == SELECTED else 0x6985
    if kind == "record":
        return 0x9000 if opened else 0x6985
    if kind == "data":
        return 0x9000
    if kind == "verify":
        return (0x9000 if step == OPENED else 0x6985) if profile.pin else 0x6D00
    if not generate:
        return 0x6D00
    if kind == "generate":
        return {OPENED: 0x9000, SIGNED: 0x6A86}.get(step, 0x6985)
    return {SIGNED: 0x9000, OPENED: 0x6700}.get(step, 0x6985)  # second


def test_every_command_in_every_step():
    tried = 0
    for profile in ALL:
        for step in steps(profile):
            for kind in ("options", "record", "data", "verify", "generate", "second"):
                card = Card(profile, step)
                command = {
                    "options": card.options(),
                    "record": card.record(),
                    "data": b"\x80\xca\x9f\x36\x00",
                    "verify": verify(),
                    "generate": card.generate() if profile.cdol1 else b"\x80\xae\x80\x00\x01\x00\x00",
                    "second": card.second() if profile.cdol2 else b"\x80\xae\x40\x00\x01\x00\x00",
                }[kind]
                data, status = card.wire.send(command)
                assert status == expected(profile, step, kind), (profile.name, step, kind, hex(status))
                assert status == 0x9000 or not data
                tried += 1
    print("NOTE commands by profile and step checked:", tried)


# header, what follows it, profiles in which it is known, step in which it would be right, status word
MALFORMED = (
    ("80a80100", "028300", NAMES, SELECTED, 0x6A86),
    ("80a80001", "028300", NAMES, SELECTED, 0x6A86),
    ("80a80000", "", NAMES, SELECTED, 0x6700),
    ("80a80000", "00", NAMES, SELECTED, 0x6700),
    ("80a80000", "018300", NAMES, SELECTED, 0x6700),
    ("80a80000", "03830000", NAMES, SELECTED, 0x6700),
    ("80a80000", "04830100", NAMES, SELECTED, 0x6700),  # Lc without its data: not a short command
    ("80a80000", "028400", NAMES, SELECTED, 0x6A80),
    ("80a80000", "03830100", NAMES, SELECTED, 0x6985),  # not what the list asks for
    ("00a80000", "028300", NAMES, SELECTED, 0x6D00),
    ("84a80000", "028300", NAMES, SELECTED, 0x6E00),
    ("00b2000c", "00", NAMES, OPENED, 0x6A86),
    ("00b2010d", "00", NAMES, OPENED, 0x6A86),
    ("00b20108", "00", NAMES, OPENED, 0x6A86),
    ("00b20104", "00", NAMES, OPENED, 0x6A86),  # SFI 0
    ("00b201fc", "00", NAMES, OPENED, 0x6A86),  # SFI 31
    ("00b2010c", "010000", NAMES, OPENED, 0x6700),  # with data
    ("00b2020c", "00", NAMES, OPENED, 0x6A83),
    ("00b2ff0c", "00", NAMES, OPENED, 0x6A83),
    ("00b201f4", "00", NAMES, OPENED, 0x6A82),
    ("80b2010c", "00", NAMES, OPENED, 0x6D00),
    ("0cb2010c", "00", NAMES, OPENED, 0x6E00),
    ("80ca9f36", "010000", NAMES, OPENED, 0x6700),
    ("80ca9f4f", "00", NAMES, OPENED, 0x6A88),
    ("80ca0000", "00", NAMES, OPENED, 0x6A88),
    ("80caffff", "00", NAMES, OPENED, 0x6A88),
    ("00ca9f36", "00", NAMES, OPENED, 0x6D00),
    ("00a40000", "023f0000", NAMES, OPENED, 0x6A86),
    ("00a4020c", "02e10400", NAMES, OPENED, 0x6A86),
    ("80ae8001", "010000", ("mastercard", "contact-test"), OPENED, 0x6A86),
    ("80aec000", "010000", ("mastercard", "contact-test"), OPENED, 0x6A86),
    ("80ae8100", "010000", ("mastercard", "contact-test"), OPENED, 0x6A86),
    ("80aea000", "010000", ("mastercard", "contact-test"), OPENED, 0x6A86),
    ("80ae8000", "", ("mastercard", "contact-test"), OPENED, 0x6700),
    ("80ae8000", "00", ("mastercard", "contact-test"), OPENED, 0x6700),
    ("80ae8000", "010000", ("mastercard", "contact-test"), OPENED, 0x6700),
    ("00ae8000", "010000", ("mastercard", "contact-test"), OPENED, 0x6D00),
    ("80ae8000", "010000", ("visa", "closed-loop"), OPENED, 0x6D00),
    ("80ae4000", "010000", ("mastercard", "contact-test"), SIGNED, 0x6700),
    ("80ae8000", "010000", ("mastercard", "contact-test"), SIGNED, 0x6A86),
    ("00200080", "081234ffffffffffff", ("contact-test",), OPENED, 0x6A80),  # no format 2
    ("00200080", "08231234ffffffffff", ("contact-test",), OPENED, 0x6A80),  # three digits
    ("00200080", "082d1234ffffffffff", ("contact-test",), OPENED, 0x6A80),  # thirteen
    ("00200088", "08241234ffffffffff", ("contact-test",), OPENED, 0x6A86),  # enciphered
    ("00200000", "08241234ffffffffff", ("contact-test",), OPENED, 0x6A86),
    ("00200180", "08241234ffffffffff", ("contact-test",), OPENED, 0x6A86),
    ("00200080", "", ("contact-test",), OPENED, 0x6700),
    ("00200080", "00", ("contact-test",), OPENED, 0x6700),
    ("00200080", "07241234ffffffff", ("contact-test",), OPENED, 0x6700),
    ("00200080", "09241234ffffffffffff", ("contact-test",), OPENED, 0x6700),
    ("80200080", "08241234ffffffffff", ("contact-test",), OPENED, 0x6D00),
    ("00200080", "08241234ffffffffff", ("visa", "mastercard", "closed-loop"), OPENED, 0x6D00),
    ("00820000", "0800000000000000", NAMES, OPENED, 0x6700),
    ("00820000", "080000000000000000", NAMES, OPENED, 0x6D00),  # EXTERNAL AUTHENTICATE
    ("00880000", "040000000000", NAMES, OPENED, 0x6D00),  # INTERNAL AUTHENTICATE
    ("00840000", "00", NAMES, OPENED, 0x6D00),  # GET CHALLENGE
    ("802a8e80", "040000000000", NAMES, OPENED, 0x6D00),  # COMPUTE CRYPTOGRAPHIC CHECKSUM
    ("80ea0000", "040000000000", NAMES, OPENED, 0x6D00),  # EXCHANGE RELAY RESISTANCE DATA
    ("80d00000", "00", NAMES, OPENED, 0x6D00),  # RECOVER AC
    ("801e0000", "00", NAMES, OPENED, 0x6D00),  # APPLICATION BLOCK in the wrong class
    ("841e0000", "00", NAMES, OPENED, 0x6E00),  # APPLICATION BLOCK: no secure messaging
)


def test_malformed_commands_change_nothing():
    tried = 0
    for header, rest, names, step, status in MALFORMED:
        command = bytes.fromhex(header + rest)
        for profile in ALL:
            if profile.name not in names:
                continue
            card = Card(profile, step)
            used = [key.used for key in card.armed.keys]
            answer = card.wire.send(command)
            assert answer == (b"", status), (profile.name, step, command, hex(answer[1]))
            assert [key.used for key in card.armed.keys] == used
            following = {SELECTED: card.options(), OPENED: card.record(), SIGNED: card.second()}[step]
            assert card.wire.send(following)[1] == 0x9000, (profile.name, command, "changed something")
            tried += 1
    print("NOTE malformed commands checked:", tried)


def around(size, most):
    """Lengths from 0 to `most`: all those next to `size`, some others."""
    return sorted(set(range(0, most, 9)) | set(range(max(0, size - 3), size + 4)) | {0, 1, most})


def test_lengths_of_the_lists():
    tried = 0
    for profile in ALL:
        for size in around(len(fill(profile.pdol, terminal_values())), 127):
            card = Card(profile, SELECTED)
            data = fill(profile.pdol, card.values)
            good = size == len(data) or (not size and profile.pdol_optional)
            data = (data + bytes(128))[:size]
            assert card.wire.send(gpo(data))[1] == (0x9000 if good else 0x6985), (profile.name, size)
            tried += 1
        if profile.flow != GENERATE:
            continue
        for size in around(len(fill(profile.cdol1, terminal_values())), 254)[1:]:
            card = Card(profile, OPENED)
            data = fill(profile.cdol1, card.values)
            good = size == len(data)
            answer = card.wire.send(generate_ac(0x80, (data + bytes(255))[:size]))[1]
            assert answer == (0x9000 if good else 0x6700), (profile.name, size)
            tried += 1
    print("NOTE lengths of lists tried:", tried)


def test_without_a_card_ready():
    """The offered profiles say "see the device"; contact ones are not there at all."""
    for profile in ALL:
        card = EmvCard(lambda: 0)
        card.set_state(NFC_SEE_DEVICE)
        card.offer([profile.name])
        wire = Wire(Router(card.applications))
        if profile.directory != PPSE:
            assert wire.send(select(profile.names[0].aid)) == (b"", 0x6A82)
            continue
        assert wire.send(select(profile.names[0].aid))[1] == 0x9000
        for command, status in (
            (gpo(fill(profile.pdol, terminal_values())), 0x6986),
            (gpo(fill(profile.pdol, terminal_values())), 0x6986),
            (b"\x00\xb2\x01\x0c\x00", 0x6985),
            (b"\x80\xca\x9f\x36\x00", 0x9000),
            (b"\x80\xae\x80\x00\x01\x00\x00", 0x6985 if profile.flow == GENERATE else 0x6D00),
            (verify(), 0x6D00),
        ):
            answer = wire.send(command)
            assert answer[1] == status, (profile.name, command, hex(answer[1]))


def test_directories_take_nothing_else():
    for name, loaded in ((b"2PAY.SYS.DDF01", "visa"), (b"1PAY.SYS.DDF01", "contact-test")):
        card = EmvCard(lambda: 0)
        card.set_state(NFC_CARD)
        card.load(armed(loaded))
        wire = Wire(Router(card.applications))
        assert wire.send(select(name))[1] == 0x9000
        others = (b"\x80\xca\x9f\x36\x00", b"\x80\xb2\x01\x0c\x00", b"\x00\xa4\x00\x00\x02\x3f\x00")
        for command in (gpo(), verify()) + others:
            assert wire.send(command) == (b"", 0x6D00), (name, command)
        record = b"\x00\xb2\x01\x0c\x00"
        assert wire.send(record)[1] == (0x6D00 if name[0] == ord("2") else 0x9000)
