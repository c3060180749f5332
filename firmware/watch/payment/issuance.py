"""How a token gets onto the watch: request, package, receipt (docs/formats.md).

One request may be outstanding per token, and it is consumed in the same record that installs its package. A package
that arrives while the watch is locked is checked and kept as ciphertext until the next unlock.
"""

from micropython import const

from watch.crypto import cbor, cose, hpke
from watch.crypto.hashes import sha256
from watch.crypto.scrub import scrub, zero
from watch.kernel.errors import CryptoError, FullError, InputError, ReplayError, SignatureError
from watch.payment.package import Package
from watch.payment.token import TOKEN_ID_BYTES
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.guard import Guard
    from watch.access.identity import Identity
    from watch.access.receipt_key import ReceiptKey
    from watch.access.records import DeviceRecords
    from watch.crypto.cose import Envelope
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock
    from watch.payment.codes import CodeBook
    from watch.payment.vault import Vault
    from watch.storage.journal import Journal

REQUEST_KIND = "tapwatch/token-request"
PACKAGE_KIND = "tapwatch/token-package"
RECEIPT_KIND = "tapwatch/receipt"
MAX_PACKAGE_BYTES = const(2048)
_NONCE_BYTES = const(16)
_KEY_ID_BYTES = const(8)
_INFO = "tapwatch token package"


class _Request:
    """An outstanding request."""

    def __init__(self, fields: "Any") -> None:
        self.token_id: bytes = fields[0]
        self.batch: int = fields[1]
        self.nonce: bytes = fields[2]
        self.issuer: bytes = fields[3]
        self.envelope: bytes = fields[4]
        self.made_s: int = fields[5]
        """Security time at which it was made."""


