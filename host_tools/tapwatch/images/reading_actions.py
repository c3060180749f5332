"""`tapwatch image show` and `tapwatch image diff`: what is in images. Neither checks a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.images import files, report
from tapwatch.images.container import Image, ImageProblem
from tapwatch.images.statement import version_text
from tapwatch.signing import certificates, envelope
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.output import day
from tapwatch.signing.output import show as print_facts

if TYPE_CHECKING:
    from argparse import Namespace


def show(arguments: Namespace) -> int:
    """Print what an image says, who says so, and its rooms."""
    image, size = files.taken_apart(arguments.image), len(files.read(arguments.image))
    found = _files(image, arguments.image)
    rooms = report.by_room(found, size)
    facts = {"file": arguments.image, "bytes": size, **_statement(image), "signed_by": _names(image)}
    if arguments.json:
        print_facts({**facts, **report.facts(rooms, found)}, True)
        return EXIT_OK
    print("\n".join(report.table(rooms)))
    if arguments.files:
        print("\n" + "\n".join(f"{len(data):>9,}  {path}" for path, data in sorted(found.items())))
    print()
    print_facts({**facts, "checked": "nothing: see `tapwatch image verify`"}, False)
    return EXIT_OK


def diff(arguments: Namespace) -> int:
    """Print in what two images differ; EXIT_FAILED if they do. Who signed them does not count."""
    old, new = files.taken_apart(arguments.old), files.taken_apart(arguments.new)
    said, says = _statement(old), _statement(new)
    fields = {name: [said[name], says[name]] for name in said if said[name] != says[name]}
    before, after = _files(old, arguments.old), _files(new, arguments.new)
    sizes = {path: [len(before.get(path, b"")), len(after.get(path, b""))] for path in sorted(before | after)}
    changed = {path: size for path, size in sizes.items() if before.get(path) != after.get(path)}
    same = old.payload == new.payload
    if arguments.json:
        print_facts({"same": same, "fields": fields, "files": changed}, True)
    else:
        for path, (was, now) in changed.items():
            print(f"{_word(path, before, after):<8}{was:>10,}{now:>10,}  {path}")
        print_facts({name: f"{was}  ->  {now}" for name, (was, now) in fields.items()}, False)
        print("the same: what is signed is one and the same" if same else f"{len(changed)} files differ")
    return EXIT_OK if same else EXIT_FAILED


def _word(path: str, before: dict[str, bytes], after: dict[str, bytes]) -> str:
    if path not in before:
        return "new"
    return "changed" if path in after else "gone"


def _files(image: Image, name: str) -> dict[str, bytes]:
    try:
        return image.files
    except ImageProblem as problem:
        raise UserError(f"the index of {name} is wrong", "", EXIT_FAILED) from problem


def _statement(image: Image) -> dict[str, object]:
    said = image.statement
    return {
        "board": said.board,
        "version": version_text(said.version),
        "floor": version_text(said.floor),
        "built": day(said.built_s),
        "posture": said.posture,
        "machine": said.machine,
        "body": said.body.hex(),
        "source": said.source.hex(),
    }


def _names(image: Image) -> list[str]:
    """Names in the certificates, unchecked."""
    found = []
    for entry in image.entries:
        try:
            found.append(certificates.read(envelope.parse(entry.certificate)).name)
        except SignatureProblem as problem:
            found.append(f"? ({problem})")
    return found
