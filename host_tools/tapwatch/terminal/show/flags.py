"""Bit by bit: what the flags of EMV data objects say, as tables."""

from __future__ import annotations

Flag = tuple[int, int, str]
"""Byte from 0, bit mask, text."""

_VERIFICATION: tuple[Flag, ...] = (  # EMV Book 3 annex C5; action codes have the same bits (annex A)
    (0, 0x80, "data authentication not performed"),
    (0, 0x40, "SDA failed"),
    (0, 0x20, "card data missing"),
    (0, 0x10, "card on exception file"),
    (0, 0x08, "DDA failed"),
    (0, 0x04, "CDA failed"),
    (1, 0x80, "different application versions"),
    (1, 0x40, "application expired"),
    (1, 0x20, "application not yet effective"),
    (1, 0x10, "service not allowed"),
    (1, 0x08, "new card"),
    (2, 0x80, "cardholder verification failed"),
    (2, 0x40, "unrecognised CVM"),
    (2, 0x20, "PIN tries exceeded"),
    (2, 0x10, "PIN pad not there or not working"),
    (2, 0x08, "PIN not entered"),
    (2, 0x04, "online PIN entered"),
    (3, 0x80, "above the floor limit"),
    (3, 0x40, "lower offline limit exceeded"),
    (3, 0x20, "upper offline limit exceeded"),
    (3, 0x10, "chosen at random for online"),
    (3, 0x08, "merchant forced online"),
    (4, 0x80, "default TDOL used"),
    (4, 0x40, "issuer authentication failed"),
    (4, 0x20, "script failed before the last cryptogram"),
    (4, 0x10, "script failed after the last cryptogram"),
)

FLAGS: dict[str, tuple[Flag, ...]] = {
    "82": (  # EMV Book 3 annex C1; Book C-2 annex A for on-device CVM and byte 2
        (0, 0x80, "XDA"),
        (0, 0x40, "SDA"),
        (0, 0x20, "DDA"),
        (0, 0x10, "cardholder verification"),
        (0, 0x08, "terminal risk management"),
        (0, 0x04, "issuer authentication"),
        (0, 0x02, "on-device CVM"),
        (0, 0x01, "CDA"),
        (1, 0x80, "EMV mode"),
        (1, 0x40, "mobile phone"),
        (1, 0x01, "relay resistance"),
    ),
    "95": _VERIFICATION,
    "9F0D": _VERIFICATION,
    "9F0E": _VERIFICATION,
    "9F0F": _VERIFICATION,
    "9F07": (  # EMV Book 3 annex C2
        (0, 0x80, "domestic cash"),
        (0, 0x40, "international cash"),
        (0, 0x20, "domestic goods"),
        (0, 0x10, "international goods"),
        (0, 0x08, "domestic services"),
        (0, 0x04, "international services"),
        (0, 0x02, "at ATMs"),
        (0, 0x01, "elsewhere than at ATMs"),
        (1, 0x80, "domestic cashback"),
        (1, 0x40, "international cashback"),
    ),
    "9F1D": (  # Book C-2 annex A
        (0, 0x04, "on-device CVM"),
        (1, 0x80, "CVM limit exceeded"),
    ),
    "9F33": (  # EMV Book 4 annex A2
        (0, 0x80, "manual key entry"),
        (0, 0x40, "magnetic stripe"),
        (0, 0x20, "contact chip"),
        (1, 0x80, "plaintext PIN"),
        (1, 0x40, "online PIN"),
        (1, 0x20, "signature"),
        (1, 0x10, "enciphered offline PIN"),
        (1, 0x08, "no CVM"),
        (2, 0x80, "SDA"),
        (2, 0x40, "DDA"),
        (2, 0x20, "card capture"),
        (2, 0x08, "CDA"),
    ),
    "9F66": (  # Book C-3 annex A
        (0, 0x80, "magnetic stripe mode"),
        (0, 0x20, "EMV mode"),
        (0, 0x10, "contact chip"),
        (0, 0x08, "offline only"),
        (0, 0x04, "online PIN"),
        (0, 0x02, "signature"),
        (0, 0x01, "data authentication for online"),
        (1, 0x80, "online cryptogram required"),
        (1, 0x40, "CVM required"),
        (1, 0x20, "offline PIN"),
        (2, 0x80, "issuer updates"),
        (2, 0x40, "on-device CVM"),
        (3, 0x80, "fDDA version 1"),
    ),
    "9F6C": (  # Book C-3 annex A
        (0, 0x80, "online PIN required"),
        (0, 0x40, "signature required"),
        (0, 0x20, "online if data authentication fails"),
        (0, 0x10, "contact if data authentication fails"),
        (0, 0x08, "online if expired"),
        (0, 0x04, "contact for cash"),
        (0, 0x02, "contact for cashback"),
        (0, 0x01, "not valid at ATMs"),
        (1, 0x80, "on-device CVM performed"),
        (1, 0x40, "issuer updates"),
    ),
    "DF4B": (  # Book C-2 annex A
        (1, 0x10, "on-device CVM successful"),
        (1, 0x08, "context conflicting"),
        (1, 0x04, "PIN change required"),
        (1, 0x02, "acknowledgement required"),
        (1, 0x01, "PIN required"),
    ),
}


def flags(tag: str, value: bytes) -> str:
    """The flags that are set, in words."""
    return ", ".join(text for byte, mask, text in FLAGS[tag] if byte < len(value) and value[byte] & mask)
