"""`tapwatch build` and `tapwatch image`: a release signed by two people on two computers, and every other action."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tapwatch import cli
from tests.host.images import trees
from tests.host.images.trees import BOARD

FEW, SOURCE_SAID = "not enough have signed", 'print("another")\n'


@dataclass
class Desk:
    """Runs commands in a folder."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def text(self, line: str, code: int = 0) -> tuple[str, str]:
        """What a command that must end with `code` prints, and what it says to the person; `@` is the folder."""
        self.capsys.readouterr()
        got = cli.main(line.replace("@", str(self.folder)).split())
        out, err = self.capsys.readouterr()
        assert got == code, f"{line}: {got}\n{out}{err}"
        return out, err

    def run(self, line: str, code: int = 0) -> dict[str, Any]:
        """The same, as JSON."""
        return json.loads(self.text(line + " --json", code)[0])

    def refused(self, line: str, code: int) -> str:
        """What a command says that must fail."""
        return self.text(line, code)[1]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small tree, a root, and three people whose update keys it has certified."""
    folder = tmp_path_factory.mktemp("keys")
    trees.small(folder / "tree")
    lines = ["keys new root acme --no-password --keys @/vault"]
    for name in ("ann", "bob", "cat"):
        lines.append(f"keys new update {name} --no-password --keys @/{name}")
        out = f"--out @/{name}/{name}.cert"
        lines.append(f"keys certify @/{name}/{name}.pub --title {name.title()} {out} --keys @/vault")
    for line in lines:
        assert cli.main(line.replace("@", str(folder)).split()) == 0
    return folder


@pytest.fixture
def desk(keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A copy of that folder."""
    shutil.copytree(keys, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path, capsys)


def build_line(who: str, rest: str = "") -> str:
    return f"build --board {BOARD} --release --source @/tree --out @/of-{who} --key {who} --keys @/{who} {rest}"


def test_two_people_release_on_two_computers(desk: Desk) -> None:
    """Each builds; the bytes that are signed are the same; one signs what the other has made."""
    out, _ = desk.text(build_line("ann"))
    assert "1 more must sign" in out and "watch.kernel" in out
    assert "checked: " in out and "Ctrl-C is closed by the first lines of main.py" in out
    image, verify = f"@/of-ann/{BOARD}-1.4.0.twi", f"image verify @/of-ann/{BOARD}-1.4.0.twi --root @/vault/acme.pub"
    alone = desk.run(verify, code=1)
    assert alone["signed_by"] == ["Ann"] and FEW in json.dumps(alone["links"])
    desk.text(build_line("bob"))
    assert desk.run(f"image diff {image} @/of-bob/{BOARD}-1.4.0.twi") == {"same": True, "fields": {}, "files": {}}
    signed = desk.run(f"image sign {image} --key bob --keys @/bob")
    assert signed["signatures"] == signed["needed"] == 2
    both = desk.run(verify)
    assert both["good"] and both["signed_by"] == ["Ann", "Bob"] and both["needed"] == 2
    assert "all of it is good" in desk.text(verify)[0]
    assert {"start", "interpreter", "marks"} <= {link["what"] for link in both["links"]}, "what is built is judged too"
    assert not desk.run(f"image verify {image}", code=1)["good"], "of another root"
    assert "signed the image already" in desk.refused(f"image sign {image} --keys @/bob", 1)
    assert desk.run(f"image sign {image} --keys @/cat --out @/three.twi")["signatures"] == 3
    assert desk.run("image verify @/three.twi --root acme --keys @/vault")["signed_by"] == ["Ann", "Bob", "Cat"]
    assert "3 signatures already" in desk.refused("image sign @/three.twi --keys @/cat", 1)


def test_what_is_not_fit_for_people_is_not_released(desk: Desk) -> None:
    """A main.py that does something before Ctrl-C is closed; a module that opens a REPL."""
    main = desk.folder / "tree/firmware/main.py"
    good = main.read_text()
    main.write_text("import facts\n" + good)
    assert "main.py does not begin with what closes Ctrl-C" in desk.refused(build_line("ann"), 1)
    main.write_text(good)
    (desk.folder / "tree/firmware/drivers/lamp.py").write_text("import os\nos.dupterm(None)\n")
    assert "drivers/lamp.mpy names dupterm" in desk.refused(build_line("ann"), 1)


def test_a_key_that_was_revoked_signs_for_nobody(desk: Desk) -> None:
    desk.text(build_line("ann"))
    image = f"@/of-ann/{BOARD}-1.4.0.twi"
    desk.text(f"image sign {image} --keys @/bob")
    desk.text("keys revoke @/bob/bob.cert --out @/list --keys @/vault")
    said = desk.run(f"image verify {image} --root @/vault/acme.pub --revocations @/list", code=1)
    assert said["signed_by"] == ["Ann"] and "revoked" in json.dumps(said["links"])
    assert "no revocation list" in desk.refused(f"image verify {image} --revocations @/list", 1)


