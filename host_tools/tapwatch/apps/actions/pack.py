"""`tapwatch app pack`: the bundle of a project, and what it takes on the watch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.develop import key as keys
from tapwatch.errors import EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse

    from tapwatch.apps.pack import Packed

HELP = "make the signed bundle of a project"
_WIDTH = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument(
        "project", type=Path, nargs="?", default=Path(), metavar="DIR", help="folder with app.toml (default: here)"
    )
    keys.add_arguments(parser)
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="yours, from the root, for a store")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the bundle (default: DIR/ID.twb)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Pack, write bundle and map, and show sizes, permissions and names."""
    from tapwatch.apps import pack

    key = keys.own_key(arguments.key)
    packed = pack.pack(arguments.project, key, keys.certificate(arguments.certificate, key))
    output = arguments.output or arguments.project / f"{packed.fields.id}.twb"
    _write(output, packed.bundle)
    _write(output.with_suffix(".map.json"), json.dumps(packed.map, sort_keys=True, ensure_ascii=False).encode())
    print(json.dumps(_record(packed, output), indent=2) if arguments.json else _table(packed, output))
    return EXIT_OK


def _record(packed: Packed, output: Path) -> dict[str, object]:
    from tapwatch.apps.pack import NAME_BYTES

    return {
        "bundle": str(output),
        "bytes": len(packed.bundle),
        "files": {name: len(data) for name, data in packed.files.items()},
        "permissions": list(packed.fields.permissions),
        "hosts": list(packed.fields.hosts),
        "pool_names": len(packed.map["names"]),
        "name_bytes": sum(packed.interned.values()),
        "name_bytes_at_most": NAME_BYTES,
    }


def _table(packed: Packed, output: Path) -> str:
    from tapwatch.apps.pack import NAME_BYTES
    from tapwatch.apps.plain_words import PERMISSIONS
    from tapwatch.apps.vocabulary import vocabulary

    fields = packed.fields
    version = ".".join(map(str, fields.version))
    lines = [f"{fields.name['en']} {version}, {fields.kind} {fields.id}", ""]
    lines += [f"  {name:{_WIDTH}}{len(data):>8} bytes" for name, data in sorted(packed.files.items())]
    head = len(packed.bundle) - sum(map(len, packed.files.values()))
    lines += [
        f"  {'head and signature':{_WIDTH}}{head:>8} bytes",
        f"  {'bundle':{_WIDTH}}{len(packed.bundle):>8} bytes",
    ]
    lines += ["", "It may:"]
    lines += [f"  {PERMISSIONS[name]}" for name in fields.permissions] or ["  do nothing but show itself"]
    lines += [f"  ask {host}" for host in fields.hosts]
    kept, most = sum(packed.interned.values()), vocabulary().pool_names
    lines += [
        "",
        f"{len(packed.map['names'])} of {most} pool names; short texts kept for good: {kept} of {NAME_BYTES} bytes",
    ]
    return "\n".join([*lines, f"wrote {output}"])


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UserError(f"{path} cannot be written", "choose another place with -o") from error
