"""The commands of the shell that speak to the card: one function each, and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.terminal.emv import apdu, checks, dol, tlv
from tapwatch.terminal.outcome import CardProblem
from tapwatch.terminal.shell import hexadecimal
from tapwatch.terminal.show.decode import command_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.terminal.shell.session import CardSession

_SHORT_NAMES = {"ppse": b"2PAY.SYS.DDF01", "pse": b"1PAY.SYS.DDF01", "ndef": bytes.fromhex("D2760000850101")}
_LEAST_AID_DIGITS = 10
_HEADER_BYTES = 4
_TAG_BYTES = 2
"""A tag goes into P1 and P2."""
_MOST_RECORDS = 16
"""Records of a directory that are read."""
_KINDS = {"aac": apdu.AAC, "tc": apdu.TC, "arqc": apdu.ARQC}
_CRYPTOGRAM = (("9F27", 1), ("9F36", 2), ("9F26", 8), ("9F10", None))
"""What a format 1 answer to GENERATE AC packs (EMV Book 3 section 6.5.5.4)."""
_PIN_DIGITS = range(4, 13)  # ISO 9564-1


@dataclass(frozen=True)
class RawCommand(apdu.Command):
    """A command exactly as it was typed."""

    raw: bytes = b""

    def encode(self) -> bytes:
        """The bytes."""
        return self.raw


@dataclass(frozen=True)
class Verb:
    """One word of the shell."""

    run: Callable[[CardSession, list[str]], None]
    least: int
    """Arguments it needs."""
    most: int
    usage: str
    help: str


def select(session: CardSession, words: list[str]) -> None:
    """SELECT by AID in hex, by a name in text, or by one of the short names."""
    text = words[0]
    if text.lower() in _SHORT_NAMES:
        name = _SHORT_NAMES[text.lower()]
    elif hexadecimal.is_hex(text) and len(text) >= _LEAST_AID_DIGITS:
        name = bytes.fromhex(text)
    else:
        name = text.encode("ascii", "replace")
    printable = name.isascii() and name.decode("ascii", "replace").isprintable()
    session.select(name, name.decode("ascii") if printable else name.hex().upper())


def options(session: CardSession, words: list[str]) -> None:
    """GET PROCESSING OPTIONS: the card's list filled, or the data as given; `empty` sends none."""
    if words:
        data = b"" if words == ["empty"] else hexadecimal.read(words)
        filled = [("83", data)] if data else []
    else:
        filled = _fill(session, "9F38", needed=False)
    session.learn(session.send(apdu.get_processing_options(filled)), (("82", 2), ("94", None)))


def records(session: CardSession, words: list[str]) -> None:
    """Every record that the file locator names; of a directory, every record of its file."""
    if "94" in session.card:
        try:
            places = checks.locator(session.card["94"])
        except CardProblem as problem:
            raise UserError(str(problem), "read single records with `record`", EXIT_FAILED) from None
        for file, number in places:
            session.learn(session.send(apdu.read_record(file, number)))
    elif session.card.get("88"):
        file = session.card["88"][0] & 0x1F
        for number in range(1, _MOST_RECORDS + 1):
            if not session.send(apdu.read_record(file, number)).ok:
                break
    else:
        raise UserError("the card has named no records", "`gpo` first, or `select pse`", EXIT_USAGE)


def record(session: CardSession, words: list[str]) -> None:
    """READ RECORD."""
    file, number = _number(words[0], 31), _number(words[1], 255)
    session.learn(session.send(apdu.read_record(file, number)))


def get_data(session: CardSession, words: list[str]) -> None:
    """GET DATA."""
    tag = hexadecimal.tag(words[0])
    place = bytes.fromhex(tag).rjust(2, b"\x00")
    if len(place) > _TAG_BYTES:
        raise UserError(f"GET DATA has no room for {tag}", "write a tag of at most two bytes", EXIT_USAGE)
    session.learn(session.send(apdu.Command(f"GET DATA {tag}", b"\x80\xca" + place)))


