"""Response codes (ISO 8583 field 39) and the exception that carries one."""

from __future__ import annotations

APPROVED = "00"
DO_NOT_HONOUR = "05"
INVALID_TRANSACTION = "12"
INVALID_AMOUNT = "13"
UNKNOWN_CARD = "14"
NO_ACTION = "21"
"""Nothing was done: the payment had been reversed."""
UNKNOWN_ORIGINAL = "25"
FORMAT_ERROR = "30"
LOST = "41"
NO_FUNDS = "51"
EXPIRED = "54"
NOT_PERMITTED = "57"
WRONG_CHANNEL = "58"
SUSPECTED_FRAUD = "59"
OVER_LIMIT = "61"
RESTRICTED = "62"
BAD_CRYPTOGRAM = "63"
VERIFY_FIRST = "65"
"""Over a limit for taps without the wearer's passcode."""
DUPLICATE = "94"
MALFUNCTION = "96"


class Declined(Exception):
    """A payment is declined; `code` is one of the codes above, the text is for the log."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
