"""Names of keys in tokens: the URIs of RFC 7512, as far as a signing key needs them.

`pkcs11:token=vault;object=root` with the path attributes `token serial manufacturer model object id type`, and after a
question mark `module-path` (the token's library) and `pin-source` (a file with the PIN).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

SCHEME = "pkcs11:"
_PATH = ("token", "serial", "manufacturer", "model", "object", "id", "type")
_QUERY = ("module-path", "pin-source")
_MOST_CHARACTERS = 1_024


class UriProblem(ValueError):
    """The text is no URI of a key in a token, or asks for what is not supported."""


@dataclass(frozen=True)
class TokenUri:
    """What a URI asks for; empty where it says nothing."""

    token: str = ""
    serial: str = ""
    manufacturer: str = ""
    model: str = ""
    object: str = ""
    id: bytes = b""
    module_path: str = ""
    pin_file: str = ""


def parse(text: str) -> TokenUri:
    """Read a URI. Raises UriProblem."""
    if not text.startswith(SCHEME) or len(text) > _MOST_CHARACTERS or not text.isascii():
        raise UriProblem(f"it must begin with {SCHEME} and have at most {_MOST_CHARACTERS} ASCII characters")
    path, _, query = text[len(SCHEME) :].partition("?")
    said = _attributes(path, ";", _PATH)
    asked = _attributes(query, "&", _QUERY)
    if said.pop("type", b"private") != b"private":
        raise UriProblem("the type of a signing key is `private`")
    identifier = said.pop("id", b"")
    texts = {name: _text(value) for name, value in said.items()}
    if not (texts.get("object") or identifier):
        raise UriProblem("it names no key: add object=NAME or id=%01")
    if not (texts.get("token") or texts.get("serial")):
        raise UriProblem("it names no token: add token=LABEL or serial=NUMBER")
    pin_source = _text(asked.get("pin-source", b"")).removeprefix("file:")
    return TokenUri(id=identifier, module_path=_text(asked.get("module-path", b"")), pin_file=pin_source, **texts)


def _attributes(part: str, separator: str, known: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for pair in filter(None, part.split(separator)):
        name, equals, value = pair.partition("=")
        if name == "pin-value":
            raise UriProblem("pin-value would show the PIN to everybody on this computer: use pin-source=file:PATH")
        if name not in known or not equals or name in found:
            raise UriProblem(f"it may say each of {', '.join(known)} once, not {name!r}")
        found[name] = unquote_to_bytes(value)
    return found


def _text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        raise UriProblem("a text in it is not UTF-8") from None
    if any(ord(character) < 0x20 for character in text):
        raise UriProblem("a text in it has control characters")
    return text
