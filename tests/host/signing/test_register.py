"""The register of a root: no serial number twice, whatever is cut short and however many sign at once."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.errors import UserError
from tapwatch.signing.register import Contents, Issued, Register, RegisterProblem, decode, encode
from tests.host.signing.desk import Desk
from tests.host.signing.test_key_files import dies_at

pytestmark = pytest.mark.share("store and keys")
AT_ONCE, EACH = 4, 12


def fresh(folder: Path) -> Register:
    return Register(folder / "acme.register", create=True)


def test_numbers_rise_and_rows_are_kept(tmp_path: Path) -> None:
    register = fresh(tmp_path)
    assert [register.reserve("store", f"s{n}", bytes(64), 1, 2) for n in range(3)] == [1, 2, 3]
    register.complete(2, b"certificate")
    rows = fresh(tmp_path).read().issued
    assert [(row.serial, row.name, row.certificate) for row in rows] == [
        (1, "s0", ""),
        (2, "s1", b"certificate".hex()),
        (3, "s2", ""),
    ]
    assert [register.reserve_list(1), register.reserve_list(1), register.reserve_list(9)] == [1, 2, 9]


def test_many_at_once(tmp_path: Path) -> None:
    """Commands side by side: every number once, none left out."""
    fresh(tmp_path)
    script = (
        "import sys; from pathlib import Path; from tapwatch.signing.register import Register\n"
        "register = Register(Path(sys.argv[1]))\n"
        f"for _ in range({EACH}): print(register.reserve('device', 'w', bytes(64), 1, 2))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "acme.register")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(AT_ONCE)]
    given = [int(line) for one in running for line in one.communicate()[0].split()]
    assert sorted(given) == list(range(1, AT_ONCE * EACH + 1))
    print(f"NOTE signing: {len(given)} serial numbers by {AT_ONCE} programs at once, none twice")


def test_lists_at_once_lose_nothing(desk: Desk) -> None:
    """Each command adds to what the others have added."""
    desk.with_root()
    command = [sys.executable, "-m", "tapwatch.cli", "keys", "revoke", "--keys", str(desk.folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    apps = [f"{n:02x}" * 16 for n in range(1, AT_ONCE + 1)]
    running = [subprocess.Popen([*command, app], stdout=subprocess.DEVNULL, env=environment) for app in apps]
    assert [one.wait() for one in running] == [0] * AT_ONCE
    said = desk.run("keys", "revocations")
    assert (said["number"], said["apps"]) == (AT_ONCE, apps)


@pytest.mark.parametrize("before", [(), ("1",)])
@pytest.mark.parametrize("calls", range(7))
def test_a_cut_never_gives_a_list_number_twice(desk: Desk, before: tuple[str, ...], calls: int) -> None:
    """Before each of the three files that a revocation replaces, and after it."""
    desk.with_root()
    for one in before:
        desk.run("keys", "revoke", one)
    done = [int(one) for one in before]
    assert dies_at("replace", lambda: desk.run("keys", "revoke", "2"), calls) == (calls < 6)
    after_cut = desk.run("keys", "revocations")
    assert after_cut["serials"] in (done, [*done, 2])
    said = desk.run("keys", "revoke", "ab" * 16)
    assert said["number"] > after_cut["number"] and said["serials"] == after_cut["serials"]


@pytest.mark.parametrize("step", ["open", "fsync", "replace", "close"])
def test_a_cut_wastes_a_number_at_most(tmp_path: Path, step: str) -> None:
    """A process that dies at any step: what it may have signed with is never given to another."""
    register = fresh(tmp_path)
    first = register.reserve("store", "before", bytes(64), 1, 2)
    shown = tmp_path / "shown"

    def reserve() -> None:
        serial = register.reserve("store", "cut", bytes(64), 1, 2)
        shown.write_text(str(serial))

    assert dies_at(step, reserve)
    after = register.reserve("store", "after", bytes(64), 1, 2)
    used = {first} | ({int(shown.read_text())} if shown.exists() and shown.read_text() else set())
    assert after not in used and after > first
    serials = [row.serial for row in register.read().issued]
    assert serials == sorted(set(serials))


@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_cut_between_number_and_certificate(desk: Desk, step: str) -> None:
    """The certificate never appeared: the number stays used, and the list of keys says that it was not finished."""
    desk.with_root()
    desk.run("keys", "new", "developer", "bob")
    assert dies_at(step, lambda: desk.run("keys", "certify", "bob", "--id", "bob_apps"))
    made = desk.run("keys", "certify", "bob", "--id", "bob_apps") if not (desk.folder / "bob.cert").exists() else {}
    rows = Register(desk.folder / "acme.register").read().issued
    assert len({row.serial for row in rows}) == len(rows)
    assert not made or made["serial"] == rows[-1].serial


def test_a_missing_or_damaged_register_is_not_an_empty_one(desk: Desk) -> None:
    desk.with_root()
    desk.run("keys", "new", "developer", "bob")
    path = desk.folder / "acme.register"
    good = path.read_bytes()
    for wrong in (b"", good[:-1], good[:-40], good.replace(b'"serial": 2', b'"serial": 1'), b"[]\n"):
        path.write_bytes(wrong)
        if wrong != good[:-1]:
            assert "damaged" in desk.refused(3, "keys", "certify", "bob", "--id", "bob_apps")
    path.unlink()
    assert "cannot be read" in desk.refused(3, "keys", "certify", "bob", "--id", "bob_apps")
    path.write_bytes(good)
    assert desk.run("keys", "certify", "bob", "--id", "bob_apps")["serial"] == 3


def test_any_contents_are_read_back() -> None:
    rows = tuple(
        Issued(n + 1, "device", f"水 {n}\n", secrets.token_hex(64), n, n + 1, secrets.token_hex(n)) for n in range(20)
    )
    assert decode(encode(Contents(rows, 7, 6))) == Contents(rows, 7, 6)


@pytest.mark.parametrize("data", [b"", b"{}", b"1\n2\n", b"\xff", b"[" * 10_000, b'{"file": "tapwatch register"}\n'])
def test_what_is_no_register(data: bytes) -> None:
    with pytest.raises(RegisterProblem):
        decode(data)


def test_a_register_is_not_made_in_passing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        Register(tmp_path / "acme.register").reserve("store", "s", bytes(64), 1, 2)
