"""`tapwatch app sign`: a bundle that somebody has packed, under your key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.develop import key as keys
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError

if TYPE_CHECKING:
    import argparse

    from tapwatch.apps.bundle import BundleFile

HELP = "sign a bundle anew with your key: the same app, another developer; a store's review of it goes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the action takes."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="what `tapwatch app pack` has made")
    keys.add_arguments(parser)
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="yours, from the root, for a store")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there (default: in its place)")


def run(arguments: argparse.Namespace) -> int:
    """Sign what the manifest says, write the bundle, and say whose it is now."""
    from tapwatch.apps import bundle
    from tapwatch.signing import envelope, private_file

    read = _bundle(arguments.bundle)
    key = keys.own_key(arguments.key)
    certificate = keys.certificate(arguments.certificate, key)
    signed = key.sign_bytes(bundle.KIND, envelope.parse(read.envelope).payload_bytes)
    try:
        data = bundle.write(signed, read.files, certificate)
    except bundle.BundleProblem as problem:
        raise UserError(f"{arguments.bundle} cannot be signed", "", EXIT_FAILED) from problem
    target = arguments.output or arguments.bundle
    private_file.replace(target, data)
    print(f"{target}: {len(data)} bytes, signed by {keys.grouped(key)}")
    return EXIT_OK


def _bundle(path: Path) -> BundleFile:
    from tapwatch.apps import bundle

    try:
        return bundle.read(path.read_bytes())
    except OSError as problem:
        raise UserError(f"{path} cannot be read", "Is the name right?") from problem
    except bundle.BundleProblem as problem:
        raise UserError(f"{path} is no bundle", "Name what `tapwatch app pack` has made.", EXIT_FAILED) from problem
