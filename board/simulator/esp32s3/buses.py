"""`machine.I2C` and `machine.SPI` of the ESP32 port, joined to the chips of a board."""

import errno

from micropython import const

from board.simulator.esp32s3.hardware import current
from board.simulator.esp32s3.pin import Pin, gpio

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.chips.i2c import I2c
    from board.simulator.chips.spi import Chip

    Buffer = bytes | bytearray | memoryview

_BITS_PER_BYTE = const(9)
"""Eight and the acknowledgement."""
_US = const(1_000_000)
_ADDRESSES = range(0x08, 0x78)
"""`scan` of extmod/machine_i2c.c."""
_FLOATING = const(0xFF)


class I2C:
    """One of two controllers. There is no bus but where the board has wired one."""

    def __init__(
        self,
        id: int,  # noqa: A002 # so called by the port
        *,
        scl: "Pin | int",
        sda: "Pin | int",
        freq: int = 400_000,
        timeout: int = 50_000,
    ) -> None:
        """Raises ValueError for a controller there is not."""
        if id not in (0, 1):
            raise ValueError("I2C(%d) doesn't exist" % id)
        self._hardware = current()
        self._wires: "tuple[int, int]" = gpio(scl), gpio(sda)  # type: ignore[assignment] # both are pins
        self._bus: "I2c | None" = self._hardware.i2c.get(self._wires)
        self._freq = freq
        self._timeout_us = timeout

    def scan(self) -> "list[int]":
        """Addresses that answer."""
        found = []
        for address in _ADDRESSES:
            try:
                self._on_bus(0)
                if self._bus and self._bus.answers(address):
                    found.append(address)
            except OSError as error:
                if error.errno == errno.ETIMEDOUT:
                    return []  # a stuck bus has nobody on it
        return found

    def writeto(self, addr: int, buf: "Buffer", stop: bool = True) -> int:
        """Send bytes. Raises OSError."""
        return self._on_bus(len(buf), addr).writeto(addr, bytes(buf))

    def writevto(self, addr: int, vector: "list[Buffer] | tuple[Buffer, ...]", stop: bool = True) -> int:
        """Send pieces as one. Raises OSError."""
        return self.writeto(addr, b"".join(bytes(piece) for piece in vector), stop)

    def readfrom_into(self, addr: int, buf: "bytearray | memoryview", stop: bool = True) -> None:
        """Fill the buffer. Raises OSError."""
        self._on_bus(len(buf), addr).readfrom_into(addr, buf)

    def readfrom(self, addr: int, nbytes: int, stop: bool = True) -> bytes:
        """Read bytes. Raises OSError."""
        found = bytearray(nbytes)
        self.readfrom_into(addr, found, stop)
        return bytes(found)

    def writeto_mem(self, addr: int, memaddr: int, buf: "Buffer", *, addrsize: int = 8) -> None:
        """Write registers. Raises OSError."""
        self.writeto(addr, memaddr.to_bytes(addrsize // 8, "big") + bytes(buf))

    def readfrom_mem_into(self, addr: int, memaddr: int, buf: "bytearray | memoryview", *, addrsize: int = 8) -> None:
        """Read registers. Raises OSError."""
        where = memaddr.to_bytes(addrsize // 8, "big")
        bus = self._on_bus(len(where) + 1 + len(buf), addr)
        bus.writeto(addr, where)
        bus.readfrom_into(addr, buf)

    def readfrom_mem(self, addr: int, memaddr: int, nbytes: int, *, addrsize: int = 8) -> bytes:
        """Read registers. Raises OSError."""
        found = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, found, addrsize=addrsize)
        return bytes(found)

    def _on_bus(self, count: int, address: "int | None" = None) -> "I2c":
        """The bus, once so many bytes have passed. Raises OSError."""
        hardware = self._hardware
        if not all(hardware.nets[wire].level for wire in self._wires):  # somebody holds one low
            hardware.time.advance_us(self._timeout_us)
            raise OSError(errno.ETIMEDOUT)
        hardware.transfer((count + 1) * _BITS_PER_BYTE * _US // self._freq)
        if self._bus is None:
            raise OSError(errno.ENODEV)
        if address is not None and address in self._bus.stretch_us:
            self._stretch(self._bus.stretch_us[address])
        return self._bus

    def _stretch(self, us: int) -> None:
        """A chip holds the clock. Raises OSError."""
        self._hardware.time.advance_us(min(us, self._timeout_us))
        if us > self._timeout_us:
            raise OSError(errno.ETIMEDOUT)


class SPI:
    """Controller 1 or 2; another object of one number is the same one."""

    MSB = 0
    LSB = 1

    def __new__(cls, id: int, *args: object, **kwargs: object) -> "SPI":  # noqa: A002 # so called by the port
        """Raises ValueError for a controller there is not."""
        if id not in (1, 2):
            raise ValueError("SPI(%d) doesn't exist" % id)
        objects = current().objects
        if ("SPI", id) not in objects:
            objects[("SPI", id)] = object.__new__(cls)
        return objects[("SPI", id)]  # type: ignore[return-value] # made above

    def __init__(
        self,
        id: int,  # noqa: A002 # so called by the port
        baudrate: int = 1_000_000,
        *,
        polarity: int = 0,
        phase: int = 0,
        bits: int = 8,
        firstbit: int = MSB,
        sck: "Pin | int | None" = None,
        mosi: "Pin | int | None" = None,
        miso: "Pin | int | None" = None,
    ) -> None:
        """Pins must be named: those of the port's own choice are not wired on any board that we know."""
        self._hardware = current()
        wires = gpio(sck), gpio(mosi), gpio(miso)
        self._wires = self._hardware.spi.get(wires)  # type: ignore[arg-type] # None finds nothing
        self._baud = baudrate
        self._mode = (polarity, phase)

    def init(self, baudrate: int = 1_000_000, *, polarity: int = 0, phase: int = 0) -> None:
        """Change speed and mode."""
        self._baud = baudrate
        self._mode = (polarity, phase)

    def deinit(self) -> None:
        """Let the wires go."""
        self._wires = None

    def write(self, buf: "Buffer") -> None:
        """Send bytes."""
        chip = self._chip(len(buf))
        if chip:
            chip.take(buf)

    def readinto(self, buf: "bytearray | memoryview", write: int = 0x00) -> None:
        """Fill the buffer while sending `write` again and again."""
        chip = self._chip(len(buf))
        for index in range(len(buf)):
            buf[index] = chip.exchange(write) if chip else _FLOATING

    def read(self, nbytes: int, write: int = 0x00) -> bytes:
        """Read bytes while sending `write` again and again."""
        found = bytearray(nbytes)
        self.readinto(found, write)
        return bytes(found)

    def write_readinto(self, write_buf: "Buffer", read_buf: "bytearray | memoryview") -> None:
        """Send and receive at once. Raises ValueError if the lengths differ."""
        if len(write_buf) != len(read_buf):
            raise ValueError("buffers must be the same length")
        chip = self._chip(len(write_buf))
        for index in range(len(write_buf)):
            read_buf[index] = chip.exchange(write_buf[index]) if chip else _FLOATING

    def _chip(self, count: int) -> "Chip | None":
        hardware = self._hardware
        hardware.transfer(count * 8 * _US // self._baud)
        if self._wires is None:
            hardware.misuse.append("SPI: nothing is wired to these pins")
            return None
        self._wires.check()
        return self._wires.bus.selected(self._mode, self._baud, count)
