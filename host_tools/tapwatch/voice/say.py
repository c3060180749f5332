"""`tapwatch voice say`: speak to the watch of a simulator that runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `say`."""
    parser = subparsers.add_parser(
        "say",
        help="say a word to the simulated watch",
        description="Holds the side button of the watch that a simulator shows, says the words with a voice of this "
        "computer, or plays a file, and prints what the watch made of it. Exit code 1: it understood no word.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", help="what to say, for example payment, or 付款")
    what.add_argument("--wav", type=Path, metavar="FILE", help="play this file instead: PCM, 16 bits, 30 s at most")
    parser.add_argument(
        "--voice", default="", help="of espeak-ng, en-gb+f3; or ENGINE:VOICE, kokoro:zf_xiaoyi (as fits)"
    )
    parser.add_argument("--gain", type=float, default=-6.0, metavar="DB", help="louder or quieter (%(default)g)")
    parser.add_argument(
        "--no-press", action="store_true", help="press nothing: it is heard when the watch listens the next time"
    )
    parser.add_argument("--sim", metavar="URL", help="address of a simulator (default: the one that runs)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import asyncio

    from tapwatch.simulator import announced
    from tapwatch.voice.talking import talk

    place = announced.at(arguments.sim) if arguments.sim else announced.only("Start one with `tapwatch sim`.")
    sound = _sound(arguments)
    return asyncio.run(talk(place, sound, arguments.gain, not arguments.no_press, sys.stdout))


def _sound(arguments: argparse.Namespace) -> bytes:
    """A WAV file. Raises UserError."""
    from tapwatch.errors import EXIT_USAGE, UserError
    from tapwatch.simulator.wav import written
    from tapwatch.voice.spoken import speak

    if arguments.wav is None:
        return written(speak(arguments.text, arguments.voice))
    try:
        return arguments.wav.read_bytes()
    except OSError as problem:
        raise UserError(f"{arguments.wav} cannot be read.", str(problem.strerror), EXIT_USAGE) from problem
