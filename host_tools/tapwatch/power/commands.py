"""`tapwatch power`."""

from __future__ import annotations

import argparse
import dataclasses
import json

from tapwatch.errors import EXIT_OK

_DAYS = ("quiet", "typical", "busy")
_BOARDS = ("twatch-ultra", "twatch-s3", "amoled-206")
_DIGITS = 3
_RADIOS = ("off", "windows", "connected")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `power`."""
    parser = subparsers.add_parser(
        "power",
        help="estimate how long the battery lasts, and what uses it",
        description="Adds up a day of a watch: what sleeps, wakes, lights up and sends for how long, times what each "
        "part draws. An estimate from published and assumed figures; nothing was measured on hardware.",
    )
    parser.add_argument("--day", choices=_DAYS, default="typical", help="how much happens (%(default)s)")
    parser.add_argument("--board", choices=_BOARDS, default=_BOARDS[0], help="which watch (%(default)s)")
    parser.add_argument("--radio", choices=_RADIOS, help="Bluetooth setting (default: all three side by side)")
    parser.add_argument("--pushes", type=_pushes, metavar="N", help="words said to it (default: as the day has them)")
    parser.add_argument("--always-on", action="store_true", help="with the always-on face")
    parser.add_argument("--no-touch-wake", action="store_true", help="the touch panel sleeps as well; buttons wake")
    parser.add_argument("--json", action="store_true", help="print JSON with every figure and its source")
    parser.set_defaults(run=_run)


def _pushes(text: str) -> int:
    if not (text.isdecimal() and len(text) <= _DIGITS):
        raise argparse.ArgumentTypeError(f"a number of words a day has up to {_DIGITS} digits, not {text!r}")
    return int(text)


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.power.days import DAYS
    from tapwatch.power.figures import BOARDS
    from tapwatch.power.model import estimate
    from tapwatch.power.page import as_json, page

    board, day = BOARDS[arguments.board], DAYS[arguments.day]
    if arguments.pushes is not None:
        day = dataclasses.replace(day, pushes=arguments.pushes)
    radios = (arguments.radio,) if arguments.radio else _RADIOS
    touch_wakes, always_on = not arguments.no_touch_wake, arguments.always_on
    estimates = [estimate(board, day, radio, touch_wakes, always_on) for radio in radios]
    if arguments.json:
        print(json.dumps(as_json(board, arguments.day, estimates), indent=2))
    else:
        print(page(board, arguments.day, day, estimates))
    return EXIT_OK
