"""One watch of a batch from the first byte to the last check, and one that comes back.

Every step may be the last one before a crash or a pulled cable; the same command then goes on with the same serial
number, and makes no second certificate.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.device import self_test
from tapwatch.device.fuses import EFUSE
from tapwatch.device.ledger import FAILED, PASSED, RETURNED, WIPED
from tapwatch.device.provisioning import provision
from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.answers import Hello
from tapwatch.phone.relay import HELLO

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.device.batch import Batch
    from tapwatch.device.ledger import Claim, Ledger
    from tapwatch.device.maker import Maker
    from tapwatch.device.provisioning import Receipt
    from tapwatch.device.self_test import Report
    from tapwatch.device.station import Station


@dataclass(frozen=True)
class Factory:
    """A batch at work."""

    batch: Batch
    version: str
    """That of the system image."""
    maker: Maker
    ledger: Ledger
    services: tuple[bytes, ...]
    """Certificates of token services."""
    answer: Callable[[str], str]
    """Shows a question and returns what was typed."""

    def make(self, bench: Station) -> tuple[Receipt, Report]:
        """Make the watch on this bench. Raises UserError; the ledger says what became of it."""
        mac = bench.mac()
        claim = self.ledger.claim(mac)
        print(f"{claim.serial}: chip {mac}" + (", begun before" if claim.again else ""))
        try:
            receipt, report = self._make(bench, claim)
        except UserError as problem:
            self.ledger.write(claim.serial, mac, FAILED, note=problem.message)
            raise
        more = {"device_id": receipt.device_id, "secret": receipt.secret, "firmware": receipt.firmware}
        more |= {"micropython": report.micropython, "certificate": str(receipt.certificate)}
        if report.problems:
            self.ledger.write(claim.serial, mac, FAILED, note="; ".join(report.problems), **more)
            raise UserError(f"{claim.serial} found: {'; '.join(report.problems)}", "repair it, then again", EXIT_FAILED)
        self.ledger.write(claim.serial, mac, PASSED, **more)
        return receipt, report

    def _make(self, bench: Station, claim: Claim) -> tuple[Receipt, Report]:
        fresh = not (claim.again and self._runs(bench))
        if fresh:
            self.maker.revoke(claim.serial)  # its key has gone, or goes with the vault now
            if self.batch.efuse:
                bench.burn_secret(claim.serial, self.answer, erase_vault=False)
            bench.flash(self.batch.image, self.batch.stock, self.batch.stock_sha256, erase=False)
            bench.start()
        with bench.watch() as watch:
            self._expect_same(Hello.read(watch.ask(HELLO, None)), fresh)
            receipt = provision(watch.ask, self.maker, claim.serial, self.services)
            report = self_test.ask_report(watch.ask)
        self._expect_image(report)
        return receipt, report

    def _runs(self, bench: Station) -> bool:
        """True if an earlier run came so far that this watch runs our system: it may have its certificate already."""
        bench.start()
        with contextlib.suppress(UserError), bench.watch() as watch:  # a watch that does not answer is made anew
            return Hello.read(watch.ask(HELLO, None)).firmware == self.version
        return False

    def _expect_same(self, hello: Hello, fresh: bool) -> None:
        if fresh and hello.provisioned:
            hint = "name ports that stay with their socket, such as those in /dev/serial/by-path"
            raise UserError("another watch answers than the one that was written", hint, EXIT_FAILED)
        if self.batch.efuse and hello.secret_kind != EFUSE:
            raise UserError("the watch does not use the secret in its fuses", "docs/factory.md", EXIT_FAILED)

    def _expect_image(self, report: Report) -> None:
        found, wanted = (report.board, report.firmware), (self.batch.board.name, self.version)
        if found != wanted:
            raise UserError(f"the watch runs {' '.join(found)}, not {' '.join(wanted)}", "again", EXIT_FAILED)

    def take_back(self, bench: Station) -> int | None:
        """Wipe a watch that came back, and write it anew without an identity. Its certificate is revoked first.

        Returns the number of the revocation list, None if it had no certificate. Raises UserError.
        """
        mac = bench.mac()
        row = self.ledger.last(mac)
        if row is None or row.result == WIPED:
            hint = "is it of another batch? a watch that nobody made is flashed with --erase"
            raise UserError(f"no watch with the chip {mac} is out", hint, EXIT_FAILED)
        print(f"{row.serial}: everything on it will be lost, and its certificate be void")
        if self.answer("To wipe it, type its serial number: ").strip() != row.serial:
            raise UserError("that is not its serial number: nothing was done", "", EXIT_FAILED)
        self.ledger.write(row.serial, mac, RETURNED)
        number = self.maker.revoke(row.serial)
        bench.flash(self.batch.image, self.batch.stock, self.batch.stock_sha256, erase=True)
        self.ledger.write(row.serial, mac, WIPED, note=f"revocation list {number}" if number else "")
        return number
