"""The subcommands `tapwatch tap`, `tapwatch scan` and `tapwatch apdu`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

DEFAULT_READER = "udp:127.0.0.1:54321"
"""nfcpy's port, and the one `tapwatch sim` binds."""
_READER_HELP = "builtin[:HOST:PORT] (or udp:HOST:PORT), pcsc[:NAME] or nfcpy[:PATH] (default %(default)s)"
_TAP_READER_HELP = (
    "builtin[:HOST:PORT] (or udp:HOST:PORT), pcsc[:NAME], nfcpy[:PATH]; or ble:tcp:HOST:PORT (a Bluetooth controller, "
    "such as `tapwatch sim --hci` has) or ble:NAME (a watch near this computer's adapter) (default %(default)s)"
)
DEFAULT_BANK = "127.0.0.1:8583"


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommands."""
    _register_tap(subparsers)
    _register_scan(subparsers)
    _register_apdu(subparsers)


def _register_tap(subparsers: argparse._SubParsersAction) -> None:
    tap = subparsers.add_parser(
        "tap",
        help="take a payment as a test terminal",
        description="Take a contactless payment: select the card, run its kernel, ask the bank, print a receipt. "
        "Exit code 0 when approved, 1 when not.",
    )
    tap.add_argument("--amount", required=True, metavar="12.34", help="the amount, in units of the currency")
    tap.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")
    tap.add_argument("--reader", default=DEFAULT_READER, help=_TAP_READER_HELP)
    tap.add_argument("--bank", default=DEFAULT_BANK, metavar="HOST:PORT", help="acquirer link (default %(default)s)")
    tap.add_argument("--no-bank", action="store_true", help="stop at the cryptogram; never approved")
    tap.add_argument("--country", type=int, default=156, metavar="N", help="ISO 3166 numeric code (default 156)")
    tap.add_argument("--merchant", default="Tapwatch Corner Shop", metavar="NAME", help="name on the receipt")
    tap.add_argument("--cvm-limit", metavar="AMOUNT", help="verify the cardholder from here on (default 100 units)")
    tap.add_argument("--wait", type=float, default=10.0, metavar="S", help="seconds to wait for a card (default 10)")
    tap.add_argument(
        "--taps", type=int, default=3, metavar="N", help="presentations at most, for `see phone` (default 3)"
    )
    tap.add_argument("--trace", metavar="FILE", help="write the decoded APDU trace there, - for the screen")
    tap.add_argument("--state", metavar="FILE", help="where the terminal keeps its trace number; bonds lie beside it")
    tap.add_argument("--json", action="store_true", help="print the receipt as JSON")
    tap.set_defaults(run=_tap)


def _register_scan(subparsers: argparse._SubParsersAction) -> None:
    scan = subparsers.add_parser(
        "scan",
        help="take a payment by a code that a wearer shows",
        description="Take a payment as a merchant's scanner: read the code on a watch, ask the bank, print a receipt. "
        "Exit code 0 when approved, 1 when not.",
    )
    source = scan.add_mutually_exclusive_group(required=True)
    source.add_argument("--code", metavar="DIGITS", help="the 18 digits under a payment code")
    source.add_argument("--qr", metavar="TEXT", help="the text of a QR code: 18 digits, or EMV consumer-presented")
    source.add_argument("--picture", metavar="PNG", help="a picture of the watch's screen; needs zxing-cpp")
    scan.add_argument("--amount", required=True, metavar="12.34", help="the amount, in units of the currency")
    scan.add_argument("--currency", default="CNY", metavar="CODE", help="ISO 4217 code (default CNY)")
    scan.add_argument("--bank", default=DEFAULT_BANK, metavar="HOST:PORT", help="acquirer link (default %(default)s)")
    scan.add_argument("--country", type=int, default=156, metavar="N", help="ISO 3166 numeric code (default 156)")
    scan.add_argument("--merchant", default="Tapwatch Corner Shop", metavar="NAME", help="name on the receipt")
    scan.add_argument("--state", metavar="FILE", help="where the terminal keeps its trace number")
    scan.add_argument("--json", action="store_true", help="print the receipt as JSON")
    scan.set_defaults(run=_scan)


def _register_apdu(subparsers: argparse._SubParsersAction) -> None:
    apdu = subparsers.add_parser(
        "apdu",
        usage="tapwatch apdu [-h] [--reader READER] [--script FILE] [--wait S]\n       tapwatch apdu decode HEX...",
        help="send commands to a card by hand or by script; decode APDUs and EMV data",
        description="A shell for commands to a card, with answers in words. Its `help` lists what it knows: "
        "`select 2PAY.SYS.DDF01`, `gpo`, `records`, `get-data 9F36`, `verify 1234`, `ac1`, `ac2`, plain hex and more. "
        "A script is a file with such lines, or the standard input where that is no terminal; `expect 9000`, "
        "`expect 9F27 = 80` and `expect /text/` make it a test. It ends at the first line that fails, with exit code 1 "
        "if a card answered something else than expected.",
    )
    apdu.add_argument("--reader", default=DEFAULT_READER, help=_READER_HELP)
    apdu.add_argument("--script", metavar="FILE", help="run these lines instead of asking for some")
    apdu.add_argument("--wait", type=float, default=10.0, metavar="S", help="seconds to wait for a card (default 10)")
    apdu.set_defaults(run=_apdu)
    actions = apdu.add_subparsers(title="actions", dest="action", metavar="ACTION", prog="tapwatch apdu")
    decode = actions.add_parser("decode", help="print hex as a tree of named data objects")
    decode.add_argument(
        "hex", nargs="+", help="a command, an answer with its status word, or plain BER-TLV; spaces are fine"
    )
    decode.set_defaults(run=_decode)


def _tap(arguments: argparse.Namespace) -> int:
    from tapwatch.terminal.run import run_tap

    return run_tap(arguments)


def _scan(arguments: argparse.Namespace) -> int:
    from tapwatch.terminal.scan.run import run_scan

    return run_scan(arguments)


def _apdu(arguments: argparse.Namespace) -> int:
    from tapwatch.terminal.shell.run import run_apdu

    return run_apdu(arguments)


def _decode(arguments: argparse.Namespace) -> int:
    from tapwatch.terminal.run import run_decode

    return run_decode(arguments)
