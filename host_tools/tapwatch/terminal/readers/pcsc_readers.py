"""Which PC/SC reader is meant."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from tapwatch.errors import UserError

_CONTACTLESS_WORDS = ("picc", "contactless", " cl ", "nfc")
"""In the names that makers give the contactless slot of a reader, such as `ACS ACR1281 1S Dual Reader PICC 00 01`."""
_MODULE_WORD = " sam"
"""In the name of a slot for a security module, which never takes a card."""
KERNEL_DRIVERS = ("pn533_usb", "port100")
"""Linux drivers that take NFC readers away from PC/SC and from nfcpy."""


def find(wanted: str) -> Any:
    """The reader with this name, else one whose name contains it. Raises UserError that lists what there is."""
    found = _all()
    names = [str(reader) for reader in found]
    matching = [reader for reader in found if str(reader).lower() == wanted.lower()]
    matching = matching or [reader for reader in found if wanted.lower() in str(reader).lower()]
    if not matching:
        there = "there are: " + ", ".join(names) if names else f"connect one{driver_hint()}"
        raise UserError(f"no PC/SC reader matches {wanted!r}" if wanted else "there is no PC/SC reader", there)
    return min(matching, key=lambda reader: _unlikely(str(reader)))


def _all() -> list[Any]:
    """Every reader. Raises UserError."""
    if importlib.util.find_spec("smartcard") is None:
        raise UserError("the PC/SC library is not installed", "run `pip install pyscard`")
    from smartcard.Exceptions import SmartcardException
    from smartcard.pcsc.PCSCExceptions import BaseSCardException
    from smartcard.System import readers

    try:
        return readers()
    except (BaseSCardException, SmartcardException) as error:
        raise UserError("PC/SC does not answer", "start pcscd") from error


def _unlikely(name: str) -> int:
    """How unlikely a contactless card comes to this reader: 0, 1 or 2."""
    lowered = f"{name.lower()} "
    if any(word in lowered for word in _CONTACTLESS_WORDS):
        return 0
    return 2 if _MODULE_WORD in lowered else 1


def driver_hint() -> str:
    """What to do about a driver of the kernel that holds NFC readers; empty if there is none."""
    held = [name for name in KERNEL_DRIVERS if Path("/sys/module", name).exists()]
    return f"; a driver of the kernel may hold it: `sudo modprobe -r {' '.join(held)}`" if held else ""
