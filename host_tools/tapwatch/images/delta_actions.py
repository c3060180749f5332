"""`tapwatch image delta` and `tapwatch image apply`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.images import delta as deltas
from tapwatch.images import files
from tapwatch.images.container import ImageProblem
from tapwatch.images.delta import DeltaProblem
from tapwatch.signing.output import show

if TYPE_CHECKING:
    from argparse import Namespace


def delta(arguments: Namespace) -> int:
    """Make a delta, work through it, and write it if it pays."""
    old, new = files.read(arguments.old), files.read(arguments.new)
    try:
        made = deltas.make(old, new)
    except ImageProblem as problem:
        raise UserError("one of the two is no system image", "", EXIT_FAILED) from problem
    except DeltaProblem as problem:
        raise UserError("no delta leads from one to the other", "send the whole image", EXIT_FAILED) from problem
    if deltas.apply(old, made) != new:
        raise UserError("the delta does not make the new image; none was written", "report this", EXIT_FAILED)
    pays = deltas.pays(len(made), len(new))
    written = pays or arguments.always
    if written:
        files.write(Path(arguments.out), made)
    steps = deltas.counted(made)
    facts: dict[str, object] = {"file": arguments.out if written else "", "bytes": len(made), "image_bytes": len(new)}
    facts |= {"percent": round(100 * len(made) / len(new), 1), "pays": pays}
    facts |= {"copies": steps.copies, "copied": steps.copied, "literals": steps.literals, "literal": steps.written}
    show(facts, arguments.json)
    if not written and not arguments.json:
        most = round(100 * deltas.PAYS_BELOW)
        print(f"no delta was written: it is not under {most} % of the image. --always writes it all the same")
    return EXIT_OK if written else EXIT_FAILED


def apply(arguments: Namespace) -> int:
    """Make an image of another one and a delta."""
    try:
        made = deltas.apply(files.read(arguments.old), files.read(arguments.delta))
    except DeltaProblem as problem:
        raise UserError(f"{arguments.delta} cannot be worked through", "", EXIT_FAILED) from problem
    files.write(Path(arguments.out), made)
    show({"file": arguments.out, "bytes": len(made)}, arguments.json)
    return EXIT_OK
