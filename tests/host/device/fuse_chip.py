"""Fuses for the chip of esp32-mock-bootloader: those that espefuse emulates itself, behind the real serial protocol."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from esp32_mock_bootloader import server
from espefuse.efuse.esp32s3.emulate_efuse_controller import EmulateEfuseController

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESP_WRITE_REG, ESP_READ_REG = 0x09, 0x0A
"""Commands of the ROM; esptool documentation, "Serial Protocol"."""
_BASE, _END = 0x6000_7000, 0x6000_71FC
_READ, _WRITE = struct.Struct("<I"), struct.Struct("<IIII")


@contextmanager
def with_fuses(path: Path) -> Iterator[EmulateEfuseController]:
    """Every chip in download mode has these fuses, which are kept in a file as `espefuse --virt` does."""
    fuses = EmulateEfuseController(str(path))
    read_before, write_before = server.handle_read_reg, server.handle_write_reg

    def read(data: bytes, session: server.ChipSession) -> bytes:
        address = _READ.unpack_from(data)[0]
        if not _BASE <= address < _END:
            return read_before(data, session)
        return server.make_response(ESP_READ_REG, value=fuses.read_reg(address), stub=session.stub_active)

    def write(data: bytes, session: server.ChipSession) -> bytes:
        address, value, mask, _ = _WRITE.unpack_from(data)
        if not _BASE <= address < _END:
            return write_before(data, session)
        fuses.write_reg(address, value, mask)
        return server.make_response(ESP_WRITE_REG, stub=session.stub_active)

    with (
        mock.patch.object(server, "handle_read_reg", read),
        mock.patch.object(server, "handle_write_reg", write),
    ):
        yield fuses
