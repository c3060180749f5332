"""Test cards for the terminal: an own simulation of both profiles, with keys of its own and cryptograms by pyemv.

It shares nothing with the watch firmware or the bank, so that the terminal is tested apart from both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.host.terminal.emv_keys import mastercard_cryptogram, visa_cryptogram

PPSE = b"2PAY.SYS.DDF01"
VISA_AID = bytes.fromhex("A0000000031010")
MASTERCARD_AID = bytes.fromhex("A0000000041010")
PDOL = bytes.fromhex("9F66049F02069F03069F1A0295055F2A029A039C019F3704")
CDOL1 = bytes.fromhex("9F02069F03069F1A0295055F2A029A039C019F37049F35019F45029F4C089F34039F21039F7C14")
VISA_PAN, MASTERCARD_PAN = "4761739001010010", "5413339000001513"
EXPIRY = "3012"


def tlv(tag: str, value: bytes | str) -> bytes:
    """BER-TLV, written apart from the terminal's own."""
    data = bytes.fromhex(value) if isinstance(value, str) else value
    size = len(data)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes.fromhex(tag) + length + data


def template(tag: str, items: dict[str, bytes]) -> bytes:
    """A template around items."""
    return tlv(tag, b"".join(tlv(name, value) for name, value in items.items()))


def split_dol(dol: bytes, data: bytes) -> dict[str, bytes]:
    """What a terminal filled in, by tag."""
    values, at, pos = {}, 0, 0
    while at < len(dol):
        size = 2 if dol[at] & 0x1F == 0x1F else 1
        tag, length = dol[at : at + size].hex().upper(), dol[at + size]
        values[tag] = data[pos : pos + length]
        at, pos = at + size + 1, pos + length
    assert pos == len(data), "the terminal filled another length than the list has"
    return values


def directory(*entries: tuple[bytes, str, int, str]) -> bytes:
    """A PPSE answer from AID, label, priority and kernel."""
    items = b"".join(
        template("61", {"4F": aid, "50": label.encode(), "87": bytes([priority]), "9F2A": bytes.fromhex(kernel)})
        for aid, label, priority, kernel in entries
    )
    return tlv("6F", tlv("84", PPSE) + tlv("A5", tlv("BF0C", items)))


@dataclass
class Card:
    """Common to both profiles. `change` edits the answer of a step: tag to new value, or None to leave it out."""

    change: dict[str, dict[str, bytes | None]] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    """Step to a whole raw answer, status word included."""
    atc: int = 6
    commands: list[bytes] = field(default_factory=list)
    seen: dict[str, bytes] = field(default_factory=dict)
    """The terminal's data of the last cryptogram."""

    def apdu(self, command: bytes) -> bytes:
        """Answer a command."""
        self.commands.append(command)
        step = self.step(command)
        if step in self.raw:
            return self.raw[step]
        if step == "":
            return bytes.fromhex("6D00")
        return self.answer(step, command) + b"\x90\x00"

    def step(self, command: bytes) -> str:
        """The name of a step: PPSE, SELECT, GPO, RECORD, AC."""
        if command[:4] == bytes.fromhex("00A40400"):
            return "PPSE" if command[5 : 5 + command[4]] == PPSE else "SELECT"
        return {0xA8: "GPO", 0xB2: "RECORD", 0xAE: "AC"}.get(command[1], "")

    def edited(self, step: str, items: dict[str, bytes]) -> dict[str, bytes]:
        """The items of a step after `change`."""
        merged = {**items, **self.change.get(step, {})}
        return {tag: value for tag, value in merged.items() if value is not None}

    def fci(self, aid: bytes, label: bytes, pdol: bytes) -> bytes:
        """The answer to SELECT."""
        inner = self.edited("SELECT", {"50": label, "87": b"\x01", **({"9F38": pdol} if pdol else {})})
        name = self.edited("NAME", {"84": aid})
        return tlv("6F", b"".join(tlv(tag, value) for tag, value in name.items()) + template("A5", inner))

    def answer(self, step: str, command: bytes) -> bytes:
        """The data of an answer."""
        raise NotImplementedError


class VisaCard(Card):
    """Everything in the answer to GET PROCESSING OPTIONS."""

    def answer(self, step: str, command: bytes) -> bytes:
        """Answer PPSE, SELECT and GPO."""
        if step == "PPSE":
            return directory((VISA_AID, "TEST BLUE", 1, "03"))
        if step == "SELECT":
            return self.fci(VISA_AID, b"TEST BLUE", PDOL)
        assert step == "GPO", step
        self.atc += 1
        values = self.seen = split_dol(PDOL, command[7:-1])
        aip, iad = bytes.fromhex("2000"), bytes.fromhex("06011203A40000")
        return template("77", self.edited("GPO", {
            "82": aip,
            "57": bytes.fromhex(VISA_PAN + "D" + EXPIRY + "20100000123456F"),
            "5F34": b"\x01",
            "9F10": iad,
            "9F26": visa_cryptogram(VISA_PAN, values, aip, self.atc, iad),
            "9F27": b"\x80",
            "9F36": self.atc.to_bytes(2, "big"),
            "9F6C": bytes.fromhex("0080"),
            "9F6E": bytes.fromhex("24840000"),
        }))  # fmt: skip


class MastercardCard(Card):
    """Records, then GENERATE AC."""

    def answer(self, step: str, command: bytes) -> bytes:
        """Answer all five steps."""
        if step == "PPSE":
            return directory((MASTERCARD_AID, "TEST AMBER", 1, "02"))
        if step == "SELECT":
            return self.fci(MASTERCARD_AID, b"TEST AMBER", b"")
        aip = bytes.fromhex("0280")
        if step == "GPO":
            return template("77", self.edited("GPO", {"82": aip, "94": bytes.fromhex("10010100")}))
        if step == "RECORD":
            return template("70", self.edited("RECORD", {
                "5A": bytes.fromhex(MASTERCARD_PAN),
                "5F24": bytes.fromhex(EXPIRY + "31"),
                "5F34": b"\x01",
                "57": bytes.fromhex(MASTERCARD_PAN + "D" + EXPIRY + "20100000123456F"),
                "8C": CDOL1,
            }))  # fmt: skip
        self.atc += 1
        values = self.seen = split_dol(CDOL1, command[5:-1])
        iad = bytes.fromhex("0114A4000000000000000000000000000000FF"[:36])
        return template("77", self.edited("AC", {
            "9F27": bytes([command[2]]),
            "9F36": self.atc.to_bytes(2, "big"),
            "9F26": mastercard_cryptogram(MASTERCARD_PAN, values, aip, self.atc, iad[2:8]),
            "9F10": iad,
        }))  # fmt: skip


class WalletCard(Card):
    """A directory with both applications."""

    def __init__(self, first: Card, second: Card, listed: bytes) -> None:
        super().__init__()
        self.first, self.second, self.listed = first, second, listed
        self.selected = first

    def apdu(self, command: bytes) -> bytes:
        """Answer the directory; pass the rest on."""
        self.commands.append(command)
        step = self.step(command)
        if step == "PPSE":
            return self.listed + b"\x90\x00"
        if step == "SELECT":
            self.selected = self.first if command[5 : 5 + command[4]] == VISA_AID else self.second
        return self.selected.apdu(command)
