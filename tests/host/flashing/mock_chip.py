"""A chip in download mode behind a pseudo-terminal, for the real esptool: esp32-mock-bootloader with our own flash.

Ours is as large as we say, erases a region when a write to it begins, as NOR flash must, and can lose its cable at a
block that is written. The mock's own stream of `read-flash` never sends its last packet; ours does.
"""

from __future__ import annotations

import hashlib
import os
import struct
import threading
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from esp32_mock_bootloader import protocol, server

if TYPE_CHECKING:
    from collections.abc import Iterator

MB = 1 << 20
SECTOR = 4096
_DATA_HEADER = struct.Struct("<IIII")
_BEGIN = struct.Struct("<IIII")


class CablePulled(OSError):
    """The connection ends here."""


class Flash(server.FlashImage):
    """Flash that counts the blocks written to it, and may lose its cable at one of them."""

    def __init__(self, size: int) -> None:
        self.data = bytearray(b"\xff") * size
        self.blocks = 0
        self.pull_at: int | None = None
        self._at = self._left = 0
        self._inflate = zlib.decompressobj()

    def begin_plain(self, payload: bytes) -> None:
        size, _, _, self._at = _BEGIN.unpack_from(payload)
        self._left = size
        self.erase_region(self._at & -SECTOR, -(-(self._at % SECTOR + size) // SECTOR) * SECTOR)

    def begin_defl(self, payload: bytes) -> None:
        self.begin_plain(payload)
        self._inflate = zlib.decompressobj()

    def write_plain_block(self, payload: bytes) -> None:
        length = min(_DATA_HEADER.unpack_from(payload)[0], self._left)  # the stub cuts the padding of the last block
        self._left -= length
        self._write(payload[_DATA_HEADER.size : _DATA_HEADER.size + length])

    def write_defl_block(self, payload: bytes) -> None:
        length = _DATA_HEADER.unpack_from(payload)[0]
        self._write(self._inflate.decompress(payload[_DATA_HEADER.size : _DATA_HEADER.size + length]))

    def _write(self, data: bytes) -> None:
        pulled = self.blocks == self.pull_at
        kept = data[: len(data) // 2] if pulled else data
        self.data[self._at : self._at + len(kept)] = kept
        self._at += len(kept)
        if pulled:
            raise CablePulled
        self.blocks += 1


class Mock:
    """One chip. `port` is where esptool finds it: a pseudo-terminal, another one after its cable was pulled."""

    def __init__(self, chip: str, flash: Flash) -> None:
        self.flash = flash
        self.pulled = 0
        self._chip = chip
        self._stop = threading.Event()
        self._plug_in()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _plug_in(self) -> None:
        self._wire = server.PtyMasterTransport.create(track_disconnect=True)
        self.port = self._wire.client_path

    def _serve(self) -> None:
        """One session after the other; each begins in the ROM, as after a reset, which a terminal cannot show."""
        while not self._stop.is_set():
            connection = server.BootloaderConnection(pty=self._wire, track_disconnect=True)
            try:
                server.handle_client(connection, self._stop, self._chip, exit_on_disconnect=True, flash=self.flash)
                self._hold_open()
            except CablePulled:
                self.pulled += 1
                self.flash.pull_at = None
                old = self._wire
                self._plug_in()
                _unplug(old)

    def _hold_open(self) -> None:
        """Between two clients: without anybody on its other end the terminal would only report errors."""
        wire = self._wire
        if wire._slave_released:
            wire._slave = os.open(self.port, os.O_RDWR | os.O_NOCTTY)
            wire._slave_released = wire._saw_client_data = False

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        _unplug(self._wire)


def _unplug(wire: server.PtyMasterTransport) -> None:
    """Close it; the mock's own way closes a number again that may be another file by now."""
    os.close(wire._master)
    if not wire._slave_released:
        os.close(wire._slave)


def _frames(raw: bytes) -> list[bytes]:
    """The whole frames of a stream; the mock's own decoder goes byte by byte, again for every piece that comes."""
    parts = raw.split(b"\xc0")[1:-1]
    return [part.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb") for part in parts if part]


def _slip(data: bytes) -> bytes:
    """A frame, made at once as well."""
    return b"\xc0" + data.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def _stream(conn, stop, flash, offset, length, packet, in_flight, buf) -> None:
    """`read-flash` of the stub: packets, each acknowledged by the sum so far, then the MD5."""
    sent = acknowledged = 0
    while acknowledged < length and not stop.is_set():
        while sent < length and sent - acknowledged < packet * in_flight:
            count = min(packet, length - sent)
            conn.sendall(_slip(flash.read(offset + sent, count)))
            sent += count
        try:
            buf.extend(conn.recv(4096))
        except TimeoutError:
            continue
        while (answer := server._consume_slip_frame(buf)) is not None:
            acknowledged = struct.unpack("<I", answer)[0]
    conn.sendall(server.slip_encode(hashlib.md5(flash.read(offset, length), usedforsecurity=False).digest()))


def _security(flags: int, crypt_count: int):
    def answer(session: server.ChipSession) -> bytes:
        words = struct.pack("<IBBBBBBBBII", flags, crypt_count, *([0] * 7), session.image_chip_id(), 0) + b"\0\0"
        header = struct.pack("<BBHI", 1, protocol.CMD_GET_SECURITY_INFO, len(words), 0)
        return server.slip_encode(header + words)

    return answer


@contextmanager
def running(
    chip: str = "esp32s3", flash_mb: int = 16, secure_boot: bool = False, encrypted: bool = False
) -> Iterator[Mock]:
    """A chip that answers until the end of the block."""
    size_code = (flash_mb * MB).bit_length() - 1  # third byte of the JEDEC id: the size as a power of two
    changed = [
        mock.patch.object(protocol, "MOCK_FLASH_ID", size_code << 16 | 0x4020),
        mock.patch.object(server, "perform_read_flash_stream", _stream),
        mock.patch.object(server, "slip_decode_frames", _frames),
    ]
    if secure_boot or encrypted:
        changed.append(
            mock.patch.object(server, "handle_get_security_info", _security(int(secure_boot), int(encrypted)))
        )
    for change in changed:
        change.start()
    chip_there = Mock(chip, Flash(flash_mb * MB))
    try:
        yield chip_there
    finally:
        chip_there.close()
        for change in changed:
            change.stop()
