"""Who stands behind a bundle, and whether the watch believes them: docs/bundles.md "Who signed it"."""

from micropython import const

from watch.apps.shelf import review
from watch.apps.shelf.forms import identifier
from watch.apps.shelf.levels import DEVELOPER, REVIEWED, SYSTEM_MAKER
from watch.apps.shelf.revocations import MANIFEST_BYTES
from watch.crypto import certificate
from watch.crypto.hashes import sha256
from watch.kernel.errors import AppError, InputError, SignatureError, SignerError
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Generator, Optional

    from watch.apps.shelf.bundle import Bundle
    from watch.apps.shelf.developers import Developers
    from watch.apps.shelf.revocations import Revocations
    from watch.crypto.certificate import Certificate

_ID = "id"
"""Attribute of a developer's certificate: the maker."""


class Verdict:
    """Who made an app, and until when that holds."""

    def __init__(
        self,
        level: str,
        maker: str,
        maker_name: str,
        manifest: bytes,
        list_number: int,
        serials: "tuple[int, ...]" = (),
        not_after_s: "Optional[int]" = None,
        payee: "Optional[dict[int, Any]]" = None,
    ) -> None:
        self.level, self.maker, self.maker_name = level, maker, maker_name
        self.manifest = manifest
        """First bytes of the SHA-256 of the manifest's payload, as in lists of revocations."""
        self.list_number = list_number
        """Of the list of revocations that it was compared with."""
        self.serials = serials
        """Of the certificates."""
        self.not_after_s = not_after_s
        """Earliest end of them, None without any."""
        self.payee = payee
        """Whom `payment.request` pays, as the review says it."""

    def fields(self) -> "list[Any]":
        """What the record of an app holds of it."""
        signer = [self.level, self.maker, self.maker_name, self.manifest, self.list_number]
        return signer + [list(self.serials), self.not_after_s, self.payee]


class Trust:
    """Judges bundles that did not come with the firmware."""

    def __init__(
        self,
        root: "Callable[[], bytes]",
        now_s: "Callable[[], int]",
        revocations: "Revocations",
        developers: "Developers",
    ) -> None:
        """`root` gives the manufacturer's public key, empty before the watch has one; `now_s` security time."""
        self._root, self._now_s = root, now_s
        self._revocations, self._developers = revocations, developers

    def judge(self, bundle: "Bundle") -> Verdict:
        """All of `judging` at once."""
        return finish(self.judging(bundle))

    def judging(self, bundle: "Bundle") -> "Generator[None, None, Verdict]":
        """Who signed a bundle, in steps. Raises SignerError, StorageError."""
        try:
            if bundle.review is None:
                return (yield from self._enrolled(bundle))
            return (yield from self._reviewed(bundle))
        except (InputError, SignatureError) as error:
            raise SignerError(str(error))

    def expect(self, verdict: Verdict) -> None:
        """Raise SignerError if a verdict of earlier holds no longer. Raises StorageError."""
        if verdict.level == DEVELOPER and not any(one.maker == verdict.maker for one in self._developers.all()):
            raise SignerError("the key of its developer is not enrolled")
        if verdict.not_after_s is not None and verdict.not_after_s < self._now_s():
            raise SignerError("a certificate of the app has expired")
        if verdict.list_number != self._revocations.number:
            self._revocations.expect(verdict.serials, verdict.manifest)

    def _enrolled(self, bundle: "Bundle") -> "Generator[None, None, Verdict]":
        developer = self._developers.find(bundle.envelope.key_id)
        if developer is None:
            raise SignerError("it has no review, and the key %s is not enrolled" % bundle.envelope.key_id.hex())
        manifest, number = _hash(bundle), self._revocations.number
        self._revocations.expect((), manifest)
        yield from bundle.envelope.verifying(developer.public)
        return Verdict(DEVELOPER, developer.maker, developer.name, manifest, number)

    def _reviewed(self, bundle: "Bundle") -> "Generator[None, None, Verdict]":
        manifest, number = _hash(bundle), self._revocations.number
        developer = yield from self._certificate(bundle.certificate, "developer")
        store = yield from self._certificate(bundle.store_certificate, "store")
        serials = (developer.serial, store.serial)
        self._revocations.expect(serials, manifest)
        maker = _maker(developer)
        yield from bundle.envelope.verifying(developer.public)
        payee = yield from review.checking(bundle.review, store.public, bundle.envelope.payload)
        until_s = min(developer.not_after_s, store.not_after_s)
        return Verdict(REVIEWED, maker, developer.name, manifest, number, serials, until_s, payee)

    def _certificate(self, data: "Any", role: str) -> "Generator[None, None, Certificate]":
        root = self._root()
        if not root:
            raise SignerError("this watch has no manufacturer yet")
        return (yield from certificate.checking(data, root, role, self._now_s()))


def _hash(bundle: "Bundle") -> bytes:
    return sha256(bundle.envelope.payload)[:MANIFEST_BYTES]


def _maker(developer: "Certificate") -> str:
    """The maker that a certificate names. Raises SignerError."""
    maker = developer.attributes.get(_ID, "")
    try:
        identifier(maker)
    except AppError:
        raise SignerError("the developer's certificate names no maker")
    if maker == SYSTEM_MAKER:
        raise SignerError("only the firmware brings apps of " + SYSTEM_MAKER)
    return maker
