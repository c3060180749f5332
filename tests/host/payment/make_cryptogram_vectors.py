"""Writes tests/vectors/payment/cryptograms.json with pyemv. test_cryptogram_vectors.py keeps the file true.

9F10 is put together here from docs/formats.md "Cryptograms", not by the watch's code.
"""

import json
import random
from pathlib import Path
from typing import Any

from pyemv import ac, cvn, kd

TARGET = Path(__file__).resolve().parents[2] / "vectors/payment/cryptograms.json"
ISSUER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
COUNT = 10
SEED = 20261122
LENGTHS = {"9F02": 6, "9F03": 6, "9F1A": 2, "95": 5, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4, "82": 2}

MCHIP_FACTS = {  # byte and bits of the six CVR bytes
    "not-verified": [(3, 0x20)],
    "pin-failed": [(0, 0x04), (3, 0x10)],
    "pin-blocked": [(3, 0x08)],
    "domestic": [(3, 0x02)],
    "international": [(3, 0x04)],
    "issuer-authenticated": [(1, 0x10)],
    "issuer-failed": [(4, 0x04)],
    "unable-online": [(3, 0x40)],
}


def published() -> dict[str, bytes]:
    """The terminal data of the worked examples that are also checked in tests/host/payment."""
    return {
        "9F02": bytes.fromhex("000000001234"),
        "9F03": bytes(6),
        "9F1A": bytes.fromhex("0528"),
        "95": bytes(5),
        "5F2A": bytes.fromhex("0978"),
        "9A": bytes.fromhex("261122"),
        "9C": b"\x00",
        "9F37": bytes.fromhex("A1B2C3D4"),
        "82": bytes.fromhex("2000"),
    }


class Maker:
    """One card at one ATC."""

    def __init__(self, values: dict[str, bytes], pan: str, psn: str, atc: int) -> None:
        self.values = values
        self.card = (ISSUER_KEY, ISSUER_KEY, ISSUER_KEY, pan, psn)
        self.atc = atc
        self.counter = atc.to_bytes(2, "big")
        self.named = {f"tag_{tag.lower()}": value for tag, value in values.items()} | {"tag_9f36": self.counter}
        self.option_a = kd.derive_icc_mk_a(ISSUER_KEY, pan, psn)
        self.option_b = kd.derive_icc_mk_b(ISSUER_KEY, pan, psn)

    def visa_18(self, dki: int, cdcvm: bool) -> dict[str, Any]:
        """CVN 18."""
        data = bytes((6, dki, 0x12, 3, 0xA4 if cdcvm else 0xA0, 0, 0))
        made = cvn.VisaCVN18(*self.card).generate_ac(**self.named, tag_9f10=data)
        return self._vector(0x12, dki, cdcvm, [], self._session(self.option_b), b"", data, made)

    def visa_22(self, dki: int, cdcvm: bool) -> dict[str, Any]:
        """CVN 22h."""
        data = bytes((0x1F, 0x22, dki)) + self._mobile(cdcvm) + bytes(24)
        made = cvn.VisaCVN22(*self.card).generate_ac(**self.named, tag_9f10=data)
        return self._vector(0x22, dki, cdcvm, [], self._session(self.option_b), b"", data, made)

    def visa_43(self, dki: int, cdcvm: bool, key: bytes, index: bytes) -> dict[str, Any]:
        """CVN 43h, which pyemv has no class for: its MAC over the message that we put together."""
        cvr = self._mobile(cdcvm)
        data = bytes((0x1F, 0x43, dki)) + cvr + bytes(5) + index + bytes(15)
        message = b"".join(self.values.values()) + self.counter + cvr[:4]
        made = ac.generate_ac(key, message, ac.PaddingType.EMV, 8)
        return self._vector(0x43, dki, cdcvm, [], key, index, data, made)

    def mchip(self, version: int, dki: int, cdcvm: bool, facts: list[str]) -> dict[str, Any]:
        """CVN 20 or 21."""
        cvr = bytearray((0xA5 if cdcvm else 0xA0, 0, 0, 0, 0, 0))
        for at, bits in (place for fact in facts for place in MCHIP_FACTS[fact]):
            cvr[at] |= bits
        counters = bytes(8)
        if version == 0x14:
            made = cvn.MasterCardCVN20(*self.card).generate_ac(**self.named, cvr=bytes(cvr))
        else:
            made = cvn.MasterCardCVN21(*self.card).generate_ac(**self.named, cvr=bytes(cvr), counters=counters)
        data = bytes((dki, version)) + cvr + bytes(2) + counters
        return self._vector(version, dki, cdcvm, facts, self._session(self.option_a), b"", data, made)

    @staticmethod
    def _mobile(cdcvm: bool) -> bytes:
        return bytes((0x51, 0xA4, 0, 0, 0) if cdcvm else (0, 0xA0, 0, 0, 0))

    def _session(self, card_key: bytes) -> bytes:
        return kd.derive_common_sk(card_key, self.counter + bytes(6))

    def _vector(
        self,
        version: int,
        dki: int,
        cdcvm: bool,
        facts: list[str],
        key: bytes,
        index: bytes,
        issuer_data: bytes,
        made: bytes,
    ) -> dict[str, Any]:
        """The form in the file; `terminal` is 9F02 .. 9F37 in a row."""
        terminal = b"".join(value for tag, value in self.values.items() if tag != "82")
        return {
            "cvn": version,
            "dki": dki,
            "cdcvm": cdcvm,
            "facts": facts,
            "terminal": terminal.hex(),
            "aip": self.values["82"].hex(),
            "atc": self.atc,
            "key": key.hex(),
            "index": index.hex(),
            "issuer_data": issuer_data.hex(),
            "cryptogram": made.hex(),
        }


def vectors() -> list[dict[str, Any]]:
    """A worked example, then random ones from a fixed seed: one of each version a round."""
    made = [Maker(published(), "4761739001010010", "01", 7).visa_18(1, False)]
    source = random.Random(SEED)
    for _ in range(COUNT):
        values = {tag: source.randbytes(size) for tag, size in LENGTHS.items()}
        pan = "".join(source.choices("0123456789", k=16))
        maker = Maker(values, pan, f"{source.randrange(100):02d}", source.randrange(1, 0x10000))
        dki, cdcvm = source.randrange(256), source.random() < 0.5
        made.append(maker.visa_18(dki, cdcvm))
        made.append(maker.visa_22(dki, cdcvm))
        made.append(maker.visa_43(dki, cdcvm, source.randbytes(16), source.randbytes(4)))
        for version in (0x14, 0x15):
            facts = sorted(source.sample(sorted(MCHIP_FACTS), source.randrange(4)))
            made.append(maker.mchip(version, dki, cdcvm, facts))
    return made


def answers() -> list[dict[str, str]]:
    """ARPC method 1, EMV Book 2 section 8.2.1, by pyemv: issuer authentication data for random cryptograms."""
    source = random.Random(SEED)
    made = []
    for _ in range(COUNT):
        key, cryptogram = source.randbytes(16), source.randbytes(8)
        code = source.choice((b"00", b"05", b"10", source.randbytes(2)))
        answer = ac.generate_arpc_1(key, cryptogram, code) + code
        made.append({"key": key.hex(), "cryptogram": cryptogram.hex(), "answer": answer.hex()})
    return made


def content() -> dict[str, list[Any]]:
    """What the file holds."""
    return {"cryptograms": vectors(), "answers": answers()}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(content(), indent=1) + "\n")