class Issuance:
    """Makes requests, takes packages, gives receipts."""

    def __init__(
        self,
        journal: "Journal",
        sealed: "DeviceRecords",
        identity: "Identity",
        receipt_key: "ReceiptKey",
        guard: "Guard",
        vault: "Vault",
        random: "Random",
        clock: "Clock",
        codes: "CodeBook",
    ) -> None:
        self._journal = journal
        self._sealed = sealed
        self._identity = identity
        self._receipt_key = receipt_key
        self._guard = guard
        self._vault = vault
        self._random = random
        self._clock = clock
        self._codes = codes

    def request(self, token_id: bytes, issuer: bytes) -> bytes:
        """A signed request for the next batch of a token, to the token service with that key id.

        The same outstanding request gives the same bytes. Raises FullError when there is no room for another card,
        SignatureError when the card belongs to another token service.
        """
        _expect_bytes(token_id, TOKEN_ID_BYTES, "a token id")
        _expect_bytes(issuer, _KEY_ID_BYTES, "a key id")
        self._identity.issuer(issuer)
        slot = self._slot(token_id)
        held = self._vault.slots.get(slot)
        if held and held.token.issuer != issuer:
            raise SignatureError("the card belongs to another token service")
        waiting = self._outstanding(slot)
        if waiting is not None and waiting.token_id == token_id and waiting.issuer == issuer:
            return waiting.envelope
        batch = held.token.batch + 1 if held else 1
        highest = held.held() if held else 0
        nonce, now_s = self._random.bytes(_NONCE_BYTES), self._clock.security_s()
        payload = {1: self._identity.device_id, 2: token_id, 3: batch, 4: highest, 5: nonce, 6: issuer}
        envelope = self._identity.sign(REQUEST_KIND, payload)
        self._sealed.write(records.REQUEST + slot, [token_id, batch, nonce, issuer, envelope, now_s])
        return envelope

    def receive(self, data: bytes) -> "Optional[bytes]":
        """Take a package. Returns the receipt, or None if it is kept for the next unlock.

        Raises InputError, ReplayError, SignatureError, TagError; nothing has changed then.
        """
        if not isinstance(data, bytes) or len(data) > MAX_PACKAGE_BYTES:
            raise InputError("a token package is bytes, 2,048 at most")
        envelope = cose.parse(data)
        slot, request = self._request_for(envelope)
        envelope.verify(self._identity.issuer(request.issuer))
        if not self._vault.may_install():
            self._sealed.write(records.KEPT_PACKAGE + slot, data)
            return None
        return self._install(slot, request, envelope, data)

    def open_kept(self) -> int:
        """Open what arrived while locked; returns how many were installed. A package that fails is dropped.

        Does nothing while `Vault.may_install` says no.
        """
        if not self._vault.may_install():
            return 0
        opened = 0
        for slot in range(records.SLOTS):
            data = self._sealed.read(records.KEPT_PACKAGE + slot)
            if data is None:
                continue
            try:
                self._install_kept(slot, data)
                opened += 1
            except (InputError, CryptoError, ReplayError):
                # Safe to lose: the request stays outstanding, and the bank gives the same package for it again.
                self._journal.commit({records.KEPT_PACKAGE + slot: None})
        return opened

    def receipts(self) -> "list[bytes]":
        """The receipt of the latest batch of every token."""
        found = [self._sealed.read(records.RECEIPT + slot) for slot in range(records.SLOTS)]
        return [receipt for receipt in found if receipt is not None]

    def _install_kept(self, slot: int, data: bytes) -> None:
        envelope = cose.parse(data)
        found, request = self._request_for(envelope)
        if found != slot:
            raise ReplayError("the package answers another request")
        self._install(slot, request, envelope, data)

    def _install(self, slot: int, request: _Request, envelope: "Envelope", data: bytes) -> bytes:
        with self._guard.vault_key() as vault_key:
            package = self._open(request, envelope, vault_key)
            receipt = self._identity.sign(
                RECEIPT_KIND,
                {1: self._identity.device_id, 2: request.token_id, 3: request.batch, 4: request.nonce, 5: sha256(data)},
            )
            # The bank made the package after it was asked: what its time is behind that, the watch's clock is ahead.
            ahead_s = max(0, request.made_s - package.bank_time_s)
            changes = self._codes.install_changes(slot, package.codes, vault_key, ahead_s)
            changes[records.REQUEST + slot] = None
            changes[records.KEPT_PACKAGE + slot] = None
            changes[records.RECEIPT + slot] = self._sealed.sealed(records.RECEIPT + slot, receipt)
            self._vault.install(slot, package, request.issuer, vault_key, changes)
        self._clock.raise_floor(package.bank_time_s)
        scrub()  # the package and its keys passed through plain bytes
        return receipt

    def _open(self, request: _Request, envelope: "Envelope", vault_key: bytearray) -> Package:
        parts = cbor.decode(envelope.payload)
        if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, bytes) for part in parts):
            raise InputError("the package's payload is not [enc, ciphertext]")
        info = cbor.encode([_INFO, 1, self._identity.device_id, request.issuer])
        with self._receipt_key.open(vault_key) as private:
            plaintext = hpke.open(parts[0], private, info, envelope.protected, parts[1], self._receipt_key.public())
        try:
            package = Package(cbor.decode(plaintext))
        finally:
            zero(plaintext)
        self._identity.expect_time(request.issuer, package.bank_time_s)
        if package.token.token_id != request.token_id or package.token.batch != request.batch:
            raise InputError("the package is for another token or batch")
        return package

    def _request_for(self, envelope: "Envelope") -> "tuple[int, _Request]":
        if envelope.kind != PACKAGE_KIND or envelope.nonce is None:
            raise InputError("this is no token package")
        for slot in range(records.SLOTS):
            request = self._outstanding(slot)
            if request is not None and request.nonce == envelope.nonce:
                return slot, request
        raise ReplayError("no request is waiting for this package")

    def _outstanding(self, slot: int) -> "Optional[_Request]":
        fields = self._sealed.read(records.REQUEST + slot)
        return None if fields is None else _Request(fields)

    def _slot(self, token_id: bytes) -> int:
        """The slot that holds, or will hold, this token.

        With no slot empty, one that only waits for an answer is taken: anyone may ask, which must not fill the watch.
        """
        empty = unanswered = -1
        for slot in range(records.SLOTS):
            held = self._vault.slots.get(slot)
            waiting = self._outstanding(slot)
            if (held and held.token.token_id == token_id) or (waiting and waiting.token_id == token_id):
                return slot
            if held is None and waiting is None and empty < 0:
                empty = slot
            elif held is None and self._journal.get(records.KEPT_PACKAGE + slot) is None:
                unanswered = slot
        if empty < 0 and unanswered < 0:
            raise FullError(f"the watch holds {records.SLOTS} cards at most")
        return empty if empty >= 0 else unanswered


def _expect_bytes(value: "Any", length: int, what: str) -> None:
    if not isinstance(value, bytes) or len(value) != length:
        raise InputError(f"{what} has {length} bytes")
