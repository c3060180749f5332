"""The texts of an app as they lie in its bundle: `words.cbor`, a map of language to map of key to text."""

from micropython import const

from watch.apps.shelf.manifest import LANGUAGES
from watch.crypto import cbor
from watch.kernel.errors import BundleError, InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

MAX_BYTES = const(16_384)
MAX_TEXTS = const(120)
"""In one language: with both of them what the decoder takes."""
_MAX_KEY = const(24)
_MAX_TEXT = const(400)
_DEPTH = const(2)


def parse(data: bytes) -> "dict[str, dict[str, str]]":
    """The texts by language and key. Raises BundleError."""
    if len(data) > MAX_BYTES:
        raise BundleError("words.cbor has at most %d bytes" % MAX_BYTES)
    try:
        table: "Any" = cbor.decode(data, _DEPTH, MAX_TEXTS)
    except InputError as error:
        raise BundleError("words.cbor: %s" % error)
    if not isinstance(table, dict) or any(language not in LANGUAGES for language in table):
        raise BundleError("words.cbor is by language: " + " or ".join(LANGUAGES))
    for texts in table.values():
        if not isinstance(texts, dict):
            raise BundleError("words.cbor has keys and texts in each language")
        for key, one in texts.items():
            _expect(key, one)
    return table


def _expect(key: "Any", one: "Any") -> None:
    if not isinstance(key, str) or not 0 < len(key) <= _MAX_KEY:
        raise BundleError("words.cbor: a key has 1 to %d characters" % _MAX_KEY)
    if not isinstance(one, str) or len(one) > _MAX_TEXT:
        raise BundleError("words.cbor: text %s has more than %d characters" % (key, _MAX_TEXT))
