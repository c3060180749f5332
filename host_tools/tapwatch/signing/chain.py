"""Links of a chain of signatures: what was checked of each, and what came of it, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.signing import certificates, envelope
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.output import day
from tapwatch.signing.roles import is_maker_id

if TYPE_CHECKING:
    from tapwatch.signing.certificates import Certificate
    from tapwatch.signing.revocations import Revocations

GOOD = "good"
REVOKED = "revoked"


@dataclass(frozen=True)
class Context:
    """What signatures are judged by."""

    root: bytes
    """Public key of the root, 64 bytes."""
    at: int
    """Seconds since 1970."""
    revocations: Revocations | None = None


@dataclass
class Link:
    """One line of the report."""

    what: str
    checked: str
    """What was looked at."""
    role: str = ""
    name: str = ""
    id: str = ""
    """Key id, in hexadecimal digits."""
    serial: int | None = None
    begin: int | None = None
    end: int | None = None
    problems: list[str] = field(default_factory=list)
    """Empty if all is well."""
    note: str = GOOD
    """What came of it if nothing is wrong."""

    @property
    def good(self) -> bool:
        """True if nothing is wrong."""
        return not self.problems

    @property
    def result(self) -> str:
        """What came of it, in words."""
        return "; ".join(self.problems) or self.note

    @property
    def dates(self) -> str:
        """From when to when it is good; empty if it has no dates."""
        return "" if self.begin is None or self.end is None else f"{day(self.begin)[:10]} to {day(self.end)[:10]}"


def certificate_link(what: str, data: bytes, role: str, context: Context) -> tuple[Link, Certificate | None]:
    """Judge a certificate; it is None if it cannot be read at all."""
    link = Link(what, "root's signature, role, dates, revocations", role)
    try:
        certificate = certificates.read(envelope.parse(data))
    except SignatureProblem as problem:
        link.problems.append(str(problem))
        return link, None
    link.name, link.id, link.serial = certificate.name, certificate.subject.hex(), certificate.serial
    link.begin, link.end = certificate.not_before, certificate.not_after
    link.problems += _certificate_problems(data, certificate, role, context)
    return link, certificate


def _certificate_problems(data: bytes, certificate: Certificate, role: str, context: Context) -> list[str]:
    found = []
    try:
        envelope.verify(data, context.root, certificates.KIND)
    except SignatureProblem as problem:
        found.append(f"not by this root: {problem}")
    if certificate.role != role:
        found.append(f"it is for {certificate.role}, not for {role}")
    if context.at < certificate.not_before:
        found.append("not good yet")
    if context.at > certificate.not_after:
        found.append("it has ended")
    if context.revocations is not None and certificate.serial in context.revocations.serials:
        found.append(f"{REVOKED} by list {context.revocations.number}")
    if certificate.role == "developer" and not is_maker_id(certificate.attributes.get("id", "")):
        found.append("it names no maker")
    return found


def signature_link(what: str, data: bytes, public: bytes | None, kind: str) -> Link:
    """Judge one signature by a public key; None if nobody knows the key."""
    link = Link(what, "type, form, signature")
    try:
        link.id = envelope.parse(data).key_id.hex()
        if public is None:
            link.problems.append("whose key this is cannot be said, so the signature was not checked")
        else:
            envelope.verify(data, public, kind)
    except SignatureProblem as problem:
        link.problems.append(str(problem))
    return link
