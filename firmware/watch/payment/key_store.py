"""Batches of single-use keys on flash: sealed as one blob each, opened for the few keys that are reserved.

The keys that need an arming are sealed under the vault key, those for express mode under a key of the device secret
alone: they must open while the watch is locked.
"""

from micropython import const

from watch.crypto.scrub import zero
from watch.kernel.errors import CorruptError, TagError
from watch.payment.armed import SingleKey
from watch.payment.package import INDEX_BYTES, KEY_BYTES
from watch.storage import records
from watch.storage.sealed import seal, unseal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.storage.journal import Journal

_ATC_BYTES = const(2)
_INDEX_AT = const(18)
_ENTRY_BYTES = const(22)  # ATC, big-endian, key, key index


class KeyStore:
    """Seals batches and takes keys out of them again."""

    def __init__(self, journal: "Journal", sealed: "DeviceRecords", random: "Random") -> None:
        self._journal = journal
        self._sealed = sealed
        self._random = random

    def batch_change(self, number: int, keys: "list[list[Any]]", vault_key: bytearray) -> "dict[int, Optional[bytes]]":
        """The journal change that gives a slot this batch of [ATC, key] or [ATC, key, index]."""
        record = records.TOKEN_KEYS + number
        packed = _pack(keys)
        try:
            return {record: seal(vault_key, record, packed, self._random)}
        finally:
            zero(packed)

    def express_change(self, number: int, keys: "list[list[Any]]") -> "dict[int, Optional[bytes]]":
        """The journal change that gives a slot this express batch, or none if it is empty."""
        record = records.EXPRESS_KEYS + number
        if not keys:
            return {record: None}
        packed = _pack(keys)
        try:
            return {record: self._sealed.sealed_secret(record, packed)}
        finally:
            zero(packed)

    def open(self, number: int, atcs: "list[int]", vault_key: bytearray) -> "list[SingleKey]":
        """The keys of these ATCs, copied out of the sealed batch, which is zeroed again. Raises CorruptError."""
        record = records.TOKEN_KEYS + number
        blob = self._journal.get(record)
        if blob is None:
            raise CorruptError(f"slot {number} has a token but no keys")
        try:
            packed = unseal(vault_key, record, blob)
        except TagError:
            raise CorruptError(f"the keys in slot {number} do not open")
        return _take(packed, atcs, number)

    def open_express(self, number: int, atcs: "list[int]") -> "list[SingleKey]":
        """The express keys of these ATCs; the vault stays shut. Raises CorruptError."""
        packed = self._sealed.read_secret(records.EXPRESS_KEYS + number)
        if packed is None:
            raise CorruptError(f"slot {number} has express marks but no keys")
        return _take(packed, atcs, number)


def _pack(keys: "list[list[Any]]") -> bytearray:
    """A batch as it is sealed: one entry after the other, so that a key can be taken out without copying the rest."""
    packed = bytearray(_ENTRY_BYTES * len(keys))
    for place, entry in enumerate(keys):
        at = place * _ENTRY_BYTES
        packed[at : at + _ATC_BYTES] = entry[0].to_bytes(_ATC_BYTES, "big")
        packed[at + _ATC_BYTES : at + _INDEX_AT] = entry[1]
        packed[at + _INDEX_AT : at + _ENTRY_BYTES] = entry[2] if len(entry) > 2 else bytes(INDEX_BYTES)
    return packed


def _take(packed: bytearray, atcs: "list[int]", number: int) -> "list[SingleKey]":
    """The keys of these ATCs; zeroes the batch. Raises CorruptError unless all are there."""
    try:
        if len(packed) % _ENTRY_BYTES:
            raise CorruptError(f"the batch in slot {number} has the wrong length")
        found = [_key(packed, at) for at in range(0, len(packed), _ENTRY_BYTES) if _atc(packed, at) in atcs]
    finally:
        zero(packed)
    if len(found) != len(atcs):
        raise CorruptError(f"slot {number} lacks keys")
    return found


def _atc(packed: bytearray, at: int) -> int:
    return packed[at] << 8 | packed[at + 1]


def _key(packed: bytearray, at: int) -> SingleKey:
    view = memoryview(packed)
    key = bytearray(KEY_BYTES)
    key[:] = view[at + _ATC_BYTES : at + _INDEX_AT]
    return SingleKey(_atc(packed, at), key, bytes(view[at + _INDEX_AT : at + _ENTRY_BYTES]))
