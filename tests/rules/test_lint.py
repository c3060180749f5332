"""ruff and pyright find nothing, and would find something."""

import json
import subprocess
import sys
from pathlib import Path

from tests.tools.trees import ROOT

BIN = Path(sys.executable).parent


def run(*command: "str | Path") -> "subprocess.CompletedProcess[str]":
    """Run one of the installed tools in the root of the repository."""
    return subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


def test_ruff_is_clean() -> None:
    """The whole tree, tests included."""
    done = run("ruff", "check", "--no-cache", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_would_complain(tmp_path: Path) -> None:
    """A missing type, a bare except and an unused import are found with the same rules."""
    bad = tmp_path / "bad.py"
    bad.write_text('"""Bad."""\nimport os\n\n\ndef f(x):\n    try:\n        x()\n    except:\n        pass\n')
    done = run("ruff", "check", "--no-cache", "--config", "pyproject.toml", "--output-format", "json", bad)
    assert {"ANN001", "E722", "F401"} <= {finding["code"] for finding in json.loads(done.stdout)}


def test_pyright_is_clean_on_the_host() -> None:
    """Host tools, and the tools and rules of the tests."""
    done = run("pyright")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright_is_clean_on_the_firmware() -> None:
    """Firmware and boards against the types of the ESP32-S3 build."""
    done = run("pyright", "-p", "pyright-firmware.json")
    assert done.returncode == 0, done.stdout + done.stderr


def firmware_findings(text: str, folder: Path) -> list[str]:
    """What pyright says about a firmware file with this text, by rule."""
    config = json.loads((ROOT / "pyright-firmware.json").read_text())
    for key in ("stubPath", "typeshedPath"):
        config[key] = str(ROOT / config[key])
    config["extraPaths"] = [str(ROOT / path) for path in config["extraPaths"]]
    config["include"] = ["example.py"]
    (folder / "example.py").write_text(text)
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    done = run("pyright", "--outputjson", "-p", folder)
    return [finding["rule"] for finding in json.loads(done.stdout)["generalDiagnostics"]]


def test_pyright_would_complain(tmp_path: Path) -> None:
    """A wrong type, a port that lacks a method, and a function MicroPython does not have."""
    text = """
import time
from micropython import const
TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Flash
def f(flash: "Flash") -> int:
    flash.format()
    time.monotonic()
    return "x"
"""
    assert sorted(firmware_findings(text, tmp_path)) == [
        "reportAttributeAccessIssue",
        "reportAttributeAccessIssue",
        "reportReturnType",
    ]


def test_pyright_accepts_viper(tmp_path: Path) -> None:
    """A buffer for a pointer is right; our own stubs say so."""
    text = """
import micropython
@micropython.viper
def f(data: ptr8, n: int) -> int:
    return data[n]
x: int = f(bytearray(4), 1)
"""
    assert firmware_findings(text, tmp_path) == []
