"""Card numbers (CID), for a reader that keeps several cards active: ISO/IEC 14443-4 sections 5.1 and 7.1.1.2.

EMV readers do not use them, so the watch's own ATS does not offer them and this file is not on its way. With an ATS
that does, `IsoDep` talks through a `CidPort`, which takes the number out of blocks and puts it into the answers.
"""

from micropython import const

from watch.nfc.ats import FRAME_SIZES

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Callback, Nfc

_NOT_YET = const(-1)
_RATS = const(0xE0)
_NIBBLE = const(0x0F)
_RESERVED = const(15)
_KIND = const(0xF0)
_BLOCKS = (0x00, 0x10, 0xA0, 0xB0, 0xC0, 0xF0)
"""High nibbles of I-, R- and S-blocks; RATS (E) and PPS (D) have their number elsewhere."""
_CID_FOLLOWS = const(0x08)
_NO_BLOCK = const(0xFF)


class CidPort:
    """A radio that hears only what is meant for its own number."""

    def __init__(self, port: "Nfc") -> None:
        self._port = port
        self._cid = _NOT_YET
        self._named = False
        """True if the last block for us named us: then the answer does as well."""
        self._out = bytearray(FRAME_SIZES[-1])

    def listen(self, callback: "Callback") -> None:
        """As the radio's own."""
        self._port.listen(callback)

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """As the radio's own."""
        self._port.arm(uid, atqa, sak)

    def disarm(self) -> None:
        """As the radio's own."""
        self._port.disarm()

    def field(self) -> bool:
        """As the radio's own."""
        return self._port.field()

    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """As the radio's own, without CID. A block for another card becomes one byte that is no block."""
        length = self._port.receive(frame, timeout_us)
        if length < 0:
            self._forget()
        if length <= 0:
            return length
        first = frame[0]
        if self._cid == _NOT_YET:
            if first == _RATS and length == 2 and frame[1] & _NIBBLE != _RESERVED:
                self._cid = frame[1] & _NIBBLE
            return length
        if first & _KIND not in _BLOCKS:
            return length
        if first & _CID_FOLLOWS:
            return self._take_out(frame, length)
        if self._cid:  # a block without a number is for the card with number 0
            return _ignore(frame)
        self._named = False
        return length

    def transmit(self, frame: bytearray, length: int) -> None:
        """As the radio's own, with our number if the reader used it."""
        if not self._named:
            self._port.transmit(frame, length)
            return
        out = self._out
        out[0] = frame[0] | _CID_FOLLOWS
        out[1] = self._cid  # power level 00: none is told
        for i in range(1, length):
            out[1 + i] = frame[i]
        self._port.transmit(out, 1 + length)

    def halt(self) -> None:
        """As the radio's own; the number ends with the activation."""
        self._forget()
        self._port.halt()

    def _forget(self) -> None:
        self._cid = _NOT_YET
        self._named = False

    def _take_out(self, frame: bytearray, length: int) -> int:
        """Strip a block that names a card: its new length, or a byte that is no block if it is not for us."""
        if length < 2 or frame[1] != self._cid:  # the reader leaves the bits above the number at 0
            return _ignore(frame)
        frame[0] &= ~_CID_FOLLOWS
        for i in range(2, length):
            frame[i - 1] = frame[i]
        self._named = True
        return length - 1


def _ignore(frame: bytearray) -> int:
    frame[0] = _NO_BLOCK
    return 1
