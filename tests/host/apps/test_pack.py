"""Bundles are the same bytes everywhere, what is in them is what is promised, and every built-in app is one."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cwt import COSE, COSEKey
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

from tapwatch.apps import builtin, bundle, pack, project, sourcemap
from tapwatch.apps.system_key import system_key
from tapwatch.apps.vocabulary import vocabulary
from tests.host.apps.projects import APP, faults_of, files, written

ROOT = Path(__file__).parents[3]
BUILT_IN = sorted(path.parent.name for path in (ROOT / "firmware/apps").glob("*/app.toml"))
_COUNTED = """
import sys
from pathlib import Path
from tapwatch.apps import builtin
packed, plain = [], builtin._pack
def counted(folder, *rest):
    packed.append(folder.name)
    plain(folder, *rest)
builtin._pack = counted
builtin.refresh(Path(sys.argv[1]))
print(*packed)
"""
_AGAIN = """
import hashlib, os, sys
from pathlib import Path
from tapwatch.apps.pack import pack
from tapwatch.apps.system_key import system_key
os.umask(int(sys.argv[2]))
print(hashlib.sha256(pack(Path(sys.argv[1]), system_key()).bundle).hexdigest())
"""


@pytest.fixture(scope="module")
def built() -> dict[str, pack.Packed]:
    return {app: pack.pack(ROOT / "firmware/apps" / app, system_key()) for app in BUILT_IN}


@pytest.mark.parametrize(
    ("locale", "umask", "zone", "hash_seed"), [("C", "0", "UTC", "1"), ("zh_CN.UTF-8", "63", "Asia/Shanghai", "2")]
)
def test_the_same_bytes_in_another_place(tmp_path: Path, locale: str, umask: str, zone: str, hash_seed: str) -> None:
    made = files(icon__txt="x", help__md="y")
    folder = written(tmp_path / f"somewhere {umask}", made)
    for place, path in enumerate(sorted(folder.iterdir(), reverse=True)):
        os.utime(path, (place * 1000, place * 1000))
        path.chmod(0o600 if place % 2 else 0o755)
    environment = {**os.environ, "LC_ALL": locale, "TZ": zone, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-c", _AGAIN, str(folder), umask]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    here = pack.pack_files(made, system_key()).bundle
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()


@pytest.mark.share("vectors")
def test_other_libraries_read_the_envelope(built: dict[str, pack.Packed]) -> None:
    public = system_key().public
    x, y = public[:32], public[32:]
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + public)
    for packed in built.values():
        made = bundle.read(packed.bundle)
        head = cbor2.loads(packed.bundle[6 : 6 + int.from_bytes(packed.bundle[4:6], "big")])
        assert head[0] == made.envelope and head[1:] == [None, None, None]
        message = Sign1Message.from_cose_obj(cbor2.loads(made.envelope), allow_unknown_attributes=True)
        message.key = EC2Key(crv=P256, x=x, y=y)
        assert message.verify_signature()
        key = COSEKey.new({1: 2, 2: system_key().key_id, 3: -7, -1: 1, -2: x, -3: y})  # RFC 9052 section 7
        tagged = b"\xd2" + made.envelope  # the tag of COSE_Sign1, which our form leaves out
        assert COSE.new().decode(tagged, key) == message.payload
        protected, _, payload, signature = cbor2.loads(made.envelope)
        signed = cbor2.dumps(["Signature1", protected, b"", payload])
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        point.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
        assert cbor2.loads(payload) == made.manifest


def test_the_manifest_says_what_the_project_says() -> None:
    made = files()
    packed = pack.pack_files(made, system_key())
    manifest = bundle.read(packed.bundle).manifest
    assert manifest[1] == "tally" and manifest[2] == [1, 2, 3] and manifest[5] == "app.n0"
    assert manifest[6] == {"en": "Tally", "zh": "计数"} and manifest[9] == ["haptics"] and manifest[10] == []
    assert [entry[0] for entry in manifest[11]] == ["app.mpy", "words.cbor"] and manifest[12] is False
    assert manifest[13] == hashlib.sha256(project.parse(made, "").archive).digest()
    assert cbor2.loads(packed.files["words.cbor"]) == {"en": {"more": "One more"}, "zh": {"more": "加一"}}
    english = pack.pack_files(files(app__toml=_without_chinese()), system_key())
    assert bundle.read(english.bundle).manifest[6] == {"en": "Tally", "zh": "Tally"}


def _without_chinese() -> str:
    return files()["app.toml"].decode().replace('name.zh = "计数"\n', "")


def test_every_built_in_app_is_a_bundle_within_its_bounds(built: dict[str, pack.Packed]) -> None:
    assert len(BUILT_IN) >= 19
    names = {app: sum(packed.interned.values()) for app, packed in built.items()}
    sizes = {app: len(packed.bundle) for app, packed in built.items()}
    pools = {app: len(packed.map["names"]) for app, packed in built.items()}
    worst = max(names, key=lambda app: names[app])
    print(f"NOTE apps.bundles {len(built)} bundles, {sum(sizes.values())} bytes, largest {max(sizes.values())}")
    print(f"NOTE apps.names most short texts {names[worst]} of {pack.NAME_BYTES} bytes ({worst})")
    print(f"NOTE apps.pool most names {max(pools.values())} of {vocabulary().pool_names}")
    for app, packed in built.items():
        assert names[app] <= pack.NAME_BYTES, (app, packed.interned)
        assert all(
            len(data) <= bundle.MOST_MODULE_BYTES for name, data in packed.files.items() if name.endswith(".mpy")
        )


def test_build_apps_is_current_and_made_again_when_something_changes(tmp_path: Path) -> None:
    written(tmp_path / "firmware/apps/tally", files())
    written(tmp_path / "firmware/apps/other", files(app__toml=_without_chinese().replace('"tally"', '"other"')))
    made = builtin.refresh(tmp_path)
    assert sorted(path.name for path in made.iterdir()) == ["other.twb", "tally.twb"]
    before = {path.name: path.stat().st_mtime_ns for path in made.iterdir()}
    builtin.refresh(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in made.iterdir()} == before, "nothing had changed"
    written(tmp_path / "firmware/apps/tally", {"app.py": (APP + "X = 1\n").encode()})
    (made / "other.twb").write_bytes((made / "other.twb").read_bytes()[:-1])
    builtin.refresh(tmp_path)
    after = {path.name: path.stat().st_mtime_ns for path in made.iterdir()}
    assert all(after[name] != before[name] for name in before), "a changed source and a damaged bundle"
    assert builtin.read_map("tally", tmp_path)["names"]["n0"] == "Tally"
    for path in (tmp_path / "firmware/apps/other").iterdir():
        path.unlink()
    builtin.refresh(tmp_path)
    assert [path.name for path in made.iterdir()] == ["tally.twb"]


def test_each_app_is_packed_once_by_processes_side_by_side(tmp_path: Path) -> None:
    for place in range(4):
        told = _without_chinese().replace('"tally"', f'"app{place}"')
        written(tmp_path / f"firmware/apps/app{place}", files(app__toml=told))
    command = [sys.executable, "-c", _COUNTED, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    packed = [name for process in running for name in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(packed) == [f"app{place}" for place in range(4)], "each once"
    made = sorted((tmp_path / "build/apps").iterdir())
    assert [path.name for path in made] == [f"app{place}.twb" for place in range(4)]
    for path in made:
        bundle.read(path.read_bytes())


def test_short_texts_have_a_budget() -> None:
    many = "".join(f"X{place} = 'text{place:05}'\n" for place in range(200))
    (fault,) = faults_of(many)
    assert fault.rule == "names" and "text00000" in fault.message
    names = "".join(f"name_of_mine_{place} = {place}\n" for place in range(600))
    (fault,) = faults_of(names)
    assert fault.rule == "pool" and "at most 512" in fault.message
    (fault,) = faults_of("X = (" + "'a text that is too long to be kept for good', " * 700 + ")\n")
    assert fault.rule == "module-size" and fault.file == "app.py"


def test_tracebacks_are_read_with_the_map() -> None:
    packed = pack.pack_files(files(), system_key())
    pooled = {name: pool for pool, name in packed.map["names"].items()}
    wanted = next(line for line, text in enumerate(APP.splitlines(), 1) if "self._figures.set" in text)
    compiled = packed.map["lines"]["app.py"].index(wanted) + 1
    told = f'Traceback (most recent call last):\n  File "app.py", line {compiled}, in {pooled["_more"]}\nKeyError: '
    read = sourcemap.translate(told, json.loads(json.dumps(packed.map)))
    assert f'File "app.py", line {wanted}, in _more' in read
    assert sourcemap.translate('File "other.py", line 3, in n999', packed.map) == 'File "other.py", line 3, in n999'
