"""`tapwatch voice test`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_OK

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEIGHTS = Path(__file__).resolve().parents[4] / "firmware/assets"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `test`."""
    parser = subparsers.add_parser(
        "test",
        help="let the watch's own code hear recordings, and count what it makes of them",
        description="Every recording goes through the firmware's front end, endpoint, network and decision, under "
        "MicroPython. A folder for each word, `timer/anna_1.wav`, or names that begin with it, `digits/7_anna_1.wav`; "
        "`other/` has single words that are no commands, `continuous/` speech or noise without any. A file "
        "`synthetic.txt` says that programs speak in its folder and below.",
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of recordings: WAV, Opus, FLAC")
    parser.add_argument(
        "--language", choices=("en", "zh"), default="en", help="which weights of the firmware (%(default)s)"
    )
    parser.add_argument("--weights", type=Path, help="another file of weights")
    parser.add_argument("--draws", type=int, default=3, help="wearers for each speaker, by other shots (%(default)s)")
    parser.add_argument("--noisy", type=int, default=150, help="recordings in each noise (%(default)s)")
    parser.add_argument("--levels", type=int, default=100, help="recordings at each level (%(default)s)")
    parser.add_argument("--bad", type=int, default=20, help="bad sounds of each kind (%(default)s)")
    parser.add_argument(
        "--peer", type=int, default=0, help="recordings for PocketSphinx, too; English alone (%(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=0, help="processes (as many as there are processors)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON, too")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write confusion matrices as PNG there")
    parser.add_argument("--docs", type=Path, metavar="PAGE", help="write the tables into this page, between its marks")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.errors import EXIT_USAGE, UserError

    if arguments.peer and arguments.language != "en":
        raise UserError("PocketSphinx knows English alone.", "Leave out --peer.", EXIT_USAGE)
    try:
        return _test(arguments)
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("tapwatch"):
            raise
        raise UserError("A package that this command needs is not installed.", "tools/setup.sh voice") from problem


def _test(arguments: argparse.Namespace) -> int:
    from tapwatch.voice.testing.ears import Ears
    from tapwatch.voice.testing.judge import Options, judge
    from tapwatch.voice.testing.measured import SYNTHETIC, as_json, mark, size
    from tapwatch.voice.testing.page import page, promises
    from tapwatch.voice.testing.recordings import find
    from tapwatch.voice.testing.tables import write

    weights = arguments.weights or _WEIGHTS / f"voice.{arguments.language}.twv"
    options = Options(
        arguments.draws, arguments.noisy, arguments.levels, arguments.bad, arguments.peer, progress=_progress
    )
    with Ears(weights, max(0, arguments.jobs)) as ears:
        recordings = find(arguments.folders, ears.words)
        report = judge(ears, recordings, options)
        masks = ears.masks
    report |= {"weights": mark(weights), "size": size(weights)}
    report["promises"] = as_json(report)
    print(page(report))
    print("\n".join(["", "PROMISES", *([SYNTHETIC] if report["synthetic"] else []), *promises(report)]))
    if arguments.json:
        _write(arguments.json, json.dumps(report, indent=1).encode())
    if arguments.docs:
        write(arguments.docs, report, arguments.language)
    if arguments.pictures:
        from tapwatch.voice.testing.picture import confusion

        for mask, (words, table) in report.get("confusion", {}).items():
            _write(arguments.pictures / f"confusion-{mask}.png", confusion(words, [*masks[mask], "nothing"], table))
    return EXIT_OK


def _progress(things: Iterable[Any], name: str, count: int) -> Iterable[Any]:
    from tqdm import tqdm

    return tqdm(things, desc=name, total=count, file=sys.stderr, leave=False, disable=None)


def _write(path: Path, data: bytes) -> None:
    from tapwatch.errors import UserError
    from tapwatch.folders import make_folder

    make_folder(path.parent)
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise UserError(f"{path} cannot be written.", "Choose another place.") from problem
