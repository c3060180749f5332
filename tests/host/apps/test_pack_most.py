"""The most of everything that a project may have: the packer makes it, `verify` and the watch take it."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tapwatch.apps import bundle, manifest, pack, words
from tapwatch.apps.vocabulary import vocabulary
from tapwatch.compiled import search_path
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.manifest_form import manifest_problems
from tests.host.apps.projects import faults, files

if TYPE_CHECKING:
    from tapwatch.signing.signer import Signer

ROOT = Path(__file__).parents[3]
MICROPYTHON = Path(sys.executable).parent / "micropython"
ID = "a" * 24
IMAGES, SMALL_MODULES = 18, 4
_HOSTS = tuple(f"{letter * 59}.com" for letter in "abcd")
_TEXT = 40
"""Characters: with keys of 24, 240 texts of so many fill the file of words."""
_FUNCTIONS = 86
"""So many of them fill a module."""
_PIXELS = 72
_INSTALL = """
from support.bundles import Home
from watch.apps.shelf import file_tree
file_tree.removed({folder!r})
for name in ("", "/firmware", "/files"):
    file_tree.made({folder!r} + name)
with open("build/apps/torch.twb", "rb") as source, open({folder!r} + "/firmware/torch.twb", "wb") as copy:
    copy.write(source.read())
home = Home({folder!r})
home.shelf.enrol(bytes.fromhex({public!r}), "Max")
with open({path!r}, "rb") as file:
    home.install(file.read())
