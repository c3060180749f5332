"""A token service for firmware tests: root, certificates, packages and notices, made with the watch's own crypto.

That the bank's independent implementation agrees with the watch is shown in tests/system; here only behaviour counts.
"""

from watch.crypto import cbor, cose, hpke
from watch.crypto.p256 import new_private, public_key

PAN = {
    "visa": "4761739001010010",
    "mastercard": "5413339000001513",
    "closed-loop": "6361739001010015",
    "contact-test": "5413339000001513",
}
CVNS = {"visa": 0x12, "mastercard": 0x14, "closed-loop": 0x12, "contact-test": 0x14}
LIMITED_USE = 0x43
LATER_S = 4_000_000_000
NOW_S = 1_795_400_000
LIMITS = {1: 100_000, 2: 30_000, 3: 20_000, 4: 5, 5: 50_000, 6: 300_000, 7: 900}
EXPRESS_LIMITS = {1: 2_000, 2: 0, 3: 1_500, 4: 3, 5: 4_000, 6: 100_000, 7: 0}


def key_entries(first_atc, count, cvn):
    """Entries of key 16 of a package: the key of an ATC is that ATC, sixteen times."""
    entries = [[atc, bytes([atc & 0xFF]) * 16] for atc in range(first_atc, first_atc + count)]
    if cvn == LIMITED_USE:
        entries = [[atc, key, b"\x06\x43\x10" + bytes([atc & 0xFF])] for atc, key in entries]
    return entries


def payment_codes(count=50, start=NOW_S, lasts_s=86_400):
    """A payment codes map."""
    return {1: "28", 2: bytes(range(32)), 3: count, 4: start, 5: start + lasts_s, 6: 5_000, 7: 20_000}


class Party:
    """A key pair."""

    def __init__(self, random):
        self.private = new_private(random)
        self.public = public_key(self.private)
        self.key_id = cose.key_id(self.public)

    def sign(self, kind, payload, nonce=None):
        return cose.sign1(self.private, kind, self.key_id, cbor.encode(payload), nonce)


class Issuer:
    """Manufacturer and bank in one."""

    def __init__(self, random, like=None):
        """New keys; or those of another issuer, from whose numbers this one goes on."""
        self._random = random
        self.root = Party(random) if like is None else like.root
        self.service = Party(random) if like is None else like.service
        self.serial = 0 if like is None else like.serial
        self.notice_number = 0 if like is None else like.notice_number

    def certificate(self, role, public, not_after=LATER_S, signer=None):
        self.serial += 1
        payload = {1: role, 2: public, 3: 0, 4: not_after, 5: self.serial, 6: "test", 7: {"secret": "software"}}
        return (signer or self.root).sign("tapwatch/certificate", payload)

    def content(
        self,
        token_id,
        batch=1,
        profile="visa",
        first_atc=1,
        keys=10,
        expires=LATER_S,
        now=NOW_S,
        cvn=None,
        express_keys=0,
        codes=None,
        art=None,
        refill_at=4,
    ):
        """The plaintext of a package. With `express_keys`, their ATCs follow those of `keys`."""
        cvn = cvn or CVNS[profile]
        express = {1: dict(EXPRESS_LIMITS), 2: key_entries(first_atc + keys, express_keys, cvn)}
        return {
            1: token_id,
            2: batch,
            3: profile,
            4: PAN[profile],
            5: "3012",
            6: 1,
            7: "5" + "T" * 28,
            8: "0010",
            9: "40010030273",
            10: "Test card",
            11: 156,
            12: 156,
            13: "201",
            14: 1,
            15: dict(LIMITS),
            16: key_entries(first_atc, keys, cvn),
            17: expires,
            18: now,
            19: 0x2F6BFF,
            20: cvn,
            21: codes,
            22: express if express_keys else None,
            23: art,
            24: refill_at,
        }

    def package(self, request, receipt_public, content, signer=None, info_device=None):
        """The envelope that answers a token-request envelope."""
        fields = cbor.decode(cose.parse(request).payload)
        signer = signer or self.service
        info = cbor.encode(["tapwatch token package", 1, info_device or fields[1], signer.key_id])
        protected = cose.parse(signer.sign("tapwatch/token-package", [b"", b""], fields[5])).protected
        enc, ciphertext = hpke.seal(receipt_public, info, protected, cbor.encode(content), self._random)
        return signer.sign("tapwatch/token-package", [enc, ciphertext], fields[5])

    def notice(self, device_id, token_id, atc, result="approved", amount=1234, number=None, currency=156, link=""):
        """A notice envelope with the next number."""
        self.notice_number = number or self.notice_number + 1
        payload = {
            1: device_id,
            2: self.notice_number,
            3: token_id,
            4: atc,
            5: result,
            6: amount,
            7: currency,
            8: "Tea House",
            9: 1_795_400_100,
            10: "00" if result == "approved" else "51",
            11: link,
        }
        return self.service.sign("tapwatch/notice", payload)

    def token_state(self, device_id, token_id, state):
        """A token-state envelope with the next number."""
        self.notice_number += 1
        payload = {1: device_id, 2: self.notice_number, 3: token_id, 4: state, 5: 1_795_400_200}
        return self.service.sign("tapwatch/token-state", payload)

    def device_state(self, device_id, state, text="", number=None):
        """A device-state envelope with the next number."""
        self.notice_number = number or self.notice_number + 1
        payload = {1: device_id, 2: self.notice_number, 3: state, 4: text, 5: 1_795_400_300}
        return self.service.sign("tapwatch/device-state", payload)
