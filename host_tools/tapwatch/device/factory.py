"""`tapwatch factory`: watches of a batch, one after the other, on one port or several."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.device import batch as batches
from tapwatch.device.ledger import Ledger
from tapwatch.device.maker import Maker
from tapwatch.device.making import Factory
from tapwatch.device.provision_device import write_receipt
from tapwatch.device.provisioning import read_services
from tapwatch.device.station import Station
from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.flashing import sources
from tapwatch.images import container, contents
from tapwatch.images.statement import RELEASE, version_text
from tapwatch.signing import key_folder, passwords
from tapwatch.signing.key_folder import KeyFolder

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from tapwatch.device.batch import Batch
    from tapwatch.images.brand import Brand


def factory(arguments: Namespace) -> int:
    """Run the command; exit code 1 if any watch did not pass. Raises UserError for what concerns all of them."""
    if arguments.count < 1:
        raise UserError(f"--count takes 1 or more, not {arguments.count}", exit_code=EXIT_USAGE)
    if len(set(arguments.port or [])) < len(arguments.port or []):
        raise UserError("a port is named twice", "one watch on each port", EXIT_USAGE)
    batch = batches.read(Path(arguments.batch))
    line = prepare(batch, arguments.module or "", arguments.password_file, input)
    work = _take_back if arguments.rma else _make
    failed = 0
    for turn in range(arguments.count):
        if turn:
            input("Plug in what comes next, then press Enter: ")
        for port in arguments.port or [""]:
            failed += not _tried(work, line, Station(batch.board, port, arguments.baud, not arguments.no_stub))
    return EXIT_FAILED if failed else EXIT_OK


def prepare(batch: Batch, module: str, password_file: str | None, answer: Callable[[str], str]) -> Factory:
    """Check all that the batch names, before the first watch. Raises UserError."""
    what = sources.read(batch.board, batch.image, batch.stock, batch.stock_sha256, sources.BOOT)
    folder = KeyFolder(batch.keys or key_folder.default_folder(), module)
    maker = Maker(folder, batch.root, passwords.asker(password_file))
    if batch.brand is not None:
        _check_brand(batch.brand, maker, what.system)
    if what.said.posture != RELEASE:
        print("This is a development image: everybody can update these watches, and open their REPL", file=sys.stderr)
    services = tuple(read_services(batch.trust, maker))
    ledger = Ledger(batch.ledger, batch.numbers)
    return Factory(batch, version_text(what.said.version), maker, ledger, services, answer)


def _check_brand(brand: Brand, maker: Maker, system: bytes) -> None:
    if brand.root != maker.root:
        raise UserError("the branding names another root than the one that signs here", "", EXIT_FAILED)
    facts = container.read(system).files[contents.FACTS].decode().splitlines()
    if not set(brand.facts()) <= set(facts):
        hint = "build it with: tapwatch build --brand branding.toml"
        raise UserError("the image has not been built with this branding", hint, EXIT_FAILED)


def _tried(work: Callable[[Factory, Station], None], line: Factory, station: Station) -> bool:
    """Do it; False if it failed, which is said."""
    begun = time.monotonic()
    try:
        work(line, station)
    except UserError as problem:
        print(problem.explain(), file=sys.stderr)
        return False
    print(f"  {time.monotonic() - begun:.1f} s")
    return True


def _make(line: Factory, station: Station) -> None:
    receipt, report = line.make(station)
    write_receipt(receipt, line.batch.receipts)
    print(f"{receipt.serial}: passed, {receipt.firmware}, secret {receipt.secret}, charge {report.percent} %")


def _take_back(line: Factory, station: Station) -> None:
    number = line.take_back(station)
    print("Wiped; " + (f"its certificate is on revocation list {number}" if number else "it had no certificate"))
