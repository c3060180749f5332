"""Writes merchants' codes: EMV QRCPS merchant-presented mode, for what an app asks (docs/formats.md "Merchant codes").

The code that comes out is read again by `MerchantCode` before anything is shown.
"""

from micropython import const

from watch.kernel.currency import exponent
from watch.kernel.errors import InputError
from watch.payment.merchant_code import CRC_HEAD, checksum

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

MOST_PURPOSE = const(25)
"""Characters: table 3.7, id 08."""
_MOST_VALUE = const(99)
_ONCE = "12"  # point of initiation: one bill, table 3.3
_CATEGORY = "0000"
_CITY = "Tapwatch"  # a shop inside an app is in no city, and the field must be there


def compose(payee: "dict[int, Any]", amount_minor: int, bill: str, purpose: str) -> str:
    """The text of a code that is paid once.

    Args:
        payee: of `tapwatch/app-review`: 1 account, 2 name, 3 country, 4 currency.
        amount_minor: in that currency.
        bill: tells it from all others, at most 25 characters.
        purpose: what for, at most 25 characters.

    Raises:
        InputError: a part is empty or too long.
    """
    parts = [
        "000201",
        _object("01", _ONCE),
        _object("26", _object("00", "org.tapwatch") + _object("01", payee[1])),
        _object("52", _CATEGORY),
        _object("53", "%03d" % payee[4]),
        _object("54", _decimal(amount_minor, exponent(payee[4]))),
        _object("58", payee[3]),
        _object("59", payee[2]),
        _object("60", _CITY),
        _object("62", _object("05", bill) + _object("08", purpose)),
    ]
    text = "".join(parts) + CRC_HEAD
    return text + checksum(text.encode())


def _object(name: str, value: str) -> str:
    if not 0 < len(value) <= _MOST_VALUE:
        raise InputError("%s of a merchant's code has %d characters" % (name, len(value)))
    return "%s%02d%s" % (name, len(value), value)


def _decimal(minor: int, digits: int) -> str:
    text = str(minor)
    if not digits:
        return text
    text = "0" * (digits + 1 - len(text)) + text
    return text[:-digits] + "." + text[-digits:]
