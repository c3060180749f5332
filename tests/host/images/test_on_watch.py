"""The whole firmware as an image for this computer: what boots a watch mounts it, and a watch starts from it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tapwatch.images import development
from tapwatch.images.build import Built, build
from tapwatch.images.check import check
from tests.host.images import trees
from tests.host.images.reader import read
from tests.host.images.trees import BUILT_S, ROOT, plan_of

MICROPYTHON = Path(sys.executable).with_name("micropython")
PROGRAM = ROOT / "tests/host/images/programs/mount_image.py"
NEEDED = platform.machine() in ("x86_64", "AMD64")


@pytest.fixture(scope="module")
def whole() -> Built:
    """An image of this checkout for a computer. What it is compiled to is kept in build/images for the next run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(BUILT_S))
        return build(plan_of(trees.whole(), machine="x64"))


def started(folder: Path) -> subprocess.CompletedProcess[str]:
    """What MicroPython says that boots the image in `folder`, with nothing else to import firmware from."""
    command = [str(MICROPYTHON), "-X", "heapsize=8M", str(PROGRAM), str(folder)]
    environment = {**os.environ, "MICROPYPATH": f"{ROOT / 'firmware'}:.frozen"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not NEEDED, reason="only x86-64 has a compiler for viper functions: NO image was started")
def test_a_watch_starts_from_an_image(whole: Built, tmp_path: Path) -> None:
    (tmp_path / "a.twi").write_bytes(whole.image)
    done = started(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["kind"] == "Watch" and told["version"] == "1.4.0" and told["windows"] > 0
    strangers = {name: place for name, place in told["places"].items() if not place.startswith("/slot/")}
    assert not strangers and len(told["places"]) > 200
    print(f"NOTE images: a watch of {len(told['places'])} modules started from an image of {len(whole.image)} bytes")


@pytest.mark.skipif(not NEEDED, reason="only x86-64 has a compiler for viper functions: NO image was started")
def test_a_module_that_is_missing_from_the_image_is_missed(whole: Built, tmp_path: Path) -> None:
    """Nothing else is there to import it from: a watch would not start either."""
    other = whole.image.replace(b"watch/storage/settings.mpy ", b"watch/storage/zettings.mpy ")
    (tmp_path / "a.twi").write_bytes(other)
    done = started(tmp_path)
    assert done.returncode != 0 and "no module named 'watch.storage.settings'" in done.stderr + done.stdout


def test_the_whole_image_is_good_and_complete(whole: Built) -> None:
    assert check(whole.image, development.root_key().public, BUILT_S).good
    _, _, files = read(whole.image)
    assert files == whole.files
    modules = {path.relative_to(ROOT / "firmware").as_posix() for path in (ROOT / "firmware/watch").rglob("*.py")}
    assert {path.replace(".py", ".mpy") for path in modules} <= set(files)
    apps = {path.parent.name for path in (ROOT / "firmware/apps").glob("*/app.toml")}
    assert {f"apps/{app}.twb" for app in apps} <= set(files)
    assert not [path for path in files if "simulator" in path or ".small." in path]
    fonts, _ = sorted(whole.rooms.items(), key=lambda room: -room[1][1])[:2]
    assert fonts[0] == "fonts"
