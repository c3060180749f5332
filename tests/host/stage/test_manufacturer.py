"""The manufacturer of the stage: keys that stay, certificates that hold, lists that are taken."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.signing import certificates, revocations
from tapwatch.stage.manufacturer import DEVELOPER_ID, Manufacturer

if TYPE_CHECKING:
    from pathlib import Path


def test_members_stay_the_same(tmp_path: Path) -> None:
    """A second start finds the keys and certificates of the first."""
    first, second = (Manufacturer(tmp_path / "manufacturer") for _ in range(2))
    assert first.root.public == second.root.public
    assert first.store.certificate == second.store.certificate
    assert first.developer.key.public == second.developer.key.public != first.store.key.public


def test_certificates_hold(tmp_path: Path) -> None:
    made, now = Manufacturer(tmp_path), int(time.time())
    for member, role in ((made.store, "store"), (made.developer, "developer")):
        certificate = certificates.check(member.certificate, made.root.public, role, now)
        assert certificate.public == member.key.public
    assert certificate.attributes == {"id": DEVELOPER_ID}
    serials = [
        certificates.check(one.certificate, made.root.public, role, now).serial
        for one, role in ((made.store, "store"), (made.developer, "developer"))
    ]
    assert len(set(serials)) == 2
    listed = revocations.check(made.revoke(3, serials, [bytes(32)]), made.root.public)
    assert (listed.number, listed.serials, listed.apps) == (3, tuple(sorted(serials)), (bytes(16),))
