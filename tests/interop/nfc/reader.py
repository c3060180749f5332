"""The smallest terminal that can walk through a transaction; used over nfcpy and over PC/SC."""

from collections.abc import Callable

from pyemv import tlv

Exchange = Callable[[bytes], bytes]

TERMINAL = {
    "9F66": "36404000",  # TTQ: EMV mode, online PIN, signature; CVM required; CDCVM
    "9F02": "000000001234",
    "9F03": "000000000000",
    "9F1A": "0276",
    "95": "0000000000",
    "5F2A": "0978",
    "9A": "261122",
    "9C": "00",
    "9F37": "A1B2C3D4",
    "9F35": "22",
    "9F34": "1F0302",
    "9F4E": "436F726E65722053686F70",
}


class CardError(Exception):
    """The card answered with another status word than 9000."""

    def __init__(self, command: bytes, status: bytes) -> None:
        super().__init__(f"{command.hex()} -> {status.hex()}")
        self.status = status.hex()


class Terminal:
    """One reader session; collects every tag it sees."""

    def __init__(self, exchange: Exchange, **changes: str) -> None:
        self._exchange = exchange
        self.tags = {tag: bytes.fromhex(value) for tag, value in {**TERMINAL, **changes}.items()}

    def send(self, command: bytes) -> bytes:
        """Data of the answer. Raises CardError."""
        answer = self._exchange(command)
        if answer[-2:] != b"\x90\x00":
            raise CardError(command, answer[-2:])
        return answer[:-2]

    def take(self, answer: bytes) -> dict:
        """Keep all primitive tags of an answer; returns them nested."""
        self.tags.update(tlv.decode(answer, flatten=True))
        return tlv.decode(answer)

    def select(self, name: bytes) -> dict:
        """SELECT by name."""
        return self.take(self.send(b"\x00\xa4\x04\x00" + bytes((len(name),)) + name + b"\x00"))

    def applications(self) -> list[bytes]:
        """AIDs in the directory, most wanted first."""
        data = self.send(b"\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\x00")
        entries = _entries(data)
        return [bytes.fromhex(entry["4F"].hex()) for entry in sorted(entries, key=lambda entry: entry["87"])]

    def contact_application(self) -> bytes:
        """The first AID in the directory of contact cards."""
        self.send(b"\x00\xa4\x04\x00\x0e1PAY.SYS.DDF01\x00")
        return tlv.decode(self.send(b"\x00\xb2\x01\x0c\x00"), flatten=True)["4F"]

    def verify(self, pin: str) -> bytes:
        """VERIFY a plaintext PIN; the status word."""
        block = bytes.fromhex(f"2{len(pin):X}{pin}".ljust(16, "F"))
        return self._exchange(b"\x00\x20\x00\x80\x08" + block)

    def fill(self, dol: bytes) -> bytes:
        """Data for a list; short values are padded on the right, missing ones are zeros."""
        out = b""
        while dol:
            size = 2 if dol[0] & 0x1F == 0x1F else 1
            tag, length, dol = dol[:size].hex().upper(), dol[size], dol[size + 1 :]
            value = self.tags.get(tag, b"")[:length]
            out += value + bytes(length - len(value))
        return out

    def options(self) -> dict:
        """GET PROCESSING OPTIONS with what the application asked for."""
        data = self.fill(self.tags.get("9F38", b""))
        return self.take(self.send(b"\x80\xa8\x00\x00" + bytes((len(data) + 2, 0x83, len(data))) + data + b"\x00"))

    def records(self) -> None:
        """READ RECORD for all that the AFL names."""
        locator = self.tags["94"]
        for at in range(0, len(locator), 4):
            sfi, first, last = locator[at], locator[at + 1], locator[at + 2]
            for number in range(first, last + 1):
                self.take(self.send(bytes((0x00, 0xB2, number, sfi | 4, 0x00))))

    def generate(self, kind: int = 0x80, dol: str = "8C") -> dict:
        """GENERATE AC; the second one of a transaction takes the list 8D."""
        data = self.fill(self.tags[dol])
        return self.take(self.send(bytes((0x80, 0xAE, kind, 0, len(data))) + data + b"\x00"))

    def pay(self, profile: str) -> dict[str, bytes]:
        """A whole transaction with the first application of a scheme; returns all tags."""
        prefix = {"visa": b"\xa0\x00\x00\x00\x03", "mastercard": b"\xa0\x00\x00\x00\x04"}[profile]
        self.select(next(aid for aid in self.applications() if aid.startswith(prefix)))
        self.options()
        self.records()
        if profile == "mastercard":
            self.generate()
        return self.tags


def _entries(answer: bytes) -> list[dict[str, bytes]]:
    """The directory entries (61) of a PPSE answer, which repeat and so do not survive a dict of tags."""
    proprietary = _value(_value(answer, 0x6F), 0xA5)
    rest = _value(proprietary, 0xBF0C)
    entries = []
    while rest:
        entry = _value(rest, 0x61)
        entries.append(tlv.decode(entry, flatten=True))
        rest = rest[rest.index(entry) + len(entry) :]
    return entries


def _value(data: bytes, tag: int) -> bytes:
    """The value of the object that `data` starts with or, for A5 and BF0C, holds."""
    name = tag.to_bytes(2 if tag > 0xFF else 1, "big")
    at = data.index(name) + len(name)
    if data[at] == 0x81:
        at += 1
    return data[at + 1 : at + 1 + data[at]]
