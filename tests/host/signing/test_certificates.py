"""Role certificates: what is issued is what is checked, and nothing else passes."""

from __future__ import annotations

import pytest

from tapwatch.signing import certificates
from tapwatch.signing.certificates import KIND, check, issue
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.keys import PrivateKey

FROM, UNTIL = 1_700_000_000, 1_900_000_000


@pytest.fixture(scope="module")
def root() -> PrivateKey:
    return PrivateKey.generate()


@pytest.fixture(scope="module")
def device() -> PrivateKey:
    return PrivateKey.generate()


def test_issue_and_check(root: PrivateKey, device: PrivateKey) -> None:
    data = issue(root, "device", device.public, "TW-0001", FROM, UNTIL, 7, {"secret": "software"})
    got = check(data, root.public, "device", FROM)
    assert (got.role, got.public, got.name, got.serial) == ("device", device.public, "TW-0001", 7)
    assert got.attributes == {"secret": "software"} and got.subject == device.key_id
    assert check(data, root.public, "device", UNTIL) == got


@pytest.mark.parametrize(
    "role, at", [("store", FROM), ("token-service", FROM), ("device", FROM - 1), ("device", UNTIL + 1)]
)
def test_other_role_or_time(root: PrivateKey, device: PrivateKey, role: str, at: int) -> None:
    data = issue(root, "device", device.public, "TW-0001", FROM, UNTIL, 7)
    with pytest.raises(SignatureProblem):
        check(data, root.public, role, at)


def test_other_root(root: PrivateKey, device: PrivateKey) -> None:
    data = issue(device, "device", device.public, "self-signed", FROM, UNTIL, 7)
    with pytest.raises(SignatureProblem, match="somebody else"):
        check(data, root.public, "device", FROM)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "root"},
        {"public": bytes(64)},
        {"public": b"short"},
        {"name": "n" * 65},
        {"name": "\u6c34" * 22},
        {"not_before": UNTIL + 1},
        {"not_before": -1},
        {"serial": True},
        {"attributes": {str(n): "x" for n in range(9)}},
        {"attributes": {"secret": 1}},
    ],
)
def test_values_out_of_format_are_not_issued(root: PrivateKey, device: PrivateKey, change: dict) -> None:
    good = {
        "role": "device",
        "public": device.public,
        "name": "TW",
        "not_before": FROM,
        "not_after": UNTIL,
        "serial": 1,
    }
    issue(root, **good)
    with pytest.raises(SignatureProblem):
        issue(root, **{**good, **change})


@pytest.mark.parametrize(
    "payload", [1, [], {}, {1: "device"}, dict.fromkeys(range(1, 8), 0), dict.fromkeys(range(1, 9), 0)]
)
def test_signed_nonsense_is_no_certificate(root: PrivateKey, payload: object) -> None:
    with pytest.raises(SignatureProblem):
        check(root.sign(KIND, payload), root.public, "device", FROM)


def test_roles_are_those_of_the_formats_page() -> None:
    assert certificates.ROLES == ("device", "token-service", "store", "update", "developer")
