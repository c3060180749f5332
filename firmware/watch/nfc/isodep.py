"""The ISO/IEC 14443-4 block protocol as a target, over `ports.Nfc`.

One frame in, at most one frame out. Rule numbers and letters in comments are those of ISO/IEC 14443-4 section 7.5.
Nothing here allocates once a session runs: buffers are made here and lent. Whatever is malformed, unexpected or not
supported is met with silence, and the target keeps listening.
"""

from micropython import const

from watch.nfc.apdu import REPLY_BYTES
from watch.nfc.ats import CRC_BYTES, FRAME_SIZES, Ats
from watch.nfc.cid import CidPort

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from board.ports import Nfc
    from watch.nfc.apdu import Buffer

    class Card(Protocol):
        """What any card link serves."""

        def select(self) -> None:
            """A reader has activated the card."""
            ...

        def deselect(self) -> None:
            """The reader has released the card, or its field is gone."""
            ...

        def apdu(self, request: Buffer, length: int, reply: Buffer) -> int:
            """Answer a command on lent buffers; returns the length with SW1 SW2."""
            ...

    Slow = Callable[[Buffer, int], int]


_OVERHEAD = 1 + CRC_BYTES
"""PCB and CRC in each block."""
_OVERFLOW = const(262)
"""Length reported for a chained command that is longer than any short command (261 bytes): the card answers 6700."""

_RATS = const(0xE0)
_CID_RFU = const(15)
_HLTA = const(0x50)
_PPS = const(0xD0)
_PPS0 = const(0x01)
_PPS0_WITH_PPS1 = const(0x11)

_KIND = const(0xEE)
"""PCB bits that must match: all but the block number and bit 5 (chaining in I-blocks, NAK in R-blocks). NAD, which is
never offered, must be off, and CID, which `CidPort` has taken out where it is."""
_I_BLOCK = const(0x02)
_R_BLOCK = const(0xA2)
_S_DESELECT = const(0xC2)
_S_WTX = const(0xF2)
_BIT5 = const(0x10)

_SELECTED = const(0)  # anticollision done, RATS expected
_ACTIVATED = const(1)  # ATS sent, PPS still possible
_OPEN = const(2)


