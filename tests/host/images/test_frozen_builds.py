"""board/NAME/micropython is what MicroPython 1.29 builds from, as far as can be told without its compiler.

Read here in our own way: `manifest.py` by the functions that MicroPython's manual describes, `partitions.csv` as
ESP-IDF's "Partition Tables" says. Nothing was built.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tapwatch.flashing import partitions
from tapwatch.flashing.partitions import APP, DATA, Partition
from tapwatch.images import boards, contents

ROOT = boards.ROOT
FROZEN = sorted(path.parent.parent.name for path in ROOT.glob("board/*/micropython/manifest.py"))
FILES = {"board.json", "manifest.py", "mpconfigboard.cmake", "mpconfigboard.h", "partitions.csv", "pins.csv"} | {
    "sdkconfig.board"
}
SDKCONFIG = {
    "CONFIG_ESPTOOLPY_FLASHSIZE_4MB": {""},
    "CONFIG_ESPTOOLPY_FLASHSIZE_16MB": {"y"},
    "CONFIG_PARTITION_TABLE_CUSTOM": {"y"},
    "CONFIG_PARTITION_TABLE_CUSTOM_FILENAME": None,
    "CONFIG_LWIP_LOCAL_HOSTNAME": None,
}
"""Keys of MicroPython's own boards (ARDUINO_NANO_ESP32, ESP32_GENERIC_S3, UM_TINYWATCHS3); None for any text."""
PARTS_OF_THE_PORT = {
    "boards/mpconfigboard_esp32s3_common.cmake",
    "boards/sdkconfig.240mhz",
    "boards/sdkconfig.flash_qio_80m",
    "boards/sdkconfig.spiram_oct",
}
"""Files of ports/esp32 that a board may ask for; the first brings PSRAM on four lines and Bluetooth."""
DEFINES = {"MICROPY_HW_BOARD_NAME", "MICROPY_HW_MCU_NAME", "MICROPY_HW_I2C0_SCL", "MICROPY_HW_I2C0_SDA"}
FEATURES = {"BLE", "Battery Charging", "Display", "External Flash", "External RAM", "IMU", "LoRa", "Microphone"} | {
    "SDCard",
    "USB-C",
    "WiFi",
}
TYPES = {"app": APP, "data": DATA}
SUBTYPES = {("data", "nvs"): 2, ("data", "phy"): 1, ("data", "fat"): 0x81, ("app", "factory"): 0}
SECTOR, APP_ALIGNMENT = 0x1000, 0x10000
HOLES = {22, 23, 24, 25, *range(26, 33)}
"""GPIOs that the chip has not, or that its flash uses."""


def folder(name: str) -> Path:
    return ROOT / "board" / name / "micropython"


def frozen(manifest: str, at: Path) -> dict[str, Path]:
    """What a manifest freezes: name in the interpreter, file. Raises ValueError, NameError or FileNotFoundError."""
    found: dict[str, Path] = {}
    port: list[str] = []

    def package(name: str, files: tuple[str, ...] | None = None, base_path: str = ".", opt: int | None = None) -> None:
        base = (at / base_path).resolve()
        paths = [base / name / file for file in files] if files else sorted((base / name).rglob("*.py"))
        if not paths or opt not in (0, 1, 2, 3):
            raise ValueError(f"package {name}: nothing there, or no such level")
        for path in paths:
            path.stat()
            found[path.relative_to(base).as_posix()] = path

    exec(compile(manifest, "manifest.py", "exec"), {"include": port.append, "package": package})  # noqa: S102
    if port != ["$(PORT_DIR)/boards/manifest.py"]:
        raise ValueError("the port's own modules are left out")
    return found


def table(text: str) -> list[Partition]:
    """A partition table. Raises ValueError for what ESP-IDF would refuse."""
    found: list[Partition] = []
    for row in csv.reader(line for line in text.splitlines() if line.strip() and not line.startswith("#")):
        name, kind, subtype, offset, size = (cell.strip() for cell in row)
        number = int(subtype, 0) if subtype.startswith("0x") else SUBTYPES[(kind, subtype)]
        part = Partition(name, TYPES[kind], number, int(offset, 0), int(size, 0))
        if part.offset % (APP_ALIGNMENT if kind == "app" else SECTOR) or part.size % SECTOR or len(name) > 15:
            raise ValueError(f"{name}: alignment or name")
        if found and part.offset < found[-1].end:
            raise ValueError(f"{name} overlaps")
        found.append(part)
    return found


def settings(text: str) -> dict[str, str]:
    """A sdkconfig file. Raises ValueError for a key or value that is in none of MicroPython's boards."""
    pairs = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    for key, value in pairs.items():
        if key not in SDKCONFIG or (SDKCONFIG[key] is not None and value not in (SDKCONFIG[key] or ())):
            raise ValueError(f"{key}={value}")
    return pairs


def pins(text: str) -> dict[str, int]:
    """A list of pins. Raises ValueError for a GPIO that there is not, or one with two names."""
    rows = [re.fullmatch(r"([A-Z][A-Z0-9_]*),GPIO(\d+)", line) for line in text.splitlines()]
    found = {row[1]: int(row[2]) for row in rows if row}
    if len(found) != len(rows) or len(set(found.values())) != len(found) or HOLES & set(found.values()):
        raise ValueError("pins")
    if any(not 0 <= gpio <= 48 for gpio in found.values()):
        raise ValueError("pins")
    return found


