"""Every command of docs/keys.md, run as it stands there, one after the other."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tapwatch import cli
from tapwatch.signing.token_library import MODULE_VARIABLE
from tests.host.signing.desk import MODULE, manifest
from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("store and keys")
PASSWORD = "correct horse battery staple"
PIN = "123456"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lines() -> list[str]:
    page = (ROOT / "docs/keys.md").read_text()
    return [line for block in _BLOCK.findall(page) for line in block.splitlines()]


def run(line: str) -> None:
    """One line of the page; `tapwatch` in this process, so that the keyboard can be played."""
    name, *arguments = shlex.split(line)
    if name == "tapwatch":
        assert cli.main(arguments) == 0, line
    else:
        subprocess.run([name, *arguments], check=True, capture_output=True)


def test_the_commands_of_the_page(softhsm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tapwatch.apps import bundle
    from tapwatch.signing.keys import PrivateKey

    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return PIN if prompt.startswith("PIN") else PASSWORD

    (tmp_path / "tokens").mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    monkeypatch.setenv(MODULE_VARIABLE, softhsm)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    monkeypatch.setattr("getpass.getpass", typed)
    monkeypatch.chdir(tmp_path)
    files = {"app.mpy": MODULE}
    (tmp_path / "torch.twb").write_bytes(bundle.write(PrivateKey.generate().sign(bundle.KIND, manifest(files)), files))
    for line in lines():
        run(line)
    assert not (tmp_path / "nobody").exists()
    assert sum(prompt.startswith("PIN") for prompt in asked) > 4
    print(f"NOTE signing: {len(lines())} commands of docs/keys.md run, {len(asked)} passwords and PINs asked for")


def test_a_command_that_fails_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shutil.which("cp") and len(lines()) > 30
    with pytest.raises(AssertionError):
        run("tapwatch keys show nobody --keys nowhere")
    with pytest.raises(subprocess.CalledProcessError):
        run("cp nothing somewhere")
