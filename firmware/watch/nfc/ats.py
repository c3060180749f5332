"""The answer to select: what a card says of itself before the first block (ISO/IEC 14443-4 section 5.2)."""

from micropython import const

from watch.kernel.errors import InputError

FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
"""Frame size by FSDI or FSCI, with PCB and CRC; larger ones, from code 9 on, are used as 256. Table 1."""
CRC_BYTES = const(2)
_FORMAT = const(0x70)  # TA1, TB1 and TC1 follow, besides FSCI
_RATE_106_ONLY = const(0x80)
_CID_SUPPORTED = const(0x02)
_MOST_FWI = const(14)
_MOST_SFGI = const(14)


class Ats:
    """One card's frame size, waiting time and options. NAD and rates above 106 kbit/s are never offered."""

    def __init__(self, fsci: int = 8, fwi: int = 7, sfgi: int = 0, cid: bool = False) -> None:
        """The plain one is what EMV Book D section 5.7 allows: 256 bytes, 38.7 ms, no CID. Raises InputError."""
        if not (0 <= fsci < len(FRAME_SIZES) and 0 <= fwi <= _MOST_FWI and 0 <= sfgi <= _MOST_SFGI):
            raise InputError("no such answer to select")
        tail = (_FORMAT | fsci, _RATE_106_ONLY, fwi << 4 | sfgi, _CID_SUPPORTED if cid else 0)
        self.raw = bytes((1 + len(tail),) + tail)
        self.frame_bytes = FRAME_SIZES[fsci] - CRC_BYTES
        """Longest frame that a reader may send, without CRC."""
        self.cid = cid
        """True if the card may be called by a number, so that a reader can keep several cards active."""