class IsoDep:
    """One target. `frame` is the buffer that the session receives into."""

    def __init__(self, port: "Nfc", card: "Card", slow: "Optional[Slow]" = None, ats: "Optional[Ats]" = None) -> None:
        """Be a target on `port` for `card`. Without `ats` it is what payment readers want.

        `slow(request, length)` says by how many frame waiting times (1 to 59) the answer to a command must be extended
        before it is worked out; 0 for none. Without it no extension is ever asked for.
        """
        ats = ats or Ats()
        self._port = CidPort(port) if ats.cid else port
        self.receive = self._port.receive
        """How a frame gets into `frame`; kept bound, since binding allocates."""
        self.frame = bytearray(FRAME_SIZES[-1])
        self._longest = ats.frame_bytes
        self._overhead = _OVERHEAD + ats.cid
        self._card = card
        self._slow = slow
        self._payload = memoryview(self.frame)[1:]
        self._request = bytearray(_OVERFLOW)
        self._out = bytearray(1 + REPLY_BYTES)
        self._reply = memoryview(self._out)[1:]
        self._ats = bytearray(ats.raw)
        self._short = bytearray(2)
        self._active = False
        self._reset()

    def _reset(self) -> None:
        self._state = _SELECTED
        self._cid = 0
        self._block = 1  # rule C
        self._most = 0  # data bytes in a block, by the reader's frame size
        self._last = 0  # length of the last block in _out
        self._filled = 0  # bytes of a chained command so far
        self._at = 0  # where the unsent rest of the answer starts in _reply
        self._left = 0  # its length
        self._wtx = 0  # extension asked for and not yet granted

    def lost(self) -> None:
        """The field is gone: forget everything and release the card."""
        self._reset()
        if self._active:
            self._active = False
            self._card.deselect()

    def handle(self, length: int) -> None:
        """Answer the `length` bytes received in `frame`, or stay silent."""
        if not 0 < length <= self._longest:
            return
        pcb = self.frame[0]
        if self._state != _OPEN:
            if self._state == _SELECTED:
                self._on_selected(pcb, length)
                return
            self._state = _OPEN
            if pcb & 0xF0 == _PPS:
                self._on_pps(length)
                return
        kind = pcb & _KIND
        if kind == _I_BLOCK:
            self._on_information(pcb, length)
        elif kind == _R_BLOCK:
            if length == 1:
                self._on_response(pcb)
        elif pcb == _S_WTX:
            self._on_extended(length)
        elif pcb == _S_DESELECT and length == 1:
            self._on_deselect()

    def _on_selected(self, first: int, length: int) -> None:
        if length != 2:
            return
        second = self.frame[1]
        if first == _HLTA and second == 0:
            self._port.halt()
        elif first == _RATS and second & 0x0F != _CID_RFU:
            self._most = FRAME_SIZES[min(second >> 4, len(FRAME_SIZES) - 1)] - self._overhead
            self._cid = second & 0x0F
            self._state = _ACTIVATED
            self._active = True
            self._card.select()
            self._port.transmit(self._ats, len(self._ats))

    def _on_pps(self, length: int) -> None:
        """Only the first block after the ATS may be a PPS, and 106 kbit/s is the only rate on offer."""
        frame = self.frame
        if frame[0] & 0x0F != self._cid:
            return
        bare = length == 2 and frame[1] == _PPS0
        if bare or (length == 3 and frame[1] == _PPS0_WITH_PPS1 and frame[2] == 0):
            self._short[0] = frame[0]
            self._port.transmit(self._short, 1)

    def _on_information(self, pcb: int, length: int) -> None:
        if self._wtx:
            return
        self._left = 0
        self._block ^= 1  # rule D: whatever the reader's number was
        if pcb & _BIT5:
            self._gather(length - 1)
            self._acknowledge()
        elif self._filled:
            self._gather(length - 1)
            self._command(self._request, self._filled)
        else:
            self._command(self._payload, length - 1)

    def _gather(self, count: int) -> None:
        """Append the INF field of a chained block. Too much is cut at a length that the card refuses."""
        at = self._filled
        count = min(count, _OVERFLOW - at)
        request = self._request
        payload = self._payload
        for i in range(count):
            request[at + i] = payload[i]
        self._filled = at + count

    def _command(self, request: "Buffer", length: int) -> None:
        self._wtx = self._slow(request, length) if self._slow else 0
        if not self._wtx:
            self._answer(request, length)
            return
        if request is self._payload:  # the reader's next frame would overwrite it
            self._gather(length)
        self._extend()

    def _answer(self, request: "Buffer", length: int) -> None:
        self._filled = 0
        self._at = 0
        self._left = self._card.apdu(request, length, self._reply) if length else 0
        self._send_part()

    def _send_part(self) -> None:
        """Send the next part of the answer; the first one already lies behind the PCB."""
        count = self._left
        pcb = _I_BLOCK | self._block
        if count > self._most:
            count = self._most
            pcb |= _BIT5
        at = self._at
        if at:
            reply = self._reply
            for i in range(count):
                reply[i] = reply[at + i]
        self._at = at + count
        self._left -= count
        self._send(pcb, 1 + count)

    def _send(self, pcb: int, length: int) -> None:
        self._out[0] = pcb
        self._last = length
        self._port.transmit(self._out, length)

    def _acknowledge(self) -> None:
        self._send(_R_BLOCK | self._block, 1)

    def _extend(self) -> None:
        self._short[0] = _S_WTX
        self._short[1] = self._wtx
        self._port.transmit(self._short, 2)

    def _on_response(self, pcb: int) -> None:
        nak = pcb & _BIT5
        if self._wtx:
            if nak:
                self._extend()
        elif pcb & 1 == self._block:
            if self._last:
                self._port.transmit(self._out, self._last)  # rule 11
        elif nak:
            self._acknowledge()  # rule 12
        elif self._left:
            self._block ^= 1  # rules E and 13
            self._send_part()

    def _on_extended(self, length: int) -> None:
        if self._wtx and length == 2 and self.frame[1] == self._wtx:
            self._wtx = 0
            self._answer(self._request, self._filled)

    def _on_deselect(self) -> None:
        self._short[0] = _S_DESELECT
        self._port.transmit(self._short, 1)
        self._port.halt()
        self.lost()
