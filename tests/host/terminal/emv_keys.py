"""Card keys and cryptograms by pyemv, for the test cards and for checking what the terminal reports."""

from __future__ import annotations

from pyemv.cvn import MasterCardCVN20, VisaCVN18

ISSUER_MASTER_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PSN = "01"
_ORDER = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37")


def visa_cryptogram(pan: str, values: dict[str, bytes], aip: bytes, atc: int, iad: bytes) -> bytes:
    """CVN 18 with pyemv's own class."""
    cvn = VisaCVN18(ISSUER_MASTER_KEY, ISSUER_MASTER_KEY, ISSUER_MASTER_KEY, pan, PSN)
    data = [values[tag] for tag in _ORDER]
    return cvn.generate_ac(*data, aip, atc.to_bytes(2, "big"), iad)


def mastercard_cryptogram(pan: str, values: dict[str, bytes], aip: bytes, atc: int, cvr: bytes) -> bytes:
    """CVN 20 (14h) with pyemv's own class."""
    cvn = MasterCardCVN20(ISSUER_MASTER_KEY, ISSUER_MASTER_KEY, ISSUER_MASTER_KEY, pan, PSN)
    data = [values[tag] for tag in _ORDER]
    return cvn.generate_ac(*data, aip, atc.to_bytes(2, "big"), cvr)