bundle = home.shelf.open({app!r})
print(len(bundle.manifest.files), len(bundle.manifest.permissions), len(bundle.manifest.hosts))
print(len(bundle.words("en")), len(bundle.words("zh")), home.shelf.find({app!r}).bytes)
"""


def _app_toml() -> str:
    permissions = json.dumps(list(manifest.PERMISSIONS))
    return (
        f'id = "{ID}"\nversion = "9999.9999.9999"\nkind = "app"\napi = 1\nentry = "{"m" * 24}.Most"\n'
        f'name.en = "{"W" * 24}"\nname.zh = "{"表" * 24}"\ncolour = 0xFFFFFF\n'
        f"permissions = {permissions}\nhosts = {json.dumps(list(_HOSTS))}\npaid = true\n"
    )


def _words_toml() -> str:
    keys = [f"k{number:023d}" for number in range(words.MOST_TEXTS)]
    rows = "\n".join(f'{key} = "{"x" * _TEXT}"' for key in keys)
    return f"[en]\n{rows}\n\n[zh]\n{rows}\n"


def _module(functions: int, names: int) -> str:
    """A class with so many functions, and attributes of its own up to so many names."""
    lines = ["from watch.apps.api import App", "", "class Most(App):"]
    lines += ["    def open(self, watch):"]
    lines += [f"        self.a{number} = {number}" for number in range(names)]
    for number in range(functions):
        lines += [f"    def f{number}(self, first):", "        total = 0"]
        lines += [f"        total += first * {1000 + turn} + self.a{turn % names}" for turn in range(14)]
        lines += ["        return total"]
    return "\n".join(lines) + "\n"


def _picture(seed: int, width: int, height: int) -> bytes:
    """Noise of 16 colours: the runs are as long as they can be."""
    noise = random.Random(seed)
    image = Image.new("RGB", (width, height))
    image.putdata([(17 * (value := noise.randrange(15)), 255 - 17 * value, 128) for _ in range(width * height)])
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


@pytest.fixture(scope="module")
def project() -> dict[str, bytes]:
    pool = vocabulary().pool_names
    made: dict[str, bytes] = {"app.toml": _app_toml().encode(), "words.toml": _words_toml().encode()}
    made["m" * 24 + ".py"] = _module(_FUNCTIONS, pool - _FUNCTIONS - 4).encode()
    for number in range(SMALL_MODULES):
        made[f"n{number:023d}.py"] = b"from watch.apps.api import App\n"
    for number in range(IMAGES - 1):
        made[f"i{number:023d}.png"] = _picture(number, _PIXELS, 34)
    made["icon.png"] = _picture(99, _PIXELS, _PIXELS)
    return made


def _installed(packed: pack.Packed, key: Signer, folder: Path) -> list[str]:
    """What the watch says of a bundle that it has checked and installed."""
    path = folder / "most.twb"
    path.write_bytes(packed.bundle)
    script = _INSTALL.format(folder=str(folder / "watch"), public=key.public.hex(), path=str(path), app=ID)
    environment = dict(os.environ, MICROPYPATH=f"{search_path()}:tests/firmware:board/simulator/stand_ins:.")
    command = [str(MICROPYTHON), "-X", "heapsize=8M", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_the_most_of_everything_is_packed_verified_and_installed(project: dict[str, bytes], tmp_path: Path) -> None:
    key = PrivateKey.generate()
    packed = pack.pack_files(project, key)
    module = len(packed.files["m" * 24 + ".mpy"])
    names = len(packed.map["names"])
    print(
        f"NOTE pack.most: bundle {len(packed.bundle)}, module {module} bytes, {len(packed.files)} files, {names} names"
    )
    assert len(packed.files) == bundle.MOST_FILES
    assert names >= vocabulary().pool_names - 4
    assert module > bundle.MOST_MODULE_BYTES * 0.97
    assert len(packed.files["words.cbor"]) > words.MOST_BYTES * 0.97
    assert len(packed.bundle) > bundle.MOST_BYTES * 0.97
    assert manifest_problems(bundle.read(packed.bundle).manifest) == []
    texts = words.MOST_TEXTS
    assert _installed(packed, key, tmp_path) == [
        f"{bundle.MOST_FILES} {len(manifest.PERMISSIONS)} {manifest.MOST_HOSTS}",
        f"{texts} {texts} {len(packed.bundle)}",
    ]


def test_one_more_is_refused_by_the_packer(project: dict[str, bytes]) -> None:
    toml, text = _app_toml(), _words_toml()
    # Small pictures and a small module: they are looked at each time.
    plain = {name: _picture(9, 9, 9) if name.endswith(".png") else data for name, data in project.items()}
    plain["m" * 24 + ".py"] = _module(1, 1).encode()
    more = {
        "files": plain | {"one.py": b""},
        "host": plain | {"app.toml": toml.replace('"' + _HOSTS[0], '"e.com", "' + _HOSTS[0]).encode()},
        "name": plain | {"app.toml": toml.replace("W" * 24, "W" * 25).encode()},
        "text": plain | {"words.toml": text.replace("[zh]", 'more = "x"\n[zh]').encode()},
        "texts": plain | {"words.toml": text.replace("x" * _TEXT, "x" * (_TEXT + 4)).encode()},
        "pool": plain | {"m" * 24 + ".py": _module(1, vocabulary().pool_names).encode()},
        "module": plain
        | {"m" * 24 + ".py": _module(_FUNCTIONS + 6, vocabulary().pool_names - _FUNCTIONS - 10).encode()},
    }
    assert not faults(plain), "what is refused is the one more"
    for name, made in more.items():
        assert faults(made), name


NAMES = (
    "Two  spaces",
    " first",
    "last ",
    "no\u00adhyphen",
    "no\u200bwidth",
    "icon\ue000",
    "\U0001f600",
    "a\u00a0b",
    "",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_the_watch_refuses_is_refused_before(name: str) -> None:
    toml = f'name.en = {json.dumps(name)}\nname.zh = "计数"'
    made = files()
    made["app.toml"] = made["app.toml"].replace('name.en = "Tally"\nname.zh = "计数"'.encode(), toml.encode())
    assert faults(made) or made == files()
    fields = bundle.read(pack.pack_files(files(), PrivateKey.generate()).bundle).manifest
    for names in ({"en": name, "zh": "计数"}, {"en": "Tally"}):
        assert manifest_problems(fields | {6: names})
