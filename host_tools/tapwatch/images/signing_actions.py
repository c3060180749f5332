"""`tapwatch image sign` and `tapwatch image verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.images import check, container, development, files, posture, signers
from tapwatch.images.statement import RELEASE, THRESHOLD, version_text
from tapwatch.signing import private_file, revocations
from tapwatch.signing.actions import ask_of, folder_of
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.output import day, parse_time, show, table
from tapwatch.signing.verify import root_of

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.images.check import Verdict
    from tapwatch.signing.chain import Link


def sign(arguments: Namespace) -> int:
    """Add a signature to an image and write it."""
    image = files.taken_apart(arguments.image)
    signed = signers.added(image, folder_of(arguments), arguments.key, ask_of(arguments))
    target = arguments.out or arguments.image
    files.write(Path(target), signed)
    count, needed = len(container.read(signed).entries), THRESHOLD[image.statement.posture]
    said = image.statement
    facts = {"file": target, "board": said.board, "version": version_text(said.version), "posture": said.posture}
    facts |= {"body": said.body.hex(), "source": said.source.hex(), "signatures": count, "needed": needed}
    show(facts, arguments.json)
    return EXIT_OK


def verify(arguments: Namespace) -> int:
    """Check an image and print what was checked; EXIT_FAILED if anything is wrong."""
    data, (name, root) = files.read(arguments.image), _root(arguments)
    verdict = check.check(data, root, parse_time(arguments.at), _revoked(arguments, root))
    if verdict.good and verdict.payload[5] == RELEASE:
        verdict.links.extend(_fit(data, verdict))
    facts: dict[str, object] = {"file": arguments.image, "root": name, "signed_by": verdict.signers}
    facts |= {"needed": verdict.needed, "good": verdict.good, **_said(verdict)}
    if arguments.json:
        rows = [{**vars(link), "good": link.good, "result": link.result} for link in verdict.links]
        show({**facts, "links": rows}, True)
    else:
        heading = ("what", "name", "key id", "good from and to", "checked", "result")
        rows = [(link.what, link.name, link.id, link.dates, link.checked, link.result) for link in verdict.links]
        table([heading, *rows])
        print()
        show({**facts, "good": "all of it is good" if verdict.good else "NOT GOOD: see the last column"}, False)
    return EXIT_OK if verdict.good else EXIT_FAILED


def _fit(data: bytes, verdict: Verdict) -> list[Link]:
    """Of a release that is signed well: whether its files are those of one."""
    said = verdict.payload
    return posture.judge(container.read(data).files, said[1], ".".join(map(str, said[2])))


def _root(arguments: Namespace) -> tuple[str, bytes]:
    if arguments.root is None:
        return "that of development builds, whose key everybody can make", development.root_key().public
    name, public = root_of(folder_of(arguments), arguments.root)
    return name or arguments.root, public


def _revoked(arguments: Namespace, root: bytes) -> frozenset[int]:
    if arguments.revocations is None:
        return frozenset()
    data = private_file.read_public(Path(arguments.revocations), "the list", "check the name")
    try:
        return frozenset(revocations.check(data, root).serials)
    except SignatureProblem as problem:
        raise UserError(f"{arguments.revocations} is no revocation list of this root", "", EXIT_FAILED) from problem


def _said(verdict: Verdict) -> dict[str, object]:
    if not verdict.payload:
        return {}
    names = ("board", "version", "floor", "built", "posture", "length", "body", "source", "machine")
    said = dict(zip(names, (verdict.payload[key] for key in range(1, 10)), strict=True))
    return said | {
        "version": ".".join(map(str, said["version"])),
        "floor": ".".join(map(str, said["floor"])),
        "built": day(said["built"]),
        "body": said["body"].hex(),
        "source": said["source"].hex(),
    }
