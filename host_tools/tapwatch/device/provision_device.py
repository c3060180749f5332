"""`tapwatch provision-device`: a watch gets its manufacturer and its serial number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.device.fuses import EFUSE
from tapwatch.device.maker import Maker, check_serial
from tapwatch.device.provisioning import expect_board, provision, read_services
from tapwatch.device.station import Station
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.images import boards
from tapwatch.phone.answers import Hello
from tapwatch.phone.relay import HELLO
from tapwatch.signing import private_file
from tapwatch.signing.actions import ask_of, folder_of
from tapwatch.signing.output import show

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.device.provisioning import Receipt


def provision_device(arguments: Namespace) -> int:
    """Run the command. Raises UserError."""
    station = Station(boards.read(arguments.board), arguments.port or "", arguments.baud, not arguments.no_stub)
    maker = Maker(folder_of(arguments), arguments.root, ask_of(arguments))
    services = read_services([Path(name) for name in arguments.trust], maker)
    serial = check_serial(arguments.serial) if arguments.serial else ""
    if arguments.efuse:
        burn_first(station, serial)
    with station.watch() as watch:
        expect_board(watch.ask, station.board)
        receipt = provision(watch.ask, maker, serial, services)
    write_receipt(receipt, Path(arguments.out))
    show(receipt.facts(), arguments.json)
    return EXIT_OK


def burn_first(station: Station, serial: str) -> None:
    """Give a watch that is new a secret in its fuses, and start it. Raises UserError if it is not new."""
    if not serial:
        raise UserError("--efuse needs --serial: it is what you type to agree", exit_code=EXIT_USAGE)
    with station.watch() as watch:
        expect_board(watch.ask, station.board)
        hello = Hello.read(watch.ask(HELLO, None))
    if hello.secret_kind == EFUSE:
        return
    if hello.provisioned:
        raise UserError(
            "this watch has been provisioned: what it holds is sealed with the secret it has",
            "the fuses come first; wipe the watch, and begin again",
            EXIT_FAILED,
        )
    block = station.burn_secret(serial, input, erase_vault=True)
    station.start()
    print(f"{block or 'A key that was there'} holds the device secret of {serial} from now on")
    with station.watch() as watch:
        kind = Hello.read(watch.ask(HELLO, None)).secret_kind
    if kind != EFUSE:
        raise UserError("the watch does not use the secret in its fuses", "docs/factory.md", EXIT_FAILED)


def write_receipt(receipt: Receipt, folder: Path) -> None:
    """Keep what became of a watch, in a file that bears its serial number. Raises UserError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"the folder {folder} cannot be made", "choose another one with --out") from problem
    text = json.dumps(receipt.facts(), indent=1, ensure_ascii=False) + "\n"
    private_file.replace(folder / f"{receipt.serial}.json", text.encode())
