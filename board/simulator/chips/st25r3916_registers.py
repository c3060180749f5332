"""Registers, FIFO, interrupts and SPI transfers of the modelled ST25R3916; time is in 1/fc (73.7 ns)."""

from micropython import const

from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.simulator.chips.spi import InterruptPin

    Irq = tuple[int, int]


class Registers:
    """What of one chip is read and written. `mode` and `most_baud` are what it needs of its bus."""

    mode: "tuple[int, int]" = (0, 1)
    most_baud = 10_000_000
    timings: "tuple[tuple[str, int, int], ...]" = (
        ("oscillator_fc", n.OSCILLATOR_FC, n.LONGEST_FC),
        ("regulator_fc", n.REGULATOR_FC, n.LONGEST_REGULATOR_FC),
        ("measure_fc", n.MEASURE_FC, n.LONGEST_FC),
        ("detector_fc", n.DETECTOR_FC, 2 * n.DETECTOR_FC),
        ("line_fc", n.LINE_FC, 10 * n.LINE_FC),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(self, line: "InterruptPin", misuse: "list[str]", identity: int = 0x2A) -> None:
        """`identity` is what register 3F says: 28 and up a ST25R3916, 30 and up a ST25R3916B."""
        self.time = Timeline()
        self.line = line
        self.misuse = misuse
        self.warnings: "list[str]" = []
        self.transfers = 0
        self.field_mv = 0
        """The field at the antenna; 0 for none."""
        self.field_since = 0
        self.efd = False  # the field detector sees a field
        self.fields = 0  # how often the field changed
        self.aborts = 0  # how often a command ended whatever was being received
        self.supply = n.SUPPLY_STEPS
        self.antenna = n.ANTENNA_STEPS
        self.oscillator_fc = n.OSCILLATOR_FC
        """How long the clock takes to start."""
        self.regulator_fc = n.REGULATOR_FC
        """How long adjusting the regulators takes."""
        self.measure_fc = n.MEASURE_FC
        """How long a measurement takes; before its end the result is the last one's."""
        self.detector_fc = 0
        """From a change of field or threshold to what the field detector says; at once unless a test wants more."""
        self.line_fc = 0
        """From an interrupt to its line, likewise."""
        self.transfer_fc = n.SELECT_FC
        """What a transfer costs whoever makes it, besides its bits."""
        self.dead_oscillator = False
        self.pt = bytearray(n.PT_BYTES)
        self._identity = identity
        self._level = 1
        self._operation: "Optional[Callable[[int], int]]" = None
        self._at = 0
        self._status_read = 0
        self._special = {
            0x80: self._fifo_load,
            0x9F: self._fifo_read,
            0xA0: self._pt_load,
            0xBF: self._pt_read,
            0xFB: self._space_b,
            0xFC: self._test,
        }
        self._reset()

    def _reset(self) -> None:
        self.a = bytearray(64)
        self.b = bytearray(64)
        for address, value in n.RESET_A:
            self.a[address] = value
        for address, value in n.RESET_B:
            self.b[address] = value
        self._known_a = {address for address, _ in n.RESET_A} | set(n.READ_ONLY)
        self._known_b = {address for address, _ in n.RESET_B}
        self.irq = bytearray(4)
        self.state = n.OFF
        self.bit_rate = 0
        self.oscillating = False
        self._starts = 0
        self.receive_masked = False
        self.clear_fifo()
        self.stuck = False  # a frame began and never ended
        self.awaiting = False  # a frame was received and not answered yet
        self.aligned = True
        self.cool = self._identity >> 3 == n.KIND_B
        """False until the overheat protection has been told its temperature, which it forgets with each reset."""
        self._sending_until = 0
        self._drive()

    def clear_fifo(self) -> None:
        """Empty the FIFO and forget its flags."""
        self.fifo = bytearray()
        self.fifo_flags = 0

    def set_irq(self, irq: "Irq") -> None:
        """Latch an interrupt, masked or not."""
        register, bit = irq
        self.irq[register] |= bit
        self._follow()

    def _drive(self) -> None:
        self.line.drive(self._says())

    def _says(self) -> int:
        level = 0
        for i in range(4):
            if self.irq[i] & ~self.a[n.MASKS + i]:
                level = 1
        return level

    def _follow(self) -> None:
        """An interrupt or a mask has changed: the line falls at once, and rises in its time."""
        if self.line_fc and self._says():
            self.time.at(self.line_fc, self._drive)
        else:
            self._drive()

    # The bus.

    def select(self, level: int) -> None:
        """The select line changes: a transfer begins or ends."""
        if level == self._level:
            self.misuse.append("select line set to the level it had")
            return
        self._level = level
        if level:
            self._end_transfer()
            self.time.advance(self.transfer_fc)
        else:
            self.transfers += 1
            self._operation = None
            self._at = 0
            self._status_read = 0

    def exchange(self, byte: int) -> int:
        """One byte each way."""
        self.time.advance(n.SPI_BYTE_FC)
        if self._operation is None:
            self._operation = self._begin(byte)
            return 0
        return self._operation(byte)

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """Bytes in; what comes out is not looked at."""
        for byte in buf:
            self.exchange(byte)

    def _begin(self, byte: int) -> "Callable[[int], int]":
        """What the first byte of a transfer asks for."""
        if byte in self._special:
            return self._special[byte]
        kind = byte & 0xC0
        self._at = byte & 0x3F
        if kind == 0xC0:
            self._command(byte)
            return self._too_much
        if kind == 0x80:
            self.misuse.append("unknown operation %02x" % byte)
            return self._too_much
        return self._read_a if kind else self._write_a

    def _end_transfer(self) -> None:
        if self._operation == self._pt_load and self._at != n.PT_BYTES:
            self.misuse.append("PT memory load of %d bytes" % self._at)
        if self._status_read & 5 == 1:  # MAIN was read and ERROR was not
            if self.irq[2]:
                self.misuse.append("error interrupts cleared unread: registers 1A to 1D are one burst")
            self.irq[2] = 0
        self._follow()

    def _too_much(self, byte: int) -> int:
        self.misuse.append("select line low for more than one operation")
        return 0

    def _pt_load(self, byte: int) -> int:
        if self._at < n.PT_BYTES:
            self.pt[self._at] = byte
        self._at += 1
        return 0

    def _pt_read(self, byte: int) -> int:
        self._at += 1  # a dummy byte comes first
        return self.pt[self._at - 2] if 1 < self._at <= n.PT_BYTES + 1 else 0

    def _fifo_load(self, byte: int) -> int:
        if len(self.fifo) < n.FIFO_BYTES:
            self.fifo.append(byte)
        else:
            self.fifo_flags |= n.FIFO_OVERFLOW
            self.misuse.append("FIFO overflow while loading")
        return 0

    def _fifo_read(self, byte: int) -> int:
        if not self.fifo:
            self.fifo_flags |= n.FIFO_UNDERFLOW
            self.misuse.append("FIFO read past its end")
            return 0
        first = self.fifo[0]
        self.fifo = self.fifo[1:]
        return first

    def _test(self, byte: int) -> int:
        self._at = byte & 0x3F
        self._operation = self._write_test
        return 0

    def _write_test(self, byte: int) -> int:
        """Test registers do nothing here, but for the one that DS12484 section 4.1 asks to be set."""
        if self._identity >> 3 == n.KIND_B:
            self.misuse.append("test register %02x is not that of the ST25R3916B" % self._at)
        self.cool = self.cool or (self._at, byte) == n.COOL
        return 0

    def _space_b(self, byte: int) -> int:
        self._at = byte & 0x3F
        self._operation = self._read_b if byte & 0x40 else self._write_b
        if byte & 0x80:
            self.misuse.append("unknown operation FB %02x" % byte)
        return 0

    def _write_b(self, byte: int) -> int:
        if self._at in n.ONLY_B and self._identity >> 3 != n.KIND_B:
            self.misuse.append("register B:%02x is in the ST25R3916B alone" % self._at)
        self.b[self._at] = byte
        self._known_b.add(self._at)
        self._at = (self._at + 1) & 0x3F
        return 0

    def _read_b(self, byte: int) -> int:
        value = self._known(self._known_b, self.b, "B:")
        self._at = (self._at + 1) & 0x3F
        return value

    def _known(self, known: "set[int]", registers: bytearray, space: str) -> int:
        if self._at not in known:
            self.misuse.append("register %s%02x read before it was written" % (space, self._at))
        return registers[self._at]

    # Registers of space A.

    def _write_a(self, byte: int) -> int:
        address = self._at
        self._at = (address + 1) & 0x3F
        if address in n.READ_ONLY:
            self.misuse.append("write to read-only register %02x" % address)
            return 0
        started = byte & ~self.a[n.OPERATION] & n.EN if address == n.OPERATION else 0
        self.a[address] = byte
        self._known_a.add(address)
        if address == n.OPERATION and not byte & n.EN:
            self.oscillating = False
        if started:
            if not self.cool:
                self.misuse.append("clock started before the overheat protection knows its temperature")
            self._start_oscillator()
        if address in (n.FIELD_ON_THRESHOLD, n.FIELD_OFF_THRESHOLD):
            self.look_for_field()
        if address == n.MODE and self.is_detecting():
            self.bit_rate = 0
        self._follow()
        return 0

    def look_for_field(self) -> None:
        """The field or a threshold has changed: the field detector follows."""
        if self.detector_fc:
            self.time.at(self.detector_fc, self._detect)
        else:
            self._detect()

    def _detect(self) -> None:
        """Switch the field detector, and tell."""
        register = n.FIELD_OFF_THRESHOLD if self.efd else n.FIELD_ON_THRESHOLD
        seen = self.field_mv >= n.THRESHOLDS_MV[self.a[register] >> 4 & 7]
        if seen == self.efd:
            return
        self.efd = seen
        self.fields += 1
        self.field_since = self.time.now
        if not seen:
            self.state = n.OFF
            self.awaiting = False
            self._sending_until = 0
        if self.a[n.OPERATION] & n.EN_FD:
            self.set_irq(n.EON if seen else n.EOF)

    def is_detecting(self) -> bool:
        """True while the bit rate is looked for."""
        return self.a[n.MODE] & (n.TARG | n.MODE_BITS) == n.TARG | n.BIT_RATE_DETECT

    def follow_frame(self, rate: int) -> None:
        """A frame begins: one that the receiver can tell the bit rate by."""
        if self.is_detecting():
            self.bit_rate = rate
            self.set_irq(n.NFCT)

    def deaf(self) -> bool:
        """While the bit rate is looked for, frames right after the start of a field are filtered out."""
        step = 512 if self.a[n.TIMER_STEPS] & n.STEP_512 else 64
        filtered = self.a[n.MASK_RECEIVE_TIMER] * step
        return self.is_detecting() and self.time.now < self.field_since + filtered

    def _start_oscillator(self) -> None:
        self._starts += 1
        start = self._starts

        def running() -> None:
            if start == self._starts and self.a[n.OPERATION] & n.EN and not self.dead_oscillator:
                self.oscillating = True
                self.set_irq(n.OSC)

        self.time.at(self.oscillator_fc, running)

    def _read_a(self, byte: int) -> int:
        address = self._at
        live = self._live(address)
        value = self._known(self._known_a, self.a, "") if live is None else live
        if n.STATUS <= address < n.STATUS + 4:
            self.irq[address - n.STATUS] = 0
            self._status_read |= 1 << (address - n.STATUS)
        self._at = (address + 1) & 0x3F
        return value

    def _live(self, address: int) -> "Optional[int]":
        """Registers that show the chip's state; None for those that hold what was written."""
        if n.STATUS <= address < n.STATUS + 4:
            return self.irq[address - n.STATUS]
        count = len(self.fifo)
        live = {
            n.FIFO_COUNT: count & 0xFF,
            n.FIFO_STATE: count >> 8 << 6 | self.fifo_flags,
            n.TARGET_STATE: self.state,
            n.BIT_RATE: self.bit_rate << 4,
            n.DISPLAY: (n.EFD if self.efd else 0) | (n.OSCILLATOR_OK if self.oscillating else 0),
            n.IDENTITY: self._identity,
        }
        return live.get(address)

    def _command(self, code: int) -> None:
        """A direct command."""
        raise NotImplementedError
