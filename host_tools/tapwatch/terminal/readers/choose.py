"""From what a person writes (`builtin`, `udp:127.0.0.1:54321`, `pcsc:ACR`, `nfcpy:usb`, `ble:NAME`) to a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError

if TYPE_CHECKING:
    from tapwatch.terminal.readers.ble import Till
    from tapwatch.terminal.readers.port import Reader

DEFAULT = "udp:127.0.0.1:54321"
"""nfcpy's port, and the one `tapwatch sim` binds."""
_DEFAULT_ADDRESS = DEFAULT.partition(":")[2]
FORMS = "builtin[:HOST:PORT] (or udp:HOST:PORT), pcsc[:NAME], nfcpy[:PATH], ble:tcp:HOST:PORT or ble:NAME"


def open_reader(text: str, till: Till | None = None) -> Reader:
    """The reader a text describes. Raises UserError if the text or the reader is no good.

    `till` is for readers by Bluetooth, which say whom they collect for; without one they are refused.
    """
    kind, _, rest = text.partition(":")
    if kind in ("udp", "builtin"):
        return _builtin(rest or (_DEFAULT_ADDRESS if kind == "builtin" else ""))
    if kind == "pcsc":
        from tapwatch.terminal.readers.pcsc import PcscReader

        return PcscReader(rest)
    if kind == "nfcpy":
        from tapwatch.terminal.readers.nfcpy import NfcpyReader

        return NfcpyReader(rest or "usb")
    if kind == "ble" and rest and till is not None:
        return _ble(rest, till)
    raise UserError(f"{text!r} is no reader", f"write {FORMS}", EXIT_USAGE)


def _builtin(rest: str) -> Reader:
    from tapwatch.terminal.readers.antenna import UdpAntenna
    from tapwatch.terminal.readers.builtin import BuiltinReader

    host, port = split_address(rest)
    return BuiltinReader(UdpAntenna(host, port), f"built-in antenna at {host}:{port}")


def _ble(rest: str, till: Till) -> Reader:
    from tapwatch.terminal.readers.ble_hosts import open_ble

    rest = rest.removeprefix("hci:")  # as `tapwatch phone --watch` has it
    if rest.startswith("tcp:"):
        split_address(rest[4:])
    return open_ble(rest, till)


def split_address(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`. Raises UserError."""
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise UserError(f"{text!r} is not an address", "write HOST:PORT, such as 127.0.0.1:54321", EXIT_USAGE)
    return host, int(port)
