"""What the root does: certificates with serial numbers of its register, revocation lists with rising numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.signing import certificates, envelope, private_file, revocations
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.key_folder import REVOCATIONS, KeyFolder
from tapwatch.signing.revocations import MAX_ENTRIES, Revocations
from tapwatch.signing.roles import ROLES, ROOT, check_attributes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tapwatch.signing.key_file import KeyFile
    from tapwatch.signing.passwords import Ask

MAX_DAYS = 3_653
"""Ten years."""
_DAY_S = 86_400


@dataclass(frozen=True)
class Wish:
    """What a certificate shall say."""

    name: str
    begin: int
    """Seconds since 1970."""
    days: int = 0
    """0 for what is usual for the role."""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entries:
    """What a list shall say that the one before does not."""

    serials: frozenset[int]
    apps: frozenset[bytes]
    gone: frozenset[int]
    """Serial numbers that are left out."""


class RootDesk:
    """One root key at work. Each method opens the key once, and asks for its password."""

    def __init__(self, folder: KeyFolder, root: KeyFile, ask: Ask) -> None:
        self.root = root
        self._folder, self._ask = folder, ask
        self._register = folder.register(root.name)

    def certify(self, subject: KeyFile, wish: Wish) -> bytes:
        """A certificate for somebody's public key. Raises UserError."""
        if subject.role == ROOT:
            raise UserError("a root has no certificate: watches know it by its public key", "", EXIT_USAGE)
        if not 0 <= wish.days <= MAX_DAYS:
            raise UserError(f"a certificate is good for 1 to {MAX_DAYS} days", "", EXIT_USAGE)
        check_attributes(subject.role, wish.attributes)
        end = wish.begin + (wish.days or ROLES[subject.role].days) * _DAY_S
        with self._folder.opened(self.root, self._ask) as signer:
            serial = self._register.reserve(subject.role, wish.name, subject.public, wish.begin, end)
            said = (subject.role, subject.public, wish.name, wish.begin, end, serial, wish.attributes)
            try:
                certificate = certificates.issue(signer, *said)
            except SignatureProblem as problem:
                raise UserError("no certificate can say that", str(problem), EXIT_USAGE) from problem
        self._register.complete(serial, certificate)
        return certificate

    def list(self) -> Revocations:
        """The latest revocation list; one without entries and with number 0 if there is none. Raises UserError."""
        path, kept = self.list_path, self._register.read().list_kept
        latest = Revocations(0, 0)
        if path.exists():
            data = private_file.read_public(path, "the revocation list", "take it from a backup")
            latest = read_list(data, self.root.public, str(path))
        if latest.number < kept:
            raise UserError(
                f"{path} is missing, or older than list {kept}", "take that list from where watches get it, or a backup"
            )
        return latest

    @property
    def list_path(self) -> Path:
        """Where the latest list is kept."""
        return self._folder.file(self.root.name, REVOCATIONS)

    def revoke(self, at: int, serials: Iterable[int], apps: Iterable[bytes], drop: Iterable[int] = ()) -> bytes:
        """A new list, with more entries than the latest one; kept in the folder. Raises UserError.

        `drop`: serial numbers to leave out, of certificates that have ended by themselves at the time `at`.
        """
        wish = Entries(frozenset(serials), frozenset(app[: revocations.APP_BYTES] for app in apps), frozenset(drop))
        self._planned(wish, at)  # so that nobody types a password in vain
        with self._folder.opened(self.root, self._ask) as signer, self._register.locked():
            latest, numbers, digests = self._planned(wish, at)  # another command may have signed one meanwhile
            number = self._register.reserve_list(latest.number + 1)
            data = revocations.issue(signer, number, at, numbers, digests)
            private_file.replace(self.list_path, data)
            self._register.complete_list(number)
        return data

    def _planned(self, wish: Entries, at: int) -> tuple[Revocations, set[int], set[bytes]]:
        """The latest list, and the serial numbers and apps of the next one. Raises UserError."""
        latest = self.list()
        self._check_serials({*wish.serials, *wish.gone}, wish.gone, at)
        numbers, digests = {*latest.serials, *wish.serials} - wish.gone, {*latest.apps, *wish.apps}
        if max(len(numbers), len(digests)) > MAX_ENTRIES:
            raise UserError(
                f"a list has at most {MAX_ENTRIES} entries of a sort", "drop certificates that have ended: --drop"
            )
        return latest, numbers, digests

    def _check_serials(self, serials: set[int], gone: frozenset[int], at: int) -> None:
        contents = self._register.read()
        for serial in sorted(serials):
            row = contents.find(serial)
            if row is None:
                raise UserError(f"the register has no certificate with the number {serial}", "", EXIT_FAILED)
            if serial in gone and row.not_after >= at:
                raise UserError(f"certificate {serial} has not ended: it must stay on the list", "", EXIT_FAILED)


def read_list(data: bytes, root_public: bytes, name: str) -> Revocations:
    """What a list says. Raises UserError if it is none, or not of that root."""
    try:
        return revocations.check(data, root_public)
    except SignatureProblem as problem:
        raise UserError(f"{name} is no revocation list of this root", str(problem), EXIT_FAILED) from problem


def read_certificate(data: bytes, name: str) -> certificates.Certificate:
    """What a certificate says, without a look at its signature or dates. Raises UserError."""
    try:
        return certificates.read(envelope.parse(data))
    except SignatureProblem as problem:
        raise UserError(f"{name} is no certificate", str(problem), EXIT_FAILED) from problem
