"""`tapwatch app new`, `check` and `pack`, and what editors are told of the API."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.apps import bundle, plain_words, scaffold
from tapwatch.apps.develop.key import own_key
from tapwatch.apps.manifest import PERMISSIONS
from tapwatch.apps.vocabulary import vocabulary
from tapwatch.cli import main
from tapwatch.errors import EXIT_ENVIRONMENT, EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.signing import envelope
from tapwatch.signing.keys import PrivateKey
from tests.host.apps.projects import APP, files, written

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made for somebody at the first time lie in a folder of the test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "kind"), [("my_counter", "app"), ("my_counter", "face"), ("face", "app"), ("label", "face"), ("x9", "app")]
)
def test_a_new_project_packs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, name: str) -> None:
    extra = ["--face"] if kind == "face" else []
    assert main(["app", "new", name, "--into", str(tmp_path), *extra]) == 0
    assert main(["app", "check", str(tmp_path / name)]) == 0
    assert "0 faults" in capsys.readouterr().out
    assert main(["app", "pack", str(tmp_path / name)]) == 0
    made = bundle.read((tmp_path / name / f"{name}.twb").read_bytes())
    assert made.manifest[1] == name and made.manifest[3] == kind
    assert envelope.parse(made.envelope).key_id == own_key(None).key_id, "a watch can trust this one"
    assert json.loads((tmp_path / name / f"{name}.map.json").read_text())["names"]["n0"]
    told = capsys.readouterr().out
    assert "bytes" in told and "pool names" in told and "It may:" in told
    assert main(["app", "pack", str(tmp_path / name), "--json"]) == 0, "what was made is no part of the project"
    assert json.loads(capsys.readouterr().out)["name_bytes"] < 200


def test_a_folder_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    scaffold.write(tmp_path, "mine", "app")
    with pytest.raises(UserError, match="is there already"):
        scaffold.write(tmp_path, "mine", "app")
    assert main(["app", "new", "Bad Name", "--into", str(tmp_path)]) == EXIT_USAGE


def test_faults_are_told_as_compilers_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "odd", files(app__py=APP + "import os\nX = eval('1')\n"))
    line = APP.count("\n")
    assert main(["app", "check", str(folder)]) == EXIT_FAILED
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(f"app.py:{line + 1}:1: import: ") and told[1].startswith(
        f"app.py:{line + 2}:5: reflection"
    )
    assert told[-1] == "2 faults"
    assert main(["app", "check", str(folder), "--json"]) == EXIT_FAILED
    faults = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["line"], one["rule"]) for one in faults] == [
        ("app.py", line + 1, "import"),
        ("app.py", line + 2, "reflection"),
    ]
    assert main(["app", "pack", str(folder)]) == EXIT_FAILED
    assert not (folder / "tally.twb").exists()


def test_every_permission_is_told_in_plain_words() -> None:
    assert set(plain_words.PERMISSIONS) == set(PERMISSIONS)
    source = (ROOT / "firmware/watch/apps/shelf/manifest.py").read_text(encoding="utf-8")
    assert [name for name in PERMISSIONS if f'"{name}"' not in source] == []


def test_the_stubs_are_those_of_the_api() -> None:
    tool = _tool("app_stubs")
    for place, text in tool.made().items():
        assert (tool.STUBS / place).read_text(encoding="utf-8") == text, "run `python tools/app_stubs.py`"


def test_the_stubs_tell_of_all_that_the_api_gives() -> None:
    text = (scaffold.STUBS / "watch/apps/api.pyi").read_text(encoding="utf-8")
    for name in vocabulary().api:
        assert f"\n{name}: " in text or f"\ndef {name}(" in text or f"\nclass {name}" in text, name
    for name in PERMISSIONS:
        assert f"    {name}: " in text and f"    {name}: Any" not in text, name


@pytest.mark.share("rules")
def test_editors_find_nothing_wrong_with_a_new_project(tmp_path: Path) -> None:
    """Nor with the apps that come with the watch, and those to begin from, which use most of what there is."""
    folder = scaffold.write(tmp_path, "my_counter", "app")
    code = (folder / "app.py").read_text(encoding="utf-8")
    (folder / "app.py").write_text(code.replace("haptics.play(", "haptics.plai("), encoding="utf-8")
    assert '"plai"' in _pyright(folder, 1), "the guard: a slip of the pen is seen"
    (folder / "app.py").write_text(code, encoding="utf-8")
    for app in (*(ROOT / "examples").iterdir(), *(ROOT / "firmware/apps").iterdir()):
        if (app / "app.py").exists():
            shutil.copytree(app, folder / app.name, ignore=shutil.ignore_patterns("__pycache__"))
    config = json.loads((folder / "pyrightconfig.json").read_text(encoding="utf-8"))
    config |= {"include": ["**/*.py"], "exclude": ["typings"], "reportMissingImports": "none"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    _pyright(folder, 0)


def _pyright(folder: Path, status: int) -> str:
    """What pyright prints of a folder; it must end with this status."""
    pyright = Path(sys.executable).parent / "pyright"
    done = subprocess.run([str(pyright)], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == status, done.stdout
    return done.stdout


def test_a_bundle_is_signed_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, other = scaffold.write(tmp_path, "my_counter", "app"), tmp_path / "other.pem"
    PrivateKey.generate().save(other)
    made, anew = folder / "my_counter.twb", tmp_path / "anew.twb"
    assert main(["app", "pack", str(folder)]) == 0
    assert main(["app", "sign", str(made), "--key", str(other), "-o", str(anew)]) == 0
    before, after = bundle.read(made.read_bytes()), bundle.read(anew.read_bytes())
    assert (before.manifest, before.files, before.digest) == (after.manifest, after.files, after.digest)
    assert envelope.verify(after.envelope, PrivateKey.load(other).public, bundle.KIND)
    capsys.readouterr()
    assert main(["app", "sign", str(folder / "app.py")]) == EXIT_FAILED and "is no bundle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["check", "nothere"], EXIT_USAGE, "is no project"),
        (["run", "nothere"], EXIT_USAGE, "is no project"),
        (["run", "nothere", "--port", "99999"], EXIT_USAGE, "a port is 0 to 65535"),
        (["pack", "@", "--certificate", "@/app.py"], EXIT_FAILED, "is no certificate"),
        (["publish", "@", "--certificate", "@/app.py", "--listing", "@/app.toml"], EXIT_FAILED, "is no certificate"),
        (["sign", "nothere"], EXIT_ENVIRONMENT, "cannot be read"),
    ],
)
def test_wrong_input_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    folder = scaffold.write(tmp_path, "my_counter", "app")
    try:
        found = main(["app", *(one.replace("@", str(folder)) for one in arguments)])
    except SystemExit as ended:  # argparse
        found = ended.code
    assert found == status and said in capsys.readouterr().err
