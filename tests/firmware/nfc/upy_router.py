"""Selection by name and what is answered before and between."""

from tests.firmware.payment.card_kit import Wire, select
from watch.kernel.errors import StorageError
from watch.nfc.router import Router


class App:
    """Answers its own name."""

    def __init__(self, aid):
        self.aid = aid
        self.here = True
        self.log = []

    def select(self, reply):
        """Its name as data."""
        self.log.append("select")
        if not self.here:
            return -0x6A82
        reply[: len(self.aid)] = self.aid
        return len(self.aid)

    def deselect(self):
        """Left."""
        self.log.append("deselect")

    def apdu(self, request, length, reply):
        """INS 01: one byte. 02: refused. 03: an error of the watch. 04: a bug."""
        ins = request[1]
        if ins == 3:
            raise StorageError("flash")
        if ins == 4:
            raise ValueError("bug")
        if ins == 2:
            return -0x6985
        reply[0] = self.aid[-1]
        return 1


FIRST = b"\xa0\x00\x00\x00\x03\x10\x10"
SECOND = b"\xa0\x00\x00\x00\x03\x20\x10"
OTHER = b"\xd2\x76\x00\x00\x85\x01\x01"


def make():
    """Three applications behind a router."""
    apps = [App(FIRST), App(SECOND), App(OTHER)]
    return apps, Wire(Router(apps))


def test_exact_partial_and_unknown_names():
    _, wire = make()
    assert wire.send(select(SECOND)) == (SECOND, 0x9000)
    assert wire.send(select(FIRST[:5])) == (FIRST, 0x9000)
    assert wire.send(select(OTHER[:6])) == (OTHER, 0x9000)
    for unknown in (FIRST + b"\x00", FIRST[:4], b"\xa0\x00\x00\x00\x99", bytes(17)):
        assert wire.send(select(unknown)) == (b"", 0x6A82), unknown


def test_next_occurrence():
    _, wire = make()
    again = b"\x00\xa4\x04\x02\x05" + FIRST[:5]
    assert wire.send(select(FIRST[:5])) == (FIRST, 0x9000)
    assert wire.send(again) == (SECOND, 0x9000)
    assert wire.send(again) == (b"", 0x6A82)
    assert wire.send(b"\x00\x01\x00\x00") == (SECOND[-1:], 0x9000), "a failed selection leaves the old one"


def test_absent_application_is_passed_over():
    apps, wire = make()
    apps[0].here = False
    assert wire.send(select(FIRST)) == (b"", 0x6A82)
    assert wire.send(select(FIRST[:5])) == (SECOND, 0x9000)


def test_an_application_is_left_when_another_is_selected_or_the_reader_goes():
    apps, wire = make()
    wire.card.select()
    wire.send(select(FIRST))
    wire.send(select(OTHER))
    assert apps[0].log == ["select", "deselect"]
    wire.card.deselect()
    wire.card.deselect()
    assert apps[2].log == ["select", "deselect"]
    assert wire.send(b"\x00\x01\x00\x00") == (b"", 0x6D00)


def test_selecting_again_starts_over():
    apps, wire = make()
    wire.send(select(FIRST))
    wire.send(select(FIRST))
    assert apps[0].log == ["select", "deselect", "select"]


def test_no_answer_data_when_not_wanted():
    _, wire = make()
    assert wire.send(b"\x00\xa4\x04\x0c\x07" + FIRST) == (b"", 0x9000)
    assert wire.send(b"\x00\xa4\x04\x01\x07" + FIRST) == (b"", 0x6A86)


def test_malformed_and_extended_commands():
    _, wire = make()
    wire.send(select(FIRST))
    for bad in (
        b"\x00",
        b"\x00\x01\x00",
        b"\x00\x01\x00\x00\x00\x00\x01\xaa",  # extended
        b"\x00\x01\x00\x00\x02\xaa",
        b"\x00\x01\x00\x00\x01\xaa\xbb\xcc",
        b"\x00\xa4\x04\x00\x07" + FIRST[:6],
        bytes(262),
    ):
        assert wire.send(bad) == (b"", 0x6700), bad
    for cla in (0x01, 0x04, 0x0C, 0x10, 0x40, 0x83, 0xFF):
        assert wire.send(bytes((cla, 1, 0, 0))) == (b"", 0x6E00), cla


def test_status_words_and_errors():
    _, wire = make()
    wire.send(select(FIRST))
    assert wire.send(b"\x00\x02\x00\x00") == (b"", 0x6985)
    assert wire.send(b"\x00\x03\x00\x00") == (b"", 0x6F00)
    try:
        wire.send(b"\x00\x04\x00\x00")
    except ValueError:
        return
    raise AssertionError("a bug must not be hidden")
