"""Small CBOR values sealed under the device key, one per journal record."""

from micropython import const

from watch.crypto import cbor
from watch.crypto.scrub import zero
from watch.kernel.errors import InputError, SealError, TagError
from watch.storage.sealed import seal, unseal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.device import DeviceKeys
    from watch.crypto.random import Random
    from watch.storage.journal import Journal


class DeviceRecords:
    """Facts that must be readable while the watch is locked, and that nobody without the device secret may change.

    A record that is there but does not open is a SealError, never "not there".
    """

    def __init__(self, journal: "Journal", device: "DeviceKeys", random: "Random") -> None:
        self._journal = journal
        self._device = device
        self._random = random

    def read(self, record: int) -> "Optional[Any]":
        """The value of `record`, or None if it was never written. Raises SealError, StorageError."""
        plaintext = self.read_secret(record)
        if plaintext is None:
            return None
        try:
            return cbor.decode(plaintext)
        except InputError:
            raise SealError(f"record {record} does not decode")
        finally:
            zero(plaintext)  # the identity key is among these records

    def sealed(self, record: int, value: "Any") -> bytes:
        """The bytes to commit for `record`, so that several facts can share one commit."""
        return seal(self._key(), record, cbor.encode(value), self._random)

    def read_secret(self, record: int) -> "Optional[bytearray]":
        """The bytes of `record`, which the caller zeroes, or None if it was never written.

        Raises SealError, StorageError.
        """
        blob = self._journal.get(record)
        if blob is None:
            return None
        try:
            return unseal(self._key(), record, blob)
        except TagError:
            raise SealError(f"record {record} does not open")

    def sealed_secret(self, record: int, secret: bytearray) -> bytes:
        """The bytes to commit for a secret that must not pass through an encoder, which would leave copies."""
        return seal(self._key(), record, secret, self._random)

    def write(self, record: int, value: "Any") -> None:
        """Commit one value."""
        self.write_all({record: value})

    def write_all(self, values: "dict[int, Any]") -> None:
        """Commit several values as one change."""
        self._journal.commit({record: self.sealed(record, value) for record, value in values.items()})

    def _key(self) -> bytes:
        return self._device.key(b"records")
