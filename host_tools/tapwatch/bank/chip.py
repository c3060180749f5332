"""Field 55 as the bank reads it: the EMV data that the cryptogram covers, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.acquiring import icc
from tapwatch.acquiring.problems import MessageProblem
from tapwatch.bank import limited_use
from tapwatch.bank.versions import AC_TYPE_ARQC, AC_TYPE_MASK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.bank.versions import CryptogramVersion

_LENGTHS = {
    "9F02": 6, "9F03": 6, "9F1A": 2, "95": 5, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4, "82": 2, "9F36": 2,
    "9F26": 8, "9F27": 1,
}  # fmt: skip
"""Tags every request must have, with their lengths (EMV Book 3 annex A)."""
_MAX_IAD_BYTES = 32
_CID_ARQC = 0x80


@dataclass(frozen=True)
class ChipData:
    """Checked tags of one tap."""

    tags: Mapping[str, bytes]

    @classmethod
    def parse(cls, field55: str) -> ChipData:
        """Read the hex text of field 55. Raises MessageProblem."""
        tags = icc.decode(bytes.fromhex(field55))
        for tag, length in _LENGTHS.items():
            if len(tags.get(tag, b"")) != length:
                raise MessageProblem(f"tag {tag} is missing or not {length} bytes long", "55")
        if not 2 <= len(tags.get("9F10", b"")) <= _MAX_IAD_BYTES:
            raise MessageProblem("tag 9F10 is missing or has a wrong length", "55")
        for tag in ("9F02", "9F03", "5F2A", "9F1A", "9A", "9C"):
            if not tags[tag].hex().isdigit():
                raise MessageProblem(f"tag {tag} is not a number", "55")
        return cls(tags)

    @property
    def atc(self) -> int:
        """Application transaction counter."""
        return int.from_bytes(self.tags["9F36"], "big")

    @property
    def amount(self) -> int:
        """Amount authorised, minor units."""
        return int(self.tags["9F02"].hex())

    @property
    def currency(self) -> int:
        """Transaction currency, ISO numeric."""
        return int(self.tags["5F2A"].hex())

    @property
    def purchase(self) -> bool:
        """True for goods and services without cash (tag 9C, ISO 8583 processing code 00)."""
        return self.tags["9C"] == b"\x00" and not int(self.tags["9F03"].hex())

    @property
    def pan(self) -> str:
        """Account number in 5A or 57, "" if there is neither. Raises MessageProblem if they differ."""
        from_5a = self.tags.get("5A", b"").hex().upper().rstrip("F")
        from_57 = self.tags.get("57", b"").hex().upper().split("D")[0]
        if from_5a and from_57 and from_5a != from_57:
            raise MessageProblem("tags 5A and 57 name two accounts", "55")
        return from_5a or from_57

    def request_cryptogram(self, version: CryptogramVersion) -> bool:
        """True if card and terminal agree that this is a request for online authorisation (ARQC)."""
        in_cvr = self.tags["9F10"][version.type_at] & AC_TYPE_MASK
        return self.tags["9F27"][0] & 0xC0 == _CID_ARQC and in_cvr == AC_TYPE_ARQC

    def cdcvm(self, version: CryptogramVersion) -> bool:
        """True if the watch says, under its cryptogram, that it verified its wearer."""
        return version.verified(self.tags["9F10"])

    def key_index(self, version: CryptogramVersion) -> int | None:
        """The index of the key, for a version that has them; None if there is none."""
        if not version.index_at:
            return None
        return limited_use.unpacked(self.tags["9F10"][version.index_at :][: limited_use.INDEX_BYTES])
