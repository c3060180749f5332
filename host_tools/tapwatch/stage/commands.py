"""`tapwatch sim`: the watch in a browser, or for scripts and for your own terminal."""

from __future__ import annotations

import argparse
from pathlib import Path

_SIZES = ("410x502", "240x240")
_SIZE_HELP = "panel of the watch; the page can change it (default: %(default)s)"
_NFC_HELP = "card side: udp:HOST:PORT for nfcpy, vpcd:HOST:PORT for PC/SC (default: udp on a free port)"
_HCI_HELP = "give Bluetooth hosts that speak HCI (H4) a radio beside the watch's: tcp:HOST:PORT (default: none)"
_BOARD_HELP = (
    "run the board.py of this board on virtual hardware, for example lilygo_twatch_ultra; Bluetooth, the air of NFC, "
    "USB, tones and flash are the simulator's (default: the simulator's own board)"
)
_WITHOUT_HELP = "take this chip off the board, for example axp2101, to see what the watch says then; may be repeated"
_READY = {
    "--demo-wallet": "an unlocked watch that re-arms and refills itself: two test cards, on vpcd a contact one too",
    "--worn": "a watch that is set up and worn: unlocked, with test cards, not armed; its passcode is printed",
}
_FLAGS = {
    "--headless": "no page, only the interface for scripts and the card side",
    "--open": "open the page in a browser",
    "--json": "print the addresses as one line of JSON",
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `sim`."""
    parser = subparsers.add_parser(
        "sim",
        help="run the watch in a browser, or headless for scripts and your own terminal",
        description="Runs the watch firmware under MicroPython, with a test bank and a phone beside it that put two "
        "test cards on the watch once it has a passcode. Opens nothing to the network: the page and the interface for "
        "scripts listen on 127.0.0.1 and want the token that is printed at the start.",
    )
    for flag, text in _FLAGS.items():
        parser.add_argument(flag, action="store_true", help=text)
    ready = parser.add_mutually_exclusive_group()
    for flag, text in _READY.items():
        ready.add_argument(flag, action="store_true", help=text)
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep watch and bank here (default: forget them)")
    parser.add_argument("--size", choices=_SIZES, default=_SIZES[0], help=_SIZE_HELP)
    parser.add_argument("--board", metavar="NAME", help=_BOARD_HELP)
    parser.add_argument("--without", metavar="CHIP", action="append", default=[], help=_WITHOUT_HELP)
    parser.add_argument("--port", type=_port, default=0, help="TCP port of the page (default: any free one)")
    parser.add_argument("--nfc", metavar="ADDRESS", help=_NFC_HELP)
    parser.add_argument("--hci", metavar="ADDRESS", help=_HCI_HELP)
    parser.set_defaults(run=_run)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return port


def _run(arguments: argparse.Namespace) -> int:
    from tapwatch.stage.sim import run_sim

    return run_sim(arguments)
