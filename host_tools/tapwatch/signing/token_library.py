"""The way into a token: its library, the token itself, the login; and its errors in words."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing.passwords import asker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapwatch.signing.passwords import Ask
    from tapwatch.signing.token_uri import TokenUri

MODULE_VARIABLE = "PKCS11_MODULE"
"""Environment variable with the path of the library."""

_MEANINGS = {
    "PinIncorrect": ("the PIN is wrong", "try again with care: tokens lock themselves after a few wrong PINs"),
    "PinLocked": ("the token has locked itself after too many wrong PINs", "unlock it with its security officer's PIN"),
    "PinLenRange": ("the PIN has a length that the token does not take", "try again"),
    "TokenWriteProtected": ("nothing can be written to the token", "use another one"),
    "DeviceRemoved": ("the token was taken out", "plug it in and try again"),
    "DeviceMemory": ("the token is full", "use another one"),
    "UserPinNotInitialized": ("the token has no PIN yet", "set it up with the tool of its maker"),
    "KeyTypeInconsistent": ("the key in the token is of another kind", "make one with `tapwatch keys new`"),
    "MechanismInvalid": ("the token cannot do ECDSA on P-256", "use another one"),
}


@contextlib.contextmanager
def logged_in(uri: TokenUri, ask: Ask, module: str, writing: bool) -> Iterator[Any]:
    """A session of the token that `uri` names; it stays open unless the block fails. Raises UserError.

    The PIN is tried once: tokens lock themselves after a few wrong ones.
    """
    token = _token(_library(module or uri.module_path or os.environ.get(MODULE_VARIABLE, "")), uri)
    pin = asker(uri.pin_file)("PIN") if uri.pin_file else ask(f"PIN of the token {token.label}")
    with explained():
        session = _session(token, pin, writing)
        try:
            yield session
        except BaseException:
            session.close()
            raise


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Errors of the library become what a person can act on."""
    from pkcs11.exceptions import PKCS11Error

    try:
        yield
    except PKCS11Error as error:
        name = type(error).__name__
        message, hint = _MEANINGS.get(name, (f"the token refused: {name}", "see the manual of the token"))
        raise UserError(message, hint) from error


def _session(token: Any, pin: bytes, writing: bool) -> Any:
    from pkcs11.exceptions import UserAlreadyLoggedIn

    try:
        return token.open(rw=writing, user_pin=pin.decode(errors="replace"))
    except UserAlreadyLoggedIn:  # another key of this command is in the same token
        return token.open(rw=writing)


def _library(path: str) -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise UserError("the library for tokens is not installed", "pip install -r requirements/pkcs11.lock") from error
    if not path:
        raise UserError(
            "which library speaks to the token is not known",
            f"give its path with --module, module-path in the URI, or {MODULE_VARIABLE}",
            EXIT_USAGE,
        )
    try:
        return pkcs11.lib(path)
    except (RuntimeError, OSError) as error:  # what it raises for a file that is no library, beside its own errors
        raise UserError(f"{path} does not load as a PKCS #11 library", "check the path") from error


def _token(library: Any, uri: TokenUri) -> Any:
    with explained():
        tokens = [slot.get_token() for slot in library.get_slots(token_present=True)]
    found = [token for token in tokens if _fits(token, uri)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(f"{token.label} (serial {_serial(token)})" for token in tokens if token.label) or "none"
    which = "more than one token fits" if found else "the token is not there"
    raise UserError(f"{which}: {uri.token or uri.serial}", f"plug it in, or name one of: {there}")


def _fits(token: Any, uri: TokenUri) -> bool:
    pairs = (
        (uri.token, token.label),
        (uri.serial, _serial(token)),
        (uri.manufacturer, token.manufacturer_id),
        (uri.model, token.model),
    )
    return all(wanted in ("", said) for wanted, said in pairs)


def _serial(token: Any) -> str:
    return token.serial.decode(errors="replace").strip()
