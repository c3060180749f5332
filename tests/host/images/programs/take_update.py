"""Judges images and works through deltas with the watch's own code; prints a line of JSON for each.

Arguments: public key of the root in hexadecimal digits, security time, then either an image alone or a running image,
a delta and the file to make, joined by commas.
"""

import json
import sys

from watch.kernel.errors import WatchError
from watch.kernel.steps import finish
from watch.update.check import Check, System
from watch.update.delta import Delta
from watch.update.image import Image
from watch.update.signers import Signers
from watch.update.work import Work


class NoFloor:
    """A watch on which nothing has proved itself."""

    def read(self) -> "tuple[int, ...]":
        """The floor."""
        return (0, 0, 0)


def check(path: str, signers: Signers) -> None:
    """Judge an image as the watch that it is made for would. Raises WatchError."""
    image = Image(path)
    said = image.statement
    system = System(said.board, said.version, said.posture, said.machine)
    finish(Check(signers, NoFloor(), system).image(image, Work()))


def judge(what: str, signers: Signers) -> "dict[str, object]":
    """What comes of one argument."""
    try:
        if "," in what:
            base, path, made = what.split(",")
            delta, work = Delta(path), Work()
            finish(delta.expecting_base(base, work))
            finish(delta.making(base, made, work))
            check(made, signers)
        else:
            check(what, signers)
    except WatchError as error:
        return {"good": False, "error": type(error).__name__}
    return {"good": True}


def main() -> None:
    """One after the other."""
    root, now_s = bytes.fromhex(sys.argv[1]), int(sys.argv[2])
    signers = Signers(lambda: root, lambda: now_s, lambda serial: None)
    for what in sys.argv[3:]:
        print(json.dumps(judge(what, signers)))


main()