def constants(source: str) -> dict[str, Any]:
    """Numbers that a board.py names: `_A, _B = const(1), const(2)`."""
    found: dict[str, Any] = {}

    def number(node: ast.expr) -> Any:
        inner = node.args[0] if isinstance(node, ast.Call) and node.args else node
        return inner.value if isinstance(inner, ast.Constant) else None

    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            names = [target.id for target in node.targets[0].elts if isinstance(target, ast.Name)]
            found |= dict(zip(names, map(number, node.value.elts), strict=False))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = number(node.value)
    return found


@pytest.mark.parametrize("name", FROZEN)
def test_it_freezes_what_an_image_has(name: str) -> None:
    """Every module of a release image, and no other board's."""
    found = frozen((folder(name) / "manifest.py").read_text(), folder(name))
    wanted = {
        path.removesuffix(".mpy") + ".py"
        for path in contents.sources(ROOT, boards.read(name), "release")
        if path.endswith(".mpy")
    }
    assert not wanted - set(found), sorted(wanted - set(found))
    others = [path for path in found if not path.startswith(("watch/", "drivers/", "board/parts/"))]
    assert set(others) == {f"board/{name}/board.py", "board/software_secret.py"}
    print(f"NOTE frozen.{name}_modules {len(found)}, of an image {len(wanted)}")


@pytest.mark.parametrize("name", FROZEN)
def test_the_folder_is_one_of_micropython(name: str) -> None:
    """Files, partitions, settings, pins, names: each read and held against the rest of the board."""
    at, board = folder(name), boards.read(name)
    assert {path.name for path in at.iterdir()} == FILES
    parts = table((at / "partitions.csv").read_text())
    stock = [*parts[:3]]
    assert parts == partitions.make_table(stock, board.flash_bytes), "docs/updates.md has another table"
    assert parts[-1].end == 16 << 20
    settings((at / "sdkconfig.board").read_text())
    cmake = (at / "mpconfigboard.cmake").read_text()
    asked = set(re.findall(r"boards/[\w.]+", cmake))
    assert asked <= PARTS_OF_THE_PORT and ("boards/sdkconfig.spiram_oct" in asked) == (board.psram == "octal")
    assert set(re.findall(r"\$\{MICROPY_BOARD_DIR\}/([\w.]+)", cmake)) <= FILES
    settings("\n".join(re.findall(r'"(CONFIG_[^"\\]+)', cmake)))
    source = (ROOT / "board" / name / "board.py").read_text()
    named, known = pins((at / "pins.csv").read_text()), constants(source)
    for label, gpio in named.items():
        assert known.get("_" + label.removeprefix("I2C_"), known.get("_" + label)) == gpio, label
    header = dict(re.findall(r"#define (\w+) (.+)", (at / "mpconfigboard.h").read_text()))
    assert set(header) == DEFINES
    assert (header["MICROPY_HW_I2C0_SCL"], header["MICROPY_HW_I2C0_SDA"]) == (
        f"({named['I2C_SCL']})",
        f"({named['I2C_SDA']})",
    )
    said = json.loads((at / "board.json").read_text())
    assert set(said["features"]) <= FEATURES and said["mcu"] == board.chip
    assert said["deploy_options"] == {"flash_offset": "0"}


def test_every_board_of_the_issue_has_one() -> None:
    assert FROZEN == ["lilygo_twatch_s3", "lilygo_twatch_ultra", "waveshare_amoled_206"]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (table, "nvs,data,nvs,0x9000,0x6000\nfactory,app,factory,0x11000,0x1f0000"),
        (table, "a,data,nvs,0x9000,0x6000\nb,data,phy,0xe000,0x1000"),
        (table, "a_name_of_16_char,data,nvs,0x9000,0x6000"),
        (settings, "CONFIG_SPIRAM_FAST=y"),
        (settings, "CONFIG_ESPTOOLPY_FLASHSIZE_16MB=n"),
        (pins, "A,GPIO26"),
        (pins, "A,GPIO1\nB,GPIO1"),
        (pins, "a,1"),
    ],
)
def test_a_wrong_file_is_noticed(read: Any, text: str) -> None:
    with pytest.raises(ValueError):  # each reader has its own words
        read(text)


@pytest.mark.parametrize(
    "manifest",
    [
        'package("watch", base_path="../../../firmware", opt=2)',
        'include("$(PORT_DIR)/boards/manifest.py")\npackage("wotch", base_path="../../../firmware", opt=2)',
        'include("$(PORT_DIR)/boards/manifest.py")\npackage("watch", files=("none.py",), base_path=".", opt=2)',
        'include("$(PORT_DIR)/boards/manifest.py")\nfreeze_all()',
    ],
)
def test_a_wrong_manifest_is_noticed(manifest: str) -> None:
    with pytest.raises((ValueError, NameError, FileNotFoundError)):
        frozen(manifest, folder(FROZEN[0]))
