"""From a project to a bundle: the steps of docs/bundles.md, "From a folder to a bundle"."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.apps import bundle, manifest, pictures, project, rules, sourcemap, supers
from tapwatch.apps.compile import TOOLS, CompileProblem, compile_module
from tapwatch.apps.count import count
from tapwatch.apps.faults import Fault, PackProblem
from tapwatch.apps.fold import fold
from tapwatch.apps.mpy import interned
from tapwatch.apps.parsing import parsed
from tapwatch.apps.reduce import reduce
from tapwatch.apps.rename import rename
from tapwatch.apps.source import Source
from tapwatch.apps.text import text_of
from tapwatch.apps.vocabulary import vocabulary
from tapwatch.signing import cbor

if TYPE_CHECKING:
    from tapwatch.apps.project import Project
    from tapwatch.signing.signer import Signer

NAME_BYTES = 2_048
"""What a bundle may add to the names that MicroPython keeps for good."""
_NAME_OVERHEAD = 8
"""Bytes of an interned name besides its letters: place in the table of names, hash, length and end, on 32 bits
(py/qstr.c)."""
_NAMED = 5
WORDS = "words.cbor"


@dataclass(frozen=True)
class Packed:
    """What the packer has made."""

    bundle: bytes
    map: dict[str, Any]
    """What pool names and lines were in the source: `{"names": {pool: name}, "lines": {file: [line, ...]}}`."""
    files: dict[str, bytes]
    fields: manifest.AppFields
    interned: dict[str, int]
    """Names that loading the app adds for good, and their bytes."""


@dataclass(frozen=True)
class Built:
    """The unsigned contents of a bundle."""

    files: dict[str, bytes]
    map: dict[str, Any]
    entry: str
    interned: dict[str, int]


def pack(folder: Path, key: Signer, certificate: bytes | None = None) -> Packed:
    """Make the bundle of a project folder. Raises UserError; PackProblem with all faults.

    Args:
        folder: with `app.toml`.
        key: signs the manifest.
        certificate: of the developer, for a bundle that goes to a store.
    """
    return pack_project(project.load(Path(folder)), key, certificate)


def pack_files(files: dict[str, bytes], key: Signer, certificate: bytes | None = None) -> Packed:
    """The same from files by name, such as those of a source archive."""
    return pack_project(project.parse(files, "the archive"), key, certificate)


def pack_project(source: Project, key: Signer, certificate: bytes | None = None) -> Packed:
    """The same from a project that was read already."""
    built = build(source)
    said = manifest.payload(
        source.fields,
        built.entry,
        bundle.files_field(built.files),
        hashlib.sha256(source.archive).digest(),
        TOOLS,
    )
    try:
        data = bundle.write(key.sign(bundle.KIND, said), built.files, certificate)
    except bundle.BundleProblem as error:
        raise _problem(source, [Fault(manifest.FILE, 0, 0, "bundle-size", str(error))]) from error
    return Packed(data, built.map, built.files, source.fields, built.interned)


def build(source: Project) -> Built:
    """All but the signature. Raises PackProblem."""
    trees, faults = _parse(source)
    fields, texts = source.fields, frozenset(source.words.get("en", ()))
    faults += rules.judge(Source(trees, fields.entry, fields.kind, frozenset(fields.permissions), texts))
    images, wrong = pictures.convert(source.pictures)
    if faults or wrong:
        raise _problem(source, faults + wrong)
    names = vocabulary()
    fold(trees)
    for tree in trees.values():
        count(supers.plain(tree), names.spend)
    module, class_name = source.fields.entry.split(".")
    ordered = [trees[module], *(trees[name] for name in sorted(trees) if name != module)]
    pool = rename(ordered, class_name, names)
    if len(pool) > names.pool_names:
        message = f"{len(pool)} names of its own; at most {names.pool_names}"
        raise _problem(source, [Fault(manifest.FILE, 0, 0, "pool", message)])
    code, lines = _compile(source, trees)
    files = code | images
    if source.words:
        files[WORDS] = cbor.encode(source.words)
    added = _added(code, set(pool) | names.known | set(trees))
    wrong = _sizes(files) + _budget(added)
    if wrong:
        raise _problem(source, wrong)
    renamed = next((pooled for pooled, name in pool.items() if name == class_name), class_name)
    return Built(files, {"names": pool, "lines": lines}, f"{module}.{renamed}", added)


def _parse(source: Project) -> tuple[dict[str, ast.Module], list[Fault]]:
    """The modules without annotations and remarks, by name."""
    trees: dict[str, ast.Module] = {}
    faults = []
    for name, text in source.modules.items():
        try:
            trees[name] = reduce(parsed(text, name + ".py"))
        except SyntaxError as error:
            faults.append(Fault(name + ".py", error.lineno or 1, error.offset or 1, "syntax", _in_utf8(error.msg)))
        except (ValueError, RecursionError, MemoryError) as error:
            faults.append(Fault(name + ".py", 1, 1, "syntax", f"the file cannot be read: {error}"))
    return trees, faults


def _in_utf8(said: str) -> str:
    """What the parser says; of a file in another encoding, what to do."""
    return "the file is not UTF-8: save it anew as UTF-8" if said.startswith("(unicode error)") else said


def _compile(source: Project, trees: dict[str, ast.Module]) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    code: dict[str, bytes] = {}
    lines: dict[str, list[int]] = {}
    faults = []
    for name, tree in sorted(trees.items()):
        file = name + ".py"
        text = text_of(tree)
        lines[file] = sourcemap.lines(tree, text)
        try:
            code[name + ".mpy"] = compile_module(text, file)
        except CompileProblem as error:
            line = lines[file][min(error.line, len(lines[file])) - 1]
            faults.append(Fault(file, line or 1, 1, "compile", str(error)))
    if faults:
        raise _problem(source, faults)
    return code, lines


def _added(code: dict[str, bytes], known: set[str]) -> dict[str, int]:
    """Names of compiled modules that no watch has yet."""
    found = {name for data in code.values() for name in interned(data)} - known
    return {name: len(name.encode()) + _NAME_OVERHEAD for name in sorted(found)}


def _sizes(files: dict[str, bytes]) -> list[Fault]:
    faults = [
        Fault(name.replace(".mpy", ".py"), 0, 0, "module-size", f"compiled {len(data)} bytes; at most {most}")
        for name, data in files.items()
        for most in (bundle.MOST_MODULE_BYTES,)
        if name.endswith(".mpy") and len(data) > most
    ]
    if len(files) > bundle.MOST_FILES:
        message = f"{len(files)} files in the bundle; at most {bundle.MOST_FILES}"
        faults.append(Fault(manifest.FILE, 0, 0, "bundle-files", message))
    return faults


def _budget(added: dict[str, int]) -> list[Fault]:
    total = sum(added.values())
    if total <= NAME_BYTES:
        return []
    longest = ", ".join(repr(name) for name in sorted(added, key=lambda name: (-added[name], name))[:_NAMED])
    message = (
        f"its short texts take {total} bytes that the watch never gets back; at most {NAME_BYTES}. Put texts into "
        f"words.toml, or use numbers instead; the longest: {longest}"
    )
    return [Fault(manifest.FILE, 0, 0, "names", message)]


def _problem(source: Project, faults: list[Fault]) -> PackProblem:
    return PackProblem(f"app {source.fields.id}", faults)
