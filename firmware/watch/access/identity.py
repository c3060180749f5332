"""Who this watch is: the identity key that signs, its certificate, and the root it trusts."""

from micropython import const

from watch.crypto import cbor, certificate, cose
from watch.crypto.certificate import Certificate
from watch.crypto.p256 import new_private, public_key
from watch.crypto.scrub import zero
from watch.kernel.errors import CorruptError, InputError, ReplayError, SignatureError, SignerError, StateError
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.kernel.clock import Clock

MAX_ISSUERS = const(4)
_PUBLIC_BYTES = const(64)


class Identity:
    """The device key pair (sealed by the device secret), the device certificate and the trusted signers."""

    def __init__(self, sealed: "DeviceRecords", random: "Random", clock: "Clock") -> None:
        self._sealed = sealed
        self._random = random
        self._clock = clock
        self.public = b""
        self.device_id = b""
        self.root = b""
        self._checked: "dict[bytes, Certificate]" = {}  # token services whose certificate was verified since boot
        self.expect_not_void: "Callable[[int], None]" = _nothing_is_void
        """Raises SignerError for the serial number of a certificate that was revoked, StorageError if nobody knows."""

    def load(self) -> None:
        """Read the identity, making the key on the very first start. Raises CorruptError, EntropyError."""
        stored = self._sealed.read(records.IDENTITY)
        if stored is None:
            stored = self._make()
        if not isinstance(stored, list) or len(stored) != 2:
            raise CorruptError("the identity record has the wrong shape")
        self.public = stored[1]
        self.device_id = cose.key_id(self.public)
        self.root = self._sealed.read(records.ROOT) or b""

    def provisioned(self) -> bool:
        """True once a manufacturer has certified this watch."""
        return bool(self.root)

    def provision(self, root: bytes, device_certificate: bytes) -> None:
        """Accept the manufacturer's root and this watch's certificate, once.

        Raises StateError if it was done before, SignatureError if the certificate is not for this watch.
        """
        if self.provisioned():
            raise StateError("this watch already has a manufacturer")
        if not isinstance(root, bytes) or len(root) != _PUBLIC_BYTES:
            raise InputError("a root key has 64 bytes")
        found = certificate.check(device_certificate, root, "device", self._clock.security_s())
        if found.public != self.public:
            raise SignatureError("the certificate is for another watch")
        self._sealed.write_all({records.ROOT: root, records.DEVICE_CERTIFICATE: device_certificate})
        self.root = root

    def certificate(self) -> bytes:
        """The device certificate. Raises StateError before provisioning."""
        stored = self._sealed.read(records.DEVICE_CERTIFICATE)
        if stored is None:
            raise StateError("this watch has no manufacturer's certificate yet")
        return stored

    def trust(self, issuer_certificate: bytes) -> None:
        """Remember a token service certified by the root. A renewed certificate takes the place of the older one.

        Raises SignatureError, SignerError for a revoked one, ReplayError for an older certificate than the known one,
        StateError if there is no room, StorageError.
        """
        found = self._service(issuer_certificate)
        issuers = self._issuers()
        others = []
        for entry in issuers:
            if entry[0] != found.key_id:
                others.append(entry)
            elif Certificate.parse(entry[1]).serial > found.serial:
                raise ReplayError("a newer certificate of this token service is known")
        if len(others) >= MAX_ISSUERS:
            others = [entry for entry in others if not self._expired(entry[1])]
        if len(others) >= MAX_ISSUERS:
            raise StateError(f"the watch trusts {MAX_ISSUERS} token services at most")
        known = others + [[found.key_id, issuer_certificate]]
        if known != issuers:
            self._sealed.write(records.ISSUERS, known)
        self._checked[found.key_id] = found

    def issuer(self, key_id: bytes) -> bytes:
        """The public key of a trusted, unexpired token service.

        Raises SignatureError, SignerError for one whose certificate was revoked, StorageError.
        """
        return self._trusted(key_id, self._clock.security_s()).public

    def expect_time(self, key_id: bytes, bank_time_s: int) -> None:
        """Raise SignatureError if a token service names a time at which its own certificate has expired.

        So the floor of security time, which never comes back, cannot be pushed to where every card is dead.
        """
        self._trusted(key_id, bank_time_s)

    def addresses(self) -> "list[str]":
        """Where trusted token services can be asked over HTTP: the attribute `url` of those that have not expired."""
        now_s, found = self._clock.security_s(), []
        for entry in self._issuers():
            service = Certificate.parse(entry[1])
            url = service.attributes.get("url", "").rstrip("/")
            if url and service.not_after_s >= now_s and not self._void(service):
                found.append(url)
        return found

    def sign(self, kind: str, payload: "Any") -> bytes:
        """An envelope of `payload` signed by this watch."""
        stored: "Any" = self._sealed.read(records.IDENTITY)
        private = bytearray(stored[0])
        try:
            return cose.sign1(private, kind, self.device_id, cbor.encode(payload))
        finally:
            zero(private)

    def _trusted(self, key_id: bytes, at_s: int) -> "Certificate":
        found = self._checked.get(key_id)
        if found is None:
            found = self._checked[key_id] = self._check_issuer(key_id)
        found.expect_valid(at_s)
        self.expect_not_void(found.serial)
        return found

    def _check_issuer(self, key_id: bytes) -> "Certificate":
        for known_id, issuer_certificate in self._issuers():
            if known_id == key_id:
                return self._service(issuer_certificate)
        raise SignatureError("the signer is no token service this watch trusts")

    def _service(self, data: bytes) -> "Certificate":
        found = certificate.check(data, self._known_root(), "token-service", self._clock.security_s())
        self.expect_not_void(found.serial)
        return found

    def _expired(self, data: bytes) -> bool:
        """True for one whose place another may have."""
        service = Certificate.parse(data)
        return service.not_after_s < self._clock.security_s() or self._void(service)

    def _void(self, service: Certificate) -> bool:
        try:
            self.expect_not_void(service.serial)
        except SignerError:
            return True
        return False

    def _make(self) -> "list[bytes]":
        private = new_private(self._random)
        try:
            stored = [bytes(private), public_key(private)]
            self._sealed.write(records.IDENTITY, stored)
            return stored
        finally:
            zero(private)

    def _issuers(self) -> "list[Any]":
        return self._sealed.read(records.ISSUERS) or []

    def _known_root(self) -> bytes:
        if not self.root:
            raise StateError("this watch has no manufacturer's root yet")
        return self.root


def _nothing_is_void(serial: int) -> None:
    """No list of revocations is known."""
