"""Draws the gallery: `python -m tests.screens.make_gallery [--base REF]`, which is what `make gallery` runs.

Without a base the pictures are compared with the approved ones. Only their hashes are committed; a picture that was
drawn on this machine before is still in build/gallery. With a base, the watch of that commit is drawn first, by the
scenes of that commit and the programs of today.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.screens import drawing, page
from tests.screens.drawing import Hashes
from tests.screens.micropython import ROOT

NEEDED = ("firmware", "board", "tests/screens", "tests/firmware")
"""Folders of a commit that its pictures are made from."""
_PROGRAMS = ("gallery.py", "studio.py", "panel.py")


def draw_base(ref: str) -> Hashes:
    """Draw the watch of a commit into the gallery's folder. Raises CalledProcessError for a ref that is none."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        archive = subprocess.run(["git", "archive", ref, "--", *NEEDED], cwd=ROOT, check=True, capture_output=True)
        packed = tree / "base.tar"
        packed.write_bytes(archive.stdout)
        with tarfile.open(packed) as tar:
            tar.extractall(tree, filter="data")
        for name in _PROGRAMS:
            shutil.copy(Path(__file__).with_name(name), tree / "tests/screens" / name)
        return drawing.hashes(drawing.draw(tree, page.GALLERY))


def main() -> int:
    """Draw, compare, write the page, say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", metavar="REF", default="", help="a commit, branch or tag to compare with")
    base = parser.parse_args().base
    try:
        before = draw_base(base) if base else drawing.approved()
    except subprocess.CalledProcessError as error:
        print(f"git knows no {base}: {error.stderr.decode().strip()}", file=sys.stderr)
        return 2
    drawn = drawing.draw(folder=page.GALLERY)
    written = page.write(page.GALLERY, drawn, before, base)
    now, faults = drawing.hashes(drawn), drawing.faults(drawn)
    print(f"{len(now)} pictures, {len(drawing.changed(now, before))} differ from {base or 'the approved ones'}")
    print(*faults, f"{len(faults)} faults", sep="\n")
    print(f"look at {written.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
