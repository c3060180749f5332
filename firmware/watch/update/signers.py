"""Whether those who signed an image may: docs/updates.md "The image"."""

from micropython import const

from watch.crypto import certificate
from watch.crypto.hashes import equal
from watch.kernel.errors import ImageSignerError, InputError, SignatureError, SignerError
from watch.update.statement import RELEASE

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Generator

    from watch.crypto.certificate import Certificate
    from watch.crypto.cose import Envelope
    from watch.update.head import Head

ROLE = "update"
_NEEDED_RELEASE = const(2)
_NEEDED_DEVELOPMENT = const(1)


class Signers:
    """Judges heads by the root of the manufacturer.

    Args:
        root: gives its public key, empty before the watch has one.
        now_s: security time.
        expect_valid: raises SignerError if the certificate with a serial number was revoked, StorageError.
    """

    def __init__(
        self, root: "Callable[[], bytes]", now_s: "Callable[[], int]", expect_valid: "Callable[[int], None]"
    ) -> None:
        self._root, self._now_s, self._expect_valid = root, now_s, expect_valid

    def judging(self, head: "Head") -> "Generator[None, None, None]":
        """Verify every signature of a head, in steps. Raises ImageSignerError, StorageError."""
        return self._judging(head, self._now_s())

    def judging_again(self, head: "Head") -> "Generator[None, None, None]":
        """The same for an image that was judged when it came: certificates may have ended since."""
        return self._judging(head, 0)

    def _judging(self, head: "Head", at_s: int) -> "Generator[None, None, None]":
        needed = _NEEDED_RELEASE if head.statement.posture == RELEASE else _NEEDED_DEVELOPMENT
        if len(head.signers) < needed:
            raise ImageSignerError("an image for %s has %d signers at least" % (head.statement.posture, needed))
        root = self._root()
        if not root:
            raise ImageSignerError("this watch has no manufacturer yet: it is flashed")
        keys: "list[bytes]" = []
        for data, envelope in head.signers:
            found = yield from self._one(data, envelope, root, at_s)
            if any(equal(found.public, other) for other in keys):
                raise ImageSignerError("one key has signed twice")
            keys.append(found.public)

    def _one(self, data: bytes, envelope: "Envelope", root: bytes, at_s: int) -> "Generator[None, None, Certificate]":
        """The certificate of one signer, whose envelope is good."""
        try:
            found = yield from certificate.checking(data, root, ROLE, at_s)
            self._expect_valid(found.serial)
            yield from envelope.verifying(found.public)
        except (InputError, SignatureError, SignerError) as error:
            raise ImageSignerError(str(error))
        return found
