"""Keys and cryptograms of the issuer, by `pyemv`: nothing here shares code with the watch."""

from __future__ import annotations

import hmac
import warnings
from typing import TYPE_CHECKING

from cryptography.utils import CryptographyDeprecationWarning
from pyemv import cvn, kd

from tapwatch.bank import limited_use
from tapwatch.bank.versions import CVN_18, CVN_20, CVN_21, CVN_22, CVN_43

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tapwatch.bank.chip import ChipData
    from tapwatch.bank.keyring import Keyring
    from tapwatch.bank.products import Product

    Tags = Mapping[str, bytes]

_MAC_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36")
"""Tags under every cryptogram, before the part of 9F10 (docs/formats.md "Cryptograms")."""
_MCHIP_CVR, _MCHIP_COUNTERS = slice(2, 8), slice(10, 18)
_LIMITED_USE_CVR = slice(3, 7)
_NO_MASTER = bytes(16)
"""For the issuer script keys that `pyemv` also wants and this bank does not have."""


class Cryptograms:
    """Derives session keys and checks cryptograms for one bank."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        # TDES is what EMV uses; its deprecation is nothing an operator can act on.
        warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning, module="pyemv")

    def key(self, product: Product, pan: str, psn: int, atc: int, key_index: int | None = None) -> bytes:
        """Return the single-use key of one ATC, 16 bytes; that of `key_index` for a version with indexes."""
        if product.version is CVN_43 and key_index is not None:
            return limited_use.key(self._card_key(product, pan, psn), limited_use.digits(key_index))
        return kd.derive_common_sk(self._card_key(product, pan, psn), atc.to_bytes(2, "big") + bytes(6))

    def genuine(self, product: Product, pan: str, psn: int, chip: ChipData) -> bool:
        """True if the cryptogram in `chip` is the one the key of that token and ATC gives for these data.

        For a version with key indexes: the key of the index that 9F10 names. Whether that index was issued for this
        ATC is for the caller to ask.
        """
        if not product.version.fits(chip.tags["9F10"]):
            return False
        by_index = product.version is CVN_43
        expected = (self._limited_use if by_index else self._by_atc)(product, pan, psn, chip)
        return expected is not None and hmac.compare_digest(expected, chip.tags["9F26"])

    def issuer_authentication(self, product: Product, pan: str, psn: int, chip: ChipData, code: str) -> bytes:
        """Return tag 91 for an M/Chip card: ARPC method 1 over the cryptogram and the response code, then the code."""
        response = code.encode()
        master = self._keyring.master(product.profile.name)
        card = cvn.MasterCardCVN20(master, _NO_MASTER, _NO_MASTER, pan, f"{psn:02d}")
        return card.generate_arpc(chip.tags["9F26"], chip.tags["9F36"], response) + response

    def _card_key(self, product: Product, pan: str, psn: int) -> bytes:
        """The card's master key, EMV Book 2 annex A1.4."""
        derive = kd.derive_icc_mk_b if product.version in (CVN_18, CVN_22) else kd.derive_icc_mk_a
        return derive(self._keyring.master(product.profile.name), pan, f"{psn:02d}")

    def _by_atc(self, product: Product, pan: str, psn: int, chip: ChipData) -> bytes:
        master = self._keyring.master(product.profile.name)
        inputs = {f"tag_{tag.lower()}": chip.tags[tag] for tag in _MAC_TAGS}
        return _GENERATORS[product.version.number](master, pan, f"{psn:02d}", inputs, chip.tags["9F10"])

    def _limited_use(self, product: Product, pan: str, psn: int, chip: ChipData) -> bytes | None:
        """None if 9F10 names no key."""
        index = chip.key_index(product.version)
        if index is None:
            return None
        message = b"".join(chip.tags[tag] for tag in _MAC_TAGS) + chip.tags["9F10"][_LIMITED_USE_CVR]
        return limited_use.cryptogram(self.key(product, pan, psn, chip.atc, index), message)


def _visa_18(master: bytes, pan: str, psn: str, inputs: Tags, iad: bytes) -> bytes:
    return cvn.VisaCVN18(master, _NO_MASTER, _NO_MASTER, pan, psn).generate_ac(**inputs, tag_9f10=iad)


def _visa_22(master: bytes, pan: str, psn: str, inputs: Tags, iad: bytes) -> bytes:
    return cvn.VisaCVN22(master, _NO_MASTER, _NO_MASTER, pan, psn).generate_ac(**inputs, tag_9f10=iad)


def _mchip_20(master: bytes, pan: str, psn: str, inputs: Tags, iad: bytes) -> bytes:
    card = cvn.MasterCardCVN20(master, _NO_MASTER, _NO_MASTER, pan, psn)
    return card.generate_ac(**inputs, cvr=iad[_MCHIP_CVR])


def _mchip_21(master: bytes, pan: str, psn: str, inputs: Tags, iad: bytes) -> bytes:
    card = cvn.MasterCardCVN21(master, _NO_MASTER, _NO_MASTER, pan, psn)
    return card.generate_ac(**inputs, cvr=iad[_MCHIP_CVR], counters=iad[_MCHIP_COUNTERS])


_GENERATORS: Mapping[int, Callable[[bytes, str, str, Tags, bytes], bytes]] = {
    CVN_18.number: _visa_18,
    CVN_22.number: _visa_22,
    CVN_20.number: _mchip_20,
    CVN_21.number: _mchip_21,
}
