"""The manufacturer at work: device certificates, one for each watch and each serial number."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.signing import certificates, file_lock
from tapwatch.signing.certify import RootDesk, Wish
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.key_file import KeyFile
from tapwatch.signing.roles import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.signing.key_folder import KeyFolder
    from tapwatch.signing.passwords import Ask
    from tapwatch.signing.register import Issued

ROLE = "device"
MOST_SERIAL = 32
_LOCK = ".devices.lock"
_FIRST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LATER = _FIRST + "._-"


def check_serial(serial: str) -> str:
    """The serial number, if it may be one. Raises UserError."""
    good = 0 < len(serial) <= MOST_SERIAL and serial[0] in _FIRST and not serial.strip(_LATER)
    if not good:
        hint = f"letters, digits, `.`, `_`, `-`: at most {MOST_SERIAL}"
        raise UserError(f"{serial!r} is no serial number", hint, EXIT_USAGE)
    return serial


class Maker:
    """A root key and its register. The password is asked for once, when the first certificate is made."""

    def __init__(self, folder: KeyFolder, root: str | None, ask: Ask) -> None:
        """`root`: name of the key, None for the only one of the folder. Raises UserError."""
        key = folder.of_role(ROOT, root)
        self.root = key.public
        self._folder, self._name = folder, key.name
        self._desk = RootDesk(folder, key, _once(ask))

    def certify(self, public: bytes, secret_kind: str, serial: str) -> bytes:
        """The certificate of a watch: that which it has already, else a new one.

        So the same command again, after whatever was cut off, makes no second one. Raises UserError if the serial
        number or the watch has another certificate that is not revoked.
        """
        check_serial(serial)
        with file_lock.locked(self._folder.path / (self._name + _LOCK)):
            for row in self._valid():
                if row.public == public.hex() and row.name == serial:
                    return self._again(row, secret_kind)
                if row.public == public.hex():
                    raise _taken(row, f"this watch has the serial number {row.name}")
                if row.name == serial:
                    raise _taken(row, f"another watch has the serial number {serial}")
            day = time.strftime("%Y-%m-%d", time.gmtime())
            wish = Wish(serial, int(time.time()), attributes={"secret": secret_kind})
            return self._desk.certify(KeyFile(serial, ROLE, public, day), wish)

    def issued(self, certificate: bytes) -> str | None:
        """The serial number in a device certificate of this root; None for any other bytes."""
        try:
            return certificates.check(certificate, self.root, ROLE, int(time.time())).name
        except SignatureProblem:
            return None

    def revoke(self, serial: str) -> int | None:
        """Put the certificate of a serial number on the revocation list, if it is not there yet.

        Returns the number of the latest list, None if no watch ever had this serial number. Raises UserError.
        """
        valid = [row.serial for row in self._valid() if row.name == serial]
        if valid:
            self._desk.revoke(int(time.time()), valid, ())
        issued = any(row.name == serial for row in self._made())
        return self._desk.list().number if issued else None

    def _valid(self) -> list[Issued]:
        """Device certificates that were made and are not revoked."""
        void = set(self._desk.list().serials)
        return [row for row in self._made() if row.serial not in void]

    def _made(self) -> list[Issued]:
        rows = self._folder.register(self._name).read().issued
        return [row for row in rows if row.role == ROLE and row.certificate]

    def _again(self, row: Issued, secret_kind: str) -> bytes:
        data = bytes.fromhex(row.certificate)
        if certificates.check(data, self.root, ROLE, row.not_before).attributes.get("secret") != secret_kind:
            raise _taken(row, f"the certificate of {row.name} was made when it had another device secret")
        return data


def _taken(row: Issued, message: str) -> UserError:
    hint = f"if that certificate shall end: tapwatch keys revoke {row.serial}"
    return UserError(message, hint, EXIT_FAILED)


def _once(ask: Ask) -> Callable[[str], bytes]:
    """Ask, and remember what was typed as long as the program runs."""
    typed: dict[str, bytes] = {}

    def remembered(what: str) -> bytes:
        if what not in typed:
            typed[what] = ask(what)
        return typed[what]

    return remembered
