"""The store and the packer: what was handed in, and whether its source gives the same bundle."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.apps import archive, bundle, manifest, pack, project
from tapwatch.apps.bundle import BundleProblem
from tapwatch.apps.faults import PackProblem
from tapwatch.bank.problems import RequestProblem, StateProblem
from tapwatch.errors import UserError
from tapwatch.signing.keys import PrivateKey
from tapwatch.store import icon_paths

if TYPE_CHECKING:
    from tapwatch.apps.bundle import BundleFile
    from tapwatch.apps.manifest import AppFields

_ENTRY, _FILES, _SOURCE, _TOOLS = 5, 11, 13, 14  # docs/bundles.md, `tapwatch/app`
ICON = "icon.img"
"""The picture of an app that has none of the watch's icons."""
MAX_ARCHIVE_BYTES = archive.MOST_BYTES
MAX_BUNDLE_BYTES = bundle.MOST_BYTES


@dataclass(frozen=True)
class Submitted:
    """A bundle and its source, which say the same."""

    file: BundleFile
    fields: AppFields

    @property
    def facts(self) -> dict[str, object]:
        """What the manifest says, for the catalogue and for reviewers."""
        fields = self.fields
        return {
            "name": fields.name,
            "kind": fields.kind,
            "api": fields.api,
            "icon": fields.icon,
            "colour": fields.colour,
            "picture": icon_paths.picture(self.file.files[ICON]) if ICON in self.file.files else None,
            "permissions": list(fields.permissions),
            "hosts": list(fields.hosts),
            "paid": fields.paid,
            "files": {name: [length, digest.hex()] for name, length, digest in self.file.manifest[_FILES]},
            "tools": self.file.manifest[_TOOLS],
        }


def opened(data: bytes, source: bytes) -> Submitted:
    """Read a bundle and its source archive. Nothing is compiled. Raises RequestProblem if they do not fit together."""
    try:
        file = bundle.read(data)
        fields = project.parse(archive.read(source), "the archive").fields
    except BundleProblem as error:
        raise RequestProblem(f"the bundle is damaged: {error}") from error
    except PackProblem as error:
        raise RequestProblem(str(error), "run `tapwatch app check`") from error
    said = file.manifest
    if said[_SOURCE] != hashlib.sha256(source).digest():
        raise RequestProblem("the archive is not the one that the bundle was packed from", "pack it again")
    again = manifest.payload(fields, said[_ENTRY], said[_FILES], said[_SOURCE], said[_TOOLS])
    if again != said or not isinstance(said[_TOOLS], str) or not isinstance(said[_ENTRY], str):
        raise RequestProblem("the manifest says something else than its source", "pack it again")
    if file.certificate is None or file.review is not None:
        raise RequestProblem("a bundle comes with the developer's certificate and without a review")
    return Submitted(file, fields)


def faults(source: bytes) -> list[str]:
    """What the packer finds wrong with an archive, line by line; nothing if it packs."""
    try:
        _packed(source)
    except PackProblem as error:
        return [str(fault) for fault in error.faults]
    return []


def check_same(data: bytes, source: bytes) -> None:
    """Pack the archive. Raises StateProblem unless the same manifest comes out, with the hash of every file."""
    wanted = bundle.read(data)
    try:
        made = _packed(source)
    except PackProblem as error:
        raise StateProblem("the source does not pack", "reject it; `tapwatch store review` shows the faults") from error
    if made.manifest[_TOOLS] != wanted.manifest[_TOOLS]:
        tools = f"{wanted.manifest[_TOOLS]!r}, not with {made.manifest[_TOOLS]!r}"
        raise StateProblem(f"it was packed with {tools}", "let the developer use the tools of this store")
    other = sorted(name for name in {*wanted.files, *made.files} if wanted.files.get(name) != made.files.get(name))
    if other or made.manifest != wanted.manifest:
        raise StateProblem(
            f"its source gives another bundle: {', '.join(other) or 'the manifest differs'}", "reject it"
        )


def countersigned(data: bytes, review: bytes, certificate: bytes) -> bytes:
    """The bundle with the store's review. Raises StateProblem if it is too large for that."""
    try:
        return bundle.countersigned(data, review, certificate)
    except BundleProblem as error:
        raise StateProblem(f"it cannot be countersigned: {error}", "reject it") from error


def _packed(source: bytes) -> BundleFile:
    """What the packer makes of an archive, signed by nobody: of two manifests only the contents are compared."""
    try:
        return bundle.read(pack.pack_files(archive.read(source), PrivateKey.generate()).bundle)
    except PackProblem:
        raise
    except UserError as error:
        raise StateProblem("the packer of this store does not work", error.hint) from error