def test_another_source_is_another_image(desk: Desk) -> None:
    desk.text(build_line("ann"))
    (desk.folder / "tree/firmware/drivers/lamp.py").write_text(SOURCE_SAID)
    desk.text(build_line("bob"))
    differ = desk.run(f"image diff @/of-ann/{BOARD}-1.4.0.twi @/of-bob/{BOARD}-1.4.0.twi", code=1)
    assert set(differ["files"]) == {"drivers/lamp.mpy"} and set(differ["fields"]) == {"body", "source"}
    out, _ = desk.text(f"image diff @/of-ann/{BOARD}-1.4.0.twi @/of-bob/{BOARD}-1.4.0.twi", code=1)
    assert "changed" in out


def test_who_may_not_sign_is_told_so(desk: Desk) -> None:
    unsigned = f"build --board {BOARD} --release --source @/tree --out @/o"
    assert "signed with update keys of its manufacturer" in desk.refused(unsigned, 2)
    desk.text("keys new update dan --no-password --keys @/dan")
    assert "let the root certify it" in desk.refused(build_line("dan"), 3)
    (desk.folder / "dan/dan.cert").write_bytes((desk.folder / "ann/ann.cert").read_bytes())
    assert "not the certificate of dan" in desk.refused(build_line("dan"), 2)
    desk.text("keys new store shop --no-password --keys @/ann")
    assert "not for update" in desk.refused(build_line("ann", "--key shop"), 2)
    assert "of different keys" in desk.refused(build_line("ann", "--key ann"), 2)
    assert not (desk.folder / "of-dan").exists()


def test_a_development_image_says_what_it_is(desk: Desk) -> None:
    line = f"build --board {BOARD} --source @/tree --out @/out --version 2.0.1 --floor 1.0.0"
    built = desk.run(line)
    assert built == json.loads((desk.folder / f"out/{BOARD}.json").read_text())
    assert built["signers"] and built["signers_needed"] == 1 and built["file"] == f"{BOARD}.twi"
    assert sum(room["bytes"] for room in built["rooms"]) == built["bytes"]
    shown = desk.run(f"image show @/out/{BOARD}.twi")
    same = ("board", "version", "floor", "posture", "machine", "body", "source", "bytes", "rooms", "files")
    assert {name: shown[name] for name in same} == {name: built[name] for name in same}
    assert shown["signed_by"] == ["Tapwatch development"] and shown["version"] == "2.0.1"
    out, _ = desk.text(f"image show @/out/{BOARD}.twi --files")
    assert "main.py" in out and "nothing: see" in out
    assert desk.run(f"image verify @/out/{BOARD}.twi --at 2026-12-01")["good"]
    assert not desk.run(f"image verify @/out/{BOARD}.twi --at 2036-01-02", code=1)["good"]
    out, _ = desk.text(line + " --march x64")
    assert "bytes of vfs free" in out and (desk.folder / f"out/{BOARD}.x64.twi").exists()


def test_deltas_are_made_where_they_pay(desk: Desk) -> None:
    tree = desk.folder / "tree"
    (tree / "firmware/assets/body.large.twf").write_bytes(bytes(index * 7 % 251 for index in range(20_000)))
    desk.text(f"build --board {BOARD} --source @/tree --out @/a --version 1.0.0")
    (tree / "firmware/drivers/lamp.py").write_text(SOURCE_SAID)
    desk.text(f"build --board {BOARD} --source @/tree --out @/b --version 1.0.1")
    old, new = f"@/a/{BOARD}.twi", f"@/b/{BOARD}.twi"
    made = desk.run(f"image delta {old} {new} --out @/d.twd")
    assert made["pays"] and made["percent"] < 15 and made["bytes"] == (desk.folder / "d.twd").stat().st_size
    desk.text(f"image apply {old} @/d.twd --out @/made.twi")
    assert (desk.folder / "made.twi").read_bytes() == Path(new.replace("@", str(desk.folder))).read_bytes()
    said = desk.refused(f"image apply {new} @/d.twd --out @/made.twi", 1)
    assert "cannot be worked through" in said and "from another image" in said
    (tree / "firmware/assets/body.large.twf").write_text("short")
    desk.text(f"build --board {BOARD} --source @/tree --out @/c")
    (tree / "firmware/assets/body.large.twf").write_bytes(bytes(index * 11 % 257 % 256 for index in range(20_000)))
    desk.text(f"build --board {BOARD} --source @/tree --out @/d")
    line = f"image delta @/c/{BOARD}.twi @/d/{BOARD}.twi --out @/no.twd"
    out, _ = desk.text(line, code=1)
    assert "no delta was written" in out and not (desk.folder / "no.twd").exists()
    assert not desk.run(line + " --always")["pays"] and (desk.folder / "no.twd").exists()


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("build --board nothing", 2, "there is no board 'nothing'"),
        (f"build --board {BOARD} --source @/empty", 2, "there is no board"),
        (f"build --board {BOARD} --source @/tree --version 1", 2, "is no version"),
        ("image show @/tree/pyproject.toml", 1, "is no system image"),
        ("image show @/none", 3, "cannot be read"),
        ("image delta @/tree/pyproject.toml @/tree/pyproject.toml --out @/x", 1, "no system image"),
        ("image sign @/tree/pyproject.toml --keys @/ann", 1, "is no system image"),
    ],
)
def test_what_cannot_be_done_is_said(line: str, code: int, words: str, desk: Desk) -> None:
    assert words in desk.refused(line, code)