def verify(session: CardSession, words: list[str]) -> None:
    """VERIFY a plaintext PIN (EMV Book 3 section 6.5.12)."""
    pin = words[0]
    if not (pin.isascii() and pin.isdigit() and len(pin) in _PIN_DIGITS):
        raise UserError("that is no PIN", "write 4 to 12 digits", EXIT_USAGE)
    block = bytes.fromhex(f"2{len(pin):X}{pin}".ljust(16, "F"))
    raw = bytes.fromhex("0020008008") + block
    session.send(RawCommand("VERIFY", raw[:4], block, raw=raw))


def first_cryptogram(session: CardSession, words: list[str]) -> None:
    """GENERATE AC with the list CDOL1."""
    _generate(session, _kind(words, "arqc"), "8C")


def second_cryptogram(session: CardSession, words: list[str]) -> None:
    """GENERATE AC with the list CDOL2."""
    _generate(session, _kind(words, "tc"), "8D")


def reset(session: CardSession, words: list[str]) -> None:
    """Field or power off and on."""
    session.connect()


def raw(session: CardSession, words: list[str]) -> None:
    """Any command in hex."""
    data = hexadecimal.read(words)
    if len(data) < _HEADER_BYTES:
        raise UserError("that is too short for a command", "write CLA INS P1 P2 and what follows", EXIT_USAGE)
    name = data[_HEADER_BYTES + 1 :][: data[_HEADER_BYTES]] if len(data) > _HEADER_BYTES else b""
    answer = session.send(RawCommand(command_name(data), data[:4], raw=data))
    if data[:4] == bytes.fromhex("00A40400") and answer.ok:
        session.selected, session.card = name.hex().upper(), {}
    session.learn(answer)


def _generate(session: CardSession, kind: int, tag: str) -> None:
    session.learn(session.send(apdu.generate_ac(kind, _fill(session, tag, needed=True))), _CRYPTOGRAM)


def _fill(session: CardSession, tag: str, needed: bool) -> list[tuple[str, bytes]]:
    """One of the card's lists with the terminal's values. Raises UserError."""
    if needed and tag not in session.card:
        raise UserError(f"the card has not sent its list {tag}", "read its records first: `records`", EXIT_USAGE)
    try:
        return dol.fill(dol.parse(session.card.get(tag, b"")), session.terminal.all())
    except tlv.TlvProblem as problem:
        raise UserError(
            f"the card's list {tag} is malformed: {problem}", "send the command in hex", EXIT_FAILED
        ) from None


def _kind(words: list[str], usual: str) -> int:
    word = words[0].lower() if words else usual
    if word not in _KINDS:
        raise UserError(f"{word!r} is no kind of cryptogram", f"write {', '.join(_KINDS)}", EXIT_USAGE)
    return _KINDS[word]


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise UserError(f"{text!r} is no number from 1 to {most}", "", EXIT_USAGE)
    return int(text)


VERBS = {
    "select": Verb(select, 1, 1, "select NAME", "SELECT an AID in hex, a name in text, or ppse, pse, ndef"),
    "gpo": Verb(options, 0, 99, "gpo [HEX|empty]", "GET PROCESSING OPTIONS with the card's list filled, or with HEX"),
    "records": Verb(records, 0, 0, "records", "READ RECORD for all that the card has named"),
    "record": Verb(record, 2, 2, "record FILE N", "READ RECORD N of one file"),
    "get-data": Verb(get_data, 1, 1, "get-data TAG", "GET DATA, such as 9F36"),
    "verify": Verb(verify, 1, 1, "verify PIN", "VERIFY a plaintext PIN"),
    "ac1": Verb(first_cryptogram, 0, 1, "ac1 [arqc|tc|aac]", "GENERATE AC, the first one (default arqc)"),
    "ac2": Verb(second_cryptogram, 0, 1, "ac2 [tc|aac]", "GENERATE AC, the second one (default tc); 91 by `set`"),
    "reset": Verb(reset, 0, 0, "reset", "field or power off and on"),
}
"""What speaks to the card. Anything in hex is a command as well."""
