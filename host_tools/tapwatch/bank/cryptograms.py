"""Keys and cryptograms of the issuer, by `pyemv`: nothing here shares code with the watch."""

from __future__ import annotations

import hmac
import warnings
from typing import TYPE_CHECKING

from cryptography.utils import CryptographyDeprecationWarning
from pyemv import cvn, kd

from tapwatch.bank.profiles import DKI, MASTERCARD, VISA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.bank.chip import ChipData
    from tapwatch.bank.keyring import Keyring
    from tapwatch.bank.profiles import Profile

_CVR_BYTES = 6
_MAC_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36")
"""Tags under every cryptogram of both profiles (docs/formats.md "Cryptograms")."""
_CARD_KEYS = {VISA.name: kd.derive_icc_mk_b, MASTERCARD.name: kd.derive_icc_mk_a}
"""How a card's master key comes from the issuer's: EMV Book 2 annex A1.4, option B or A."""
DERIVATION = {
    VISA.name: "CVN 18: card key option B, EMV common session key, algorithm 3 MAC, padding method 2",
    MASTERCARD.name: "CVN 20 (14h): card key option A, EMV common session key, algorithm 3 MAC, padding method 2",
}
"""The same in words, by profile."""


class Cryptograms:
    """Derives session keys and checks cryptograms for one bank."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        # TDES is what EMV uses; its deprecation is nothing an operator can act on.
        warnings.filterwarnings("ignore", category=CryptographyDeprecationWarning, module="pyemv")

    def session_key(self, profile: Profile, pan: str, psn: int, atc: int) -> bytes:
        """Return the EMV common session key of one ATC, 16 bytes (EMV Book 2 annex A1.3)."""
        card_key = _CARD_KEYS[profile.name](self._keyring.master(profile.name), pan, f"{psn:02d}")
        return kd.derive_common_sk(card_key, atc.to_bytes(2, "big") + bytes(6))

    def genuine(self, profile: Profile, pan: str, psn: int, chip: ChipData) -> bool:
        """True if the cryptogram in `chip` is the one the key of that token and ATC gives for these data."""
        iad = chip.tags["9F10"]
        if len(iad) != profile.iad_bytes or iad[profile.dki_at : profile.dki_at + 2] != bytes((DKI, profile.cvn)):
            return False
        expected = self._expected(profile, pan, psn, chip.tags)
        return hmac.compare_digest(expected, chip.tags["9F26"])

    def _expected(self, profile: Profile, pan: str, psn: int, tags: Mapping[str, bytes]) -> bytes:
        master = self._keyring.master(profile.name)
        inputs = {f"tag_{tag.lower()}": tags[tag] for tag in _MAC_TAGS}
        number = {"pan": pan, "psn": f"{psn:02d}"}
        if profile is VISA:
            card = cvn.VisaCVN18(master, master, master, **number)
            return card.generate_ac(**inputs, tag_9f10=tags["9F10"])
        card = cvn.MasterCardCVN20(master, master, master, **number)
        return card.generate_ac(**inputs, cvr=tags["9F10"][2 : 2 + _CVR_BYTES])
