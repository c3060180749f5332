"""Commands and answers (ISO/IEC 7816-4), with the names and status words EMV gives them."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DATA = 255
"""Data bytes in a short command."""


@dataclass(frozen=True)
class Command:
    """A command to the card."""

    name: str
    header: bytes
    """CLA INS P1 P2."""
    data: bytes = b""
    filled: tuple[tuple[str, bytes], ...] = ()
    """For printing: the data objects inside `data`, when a list asked for them."""

    def encode(self) -> bytes:
        """The bytes: always with Le 00, as contactless EMV commands have it. Raises ValueError if data is too long."""
        if len(self.data) > MAX_DATA:
            raise ValueError(f"{len(self.data)} bytes do not fit a short command")
        body = bytes([len(self.data)]) + self.data if self.data else b""
        return self.header + body + b"\x00"


@dataclass(frozen=True)
class Answer:
    """An answer of the card."""

    data: bytes
    status: int
    """SW1 SW2."""

    @property
    def ok(self) -> bool:
        """True for 9000."""
        return self.status == OK


OK = 0x9000
NOT_FOUND = 0x6A82
CONDITIONS_NOT_SATISFIED = 0x6985
SEE_PHONE = 0x6986
TRIES_LEFT = 0x63C0
"""And the number of tries in the last digit (ISO/IEC 7816-4 table 6)."""
OTHER_INTERFACE = 0x6984

STATUS_WORDS = {
    OK: "done",
    0x6283: "selected file is blocked",
    0x6300: "verification failed",
    0x6700: "wrong length",
    0x6881: "logical channel not supported",
    0x6882: "secure messaging not supported",
    0x6982: "security status not satisfied",
    0x6983: "authentication method blocked",
    OTHER_INTERFACE: "use the other interface",
    CONDITIONS_NOT_SATISFIED: "conditions of use not satisfied",
    SEE_PHONE: "not allowed: see the device",
    0x6A80: "wrong data",
    0x6A81: "function not supported, or card blocked",
    NOT_FOUND: "not found",
    0x6A83: "record not found",
    0x6A86: "wrong P1 or P2",
    0x6A88: "data not found",
    0x6B00: "wrong offset",
    0x6D00: "instruction not supported",
    0x6E00: "class not supported",
    0x6F00: "no precise diagnosis",
}


def meaning(status: int) -> str:
    """What a status word says."""
    if status >> 8 == 0x61:
        return f"{status & 0xFF} more bytes wait"
    if status >> 8 == 0x6C:
        return f"wrong Le, right is {status & 0xFF}"
    if status & 0xFFF0 == TRIES_LEFT:
        return f"verification failed, {status & 0x0F} tries left"
    return STATUS_WORDS.get(status, "unknown status")


def split_answer(data: bytes) -> Answer:
    """Take an answer apart. Raises ValueError if it has no status word."""
    if len(data) < 2:
        raise ValueError(f"an answer of {len(data)} bytes has no status word")
    return Answer(data[:-2], int.from_bytes(data[-2:], "big"))


def select(name: bytes, what: str) -> Command:
    """SELECT by name."""
    return Command(f"SELECT {what}", bytes.fromhex("00A40400"), name)


def get_processing_options(filled: list[tuple[str, bytes]]) -> Command:
    """GET PROCESSING OPTIONS with the filled PDOL. Raises ValueError if it is too long for a short command."""
    data = b"".join(value for _, value in filled)
    length = bytes([len(data)]) if len(data) < 0x80 else bytes([0x81, len(data)])
    return Command("GET PROCESSING OPTIONS", bytes.fromhex("80A80000"), b"\x83" + length + data, tuple(filled))


def read_record(file: int, record: int) -> Command:
    """READ RECORD `record` of short file `file`."""
    return Command(f"READ RECORD {record} of file {file}", bytes([0x00, 0xB2, record, file << 3 | 4]))


def generate_ac(kind: int, filled: list[tuple[str, bytes]]) -> Command:
    """GENERATE AC: `kind` is 00 AAC, 40 TC or 80 ARQC (EMV Book 3 section 6.5.5)."""
    data = b"".join(value for _, value in filled)
    return Command(f"GENERATE AC ({AC_NAMES[kind]})", bytes([0x80, 0xAE, kind, 0x00]), data, tuple(filled))


AAC, TC, ARQC = 0x00, 0x40, 0x80
AC_NAMES = {AAC: "AAC", TC: "TC", ARQC: "ARQC"}
