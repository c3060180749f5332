"""The receipt key pair: token packages are encrypted to it, and only an unlocked watch can open them."""

from micropython import const

from watch.access.session import Opened
from watch.crypto.p256 import new_private, public_key
from watch.crypto.scrub import zero
from watch.kernel.errors import CorruptError, StateError, TagError
from watch.storage import records
from watch.storage.sealed import seal, unseal

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.access.records import DeviceRecords
    from watch.crypto.random import Random
    from watch.storage.journal import Journal


class ReceiptKey:
    """The public half is readable while locked; the private half is sealed under the vault key."""

    def __init__(self, journal: "Journal", sealed: "DeviceRecords", random: "Random") -> None:
        self._journal = journal
        self._sealed = sealed
        self._random = random

    def exists(self) -> bool:
        """True once a passcode has been set and the pair was made."""
        return self._journal.get(records.RECEIPT_PUBLIC) is not None

    def public(self) -> bytes:
        """64 bytes. Raises StateError before a passcode is set."""
        public = self._sealed.read(records.RECEIPT_PUBLIC)
        if public is None:
            raise StateError("set a passcode on the watch first")
        return public

    def make(self, vault_key: bytearray) -> None:
        """Make the pair if there is none yet."""
        if self.exists():
            return
        private = new_private(self._random)
        try:
            self._journal.commit(
                {
                    records.RECEIPT_PUBLIC: self._sealed.sealed(records.RECEIPT_PUBLIC, public_key(private)),
                    records.RECEIPT_PRIVATE: seal(vault_key, records.RECEIPT_PRIVATE, private, self._random),
                }
            )
        finally:
            zero(private)

    def open(self, vault_key: bytearray) -> "Opened":
        """The private half for one `with` block. Raises StateError, CorruptError."""
        blob = self._journal.get(records.RECEIPT_PRIVATE)
        if blob is None:
            raise StateError("set a passcode on the watch first")
        try:
            return Opened(unseal(vault_key, records.RECEIPT_PRIVATE, blob))
        except TagError:
            raise CorruptError("the receipt key does not open")
