"""ST25R3916, register level: what a driver sees through SPI and the interrupt line. Time is in 1/fc (73.7 ns).

What a data sheet forbids or leaves open is written down in `misuse`, which tests read; what is allowed and unlucky, in
`warnings`. The reader's side of the chip is `Air` in st25r3916_air.py. Only what an NFC-A listener uses is modelled.
"""

from micropython import const

from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.st25r3916_registers import Registers

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.spi import InterruptPin


class Answer:
    """One frame that the chip sent."""

    def __init__(self, data: bytes, crc: bool, aligned: bool, ends: int) -> None:
        self.data = data
        self.crc = crc
        """True if the chip appended a CRC."""
        self.aligned = aligned
        """False if the delay since the reader's frame was lost: no reader understands it."""
        self.ends = ends
        """When its last bit is out."""


class Chip(Registers):
    """One chip: its registers, and what direct commands do."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]", identity: int = 0x2A) -> None:
        """`identity` is what register 3F says: 28 and up a ST25R3916, 30 and up a ST25R3916B."""
        super().__init__(line, misuse, identity)
        self.answers: "list[Answer]" = []
        self.on_transmit: "Callable[[Answer], object]" = self.answers.append
        """Called when an answer begins."""

    def _command(self, code: int) -> None:
        if code == n.SET_DEFAULT:
            self._reset()
        elif not self.oscillating:
            self.misuse.append("command without oscillator")  # the strict reading: not all of them need it
        elif code == n.GOTO_SLEEP and self.time.now < self._sending_until:
            self.misuse.append("sent to sleep while an answer is on its way")  # bytes leave at the pace of the air
        elif code == n.STOP:
            self._stop()
        elif code in (n.TRANSMIT_CRC, n.TRANSMIT_BARE):
            self._transmit(code == n.TRANSMIT_CRC)
        elif code in (n.GOTO_SENSE, n.GOTO_SLEEP):
            self.state = n.IDLE if code == n.GOTO_SENSE else n.HALT
            self.aborts += 1
        elif code in (n.MASK_RECEIVE, n.UNMASK_RECEIVE):
            self.receive_masked = code == n.MASK_RECEIVE
            self.stuck = False
        elif code == n.CLEAR_FIFO:
            self.clear_fifo()
        elif code == n.ADJUST_REGULATORS:
            self._takes(self.regulator_fc, _nothing)
        elif code == n.MEASURE_SUPPLY:
            self._measures(self.supply)
        elif code == n.MEASURE_AMPLITUDE:
            self._measure_amplitude()
        elif code not in (n.RESET_GAIN, n.CLEAR_RSSI):
            self.misuse.append("direct command %02x is unknown, or not for a listener" % code)

    def _takes(self, duration: int, done: "Callable[[], object]") -> None:
        def end() -> None:
            done()
            self.set_irq(n.DCT)

        self.time.at(duration, end)

    def _measures(self, result: int) -> None:
        def found() -> None:
            self.a[n.AD_RESULT] = result

        self._takes(self.measure_fc, found)

    def _measure_amplitude(self) -> None:
        if self.efd:
            self.misuse.append("own carrier while a reader's field is on")
        self._measures(self.antenna)

    def _stop(self) -> None:
        if self.awaiting:
            self.aligned = False
        self.clear_fifo()
        self.stuck = False
        self.aborts += 1

    def _transmit(self, crc: bool) -> None:
        bits = self.a[n.LENGTH_HIGH] << 8 | self.a[n.LENGTH_LOW]
        if bits != len(self.fifo) * 8 or not bits:
            self.fifo_flags |= n.FIFO_UNDERFLOW
            self.misuse.append("transmit of %d bits with %d bytes in the FIFO" % (bits, len(self.fifo)))
            return
        duration = n.DELAY_FC + (len(self.fifo) + (2 if crc else 0)) * n.BYTE_FC
        answer = Answer(bytes(self.fifo), crc, self.aligned, self.time.now + duration)
        self.fifo = bytearray()
        self.awaiting = False
        self.aligned = True
        if not self.efd or not self.oscillating:
            self.warnings.append("transmit without a field")
            return
        if self.time.now >= self._sending_until:
            self._sending_until = answer.ends
        self.on_transmit(answer)
        field = self.fields
        self.time.at(duration, lambda: self.set_irq(n.TXE) if self.fields == field else None)


def _nothing() -> None:
    """Nothing else happens."""
