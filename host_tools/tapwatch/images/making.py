"""`tapwatch build`: the image of a board, its size report, and who has to sign it still."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.images import boards, brand, compiling, container, files, posture, report, signers
from tapwatch.images.build import Built, Plan, plan
from tapwatch.images.build import build as make
from tapwatch.images.statement import DEVELOPMENT, RELEASE, THRESHOLD, XTENSAWIN, version_text
from tapwatch.signing import envelope
from tapwatch.signing.actions import ask_of, folder_of
from tapwatch.signing.output import day, show

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.images.build import Sign

SUFFIX, REPORT_SUFFIX = ".twi", ".json"


def build(arguments: Namespace) -> int:
    """Make an image and write it with its report."""
    begun = time.perf_counter()
    root = Path(arguments.source).resolve() if arguments.source else boards.ROOT
    posture = RELEASE if arguments.release else DEVELOPMENT
    own = brand.read(Path(arguments.brand)) if arguments.brand else None
    wanted = plan(root, arguments.board, arguments.version, arguments.floor, posture, arguments.march, own)
    built = make(wanted, _sign(arguments))
    target = Path(arguments.out) / file_name(wanted)
    files.write(target, built.image)
    facts = described(built, target)
    text = json.dumps(facts, indent=1, ensure_ascii=False) + "\n"
    files.write(target.with_suffix(REPORT_SUFFIX), text.encode())
    if arguments.json:
        print(json.dumps(facts))
    else:
        _print(built, wanted, {**facts, "file": str(target)}, time.perf_counter() - begun)
    return EXIT_OK


def file_name(wanted: Plan) -> str:
    """What the image is called: BOARD.twi, releases with their version, those for a computer with its name."""
    version = f"-{version_text(wanted.version)}" if wanted.posture == RELEASE else ""
    machine = "" if wanted.machine == XTENSAWIN else f".{wanted.machine}"
    return wanted.board.name + version + machine + SUFFIX


def described(built: Built, target: Path) -> dict[str, object]:
    """The size report for programs, and what the image says of itself."""
    said = built.statement
    signed = [envelope.parse(entry.envelope).key_id.hex() for entry in container.read(built.image).entries]
    return {
        "file": target.name,
        "bytes": len(built.image),
        "sha256": hashlib.sha256(built.image).hexdigest(),
        "board": said.board,
        "version": version_text(said.version),
        "floor": version_text(said.floor),
        "posture": said.posture,
        "machine": said.machine,
        "built_s": said.built_s,
        "body": said.body.hex(),
        "source": said.source.hex(),
        "signers": signed,
        "signers_needed": THRESHOLD[said.posture],
        "tools": compiling.TOOLS,
        **report.facts(built.rooms, built.files),
    }


def _sign(arguments: Namespace) -> Sign | None:
    """How the image is signed; None for the key of development builds."""
    if not (arguments.key or arguments.keys):
        if arguments.release:
            hint = "say which with --key NAME, and where it is with --keys DIR"
            raise UserError("a release is signed with update keys of its manufacturer", hint, EXIT_USAGE)
        return None
    folder, ask = folder_of(arguments), ask_of(arguments)
    return lambda payload: signers.entries(payload, folder, arguments.key, ask)


def _print(built: Built, wanted: Plan, facts: dict[str, object], took_s: float) -> None:
    print("\n".join(report.table(built.rooms)))
    print()
    left = report.room_left(len(built.image), wanted.board)
    known = ("file", "version", "posture", "machine", "sha256", "body", "source", "signers")
    show({name: facts[name] for name in known} | {"built": day(built.statement.built_s)}, False)
    kept = f"{report.IMAGES_AT_ONCE} images and {report.FILES_BYTES:,} bytes of files"
    print(f"\n{kept} leave {left:,} bytes of vfs free on {wanted.board.title}. It took {took_s:.1f} s.")
    if wanted.posture == RELEASE:
        links = posture.judge(built.files, built.statement.board, version_text(wanted.version))
        print("checked: " + "; ".join(link.checked for link in links) + ".")
    missing = THRESHOLD[wanted.posture] - len(container.read(built.image).entries)
    if missing > 0:
        print(f"{missing} more must sign before a watch takes it: tapwatch image sign {facts['file']}")
