"""Partition tables, read by mp-image-tool-esp32 as well."""

from __future__ import annotations

import pytest
from mp_image_tool_esp32.partition_table import PartitionTable

from tapwatch.flashing import partitions
from tapwatch.flashing.partitions import APP, DATA, Partition, TableError
from tests.host.flashing.kit import MB, STOCK_TABLE

OTA_TABLE = [
    Partition("nvs", DATA, 0x02, 0x9000, 0x4000),
    Partition("otadata", DATA, 0x00, 0xD000, 0x2000),
    Partition("phy_init", DATA, 0x01, 0xF000, 0x1000),
    Partition("ota_0", APP, 0x10, 0x10000, 0x270000),
    Partition("ota_1", APP, 0x11, 0x280000, 0x270000),
]


def places(table: list[Partition]) -> list[tuple[str, int, int]]:
    return [(part.name, part.offset, part.size) for part in table]


def test_the_table_is_the_one_of_the_document() -> None:
    """docs/updates.md, for 16 MB."""
    table = partitions.make_table(STOCK_TABLE, 16 * MB)
    assert places(table)[3:] == [
        ("vault", 0x200000, 0x40000),
        ("slots", 0x240000, 0x2000),
        ("vfs", 0x242000, 0xDBE000),
    ]
    assert [(part.type, part.subtype) for part in table[3:]] == [(1, 0x40), (1, 0x41), (1, 0x81)]


@pytest.mark.parametrize("stock", [STOCK_TABLE, OTA_TABLE])
@pytest.mark.parametrize("flash_mb", [8, 16, 32])
def test_another_tool_reads_the_same(stock: list[Partition], flash_mb: int) -> None:
    table = partitions.make_table(stock, flash_mb * MB)
    data = partitions.table_bytes(table)
    read = PartitionTable.from_bytes(data, min(flash_mb, 16) * MB)
    read.check()
    assert [(part.name, part.type, part.subtype, part.offset, part.size) for part in read] == [
        (part.name, part.type, part.subtype, part.offset, part.size) for part in table
    ]
    assert read.to_bytes() == data, "it would write the same bytes"
    assert partitions.read_table(data) == table


def test_the_vault_lies_behind_the_programs() -> None:
    table = partitions.make_table(OTA_TABLE, 16 * MB)
    assert partitions.named(table, "vault").offset == 0x4F0000
    odd = [*STOCK_TABLE[:2], Partition("factory", APP, 0, 0x10000, 0x200000)]
    assert partitions.named(partitions.make_table(odd, 16 * MB), "vault").offset == 0x210000
    unaligned = [*odd, Partition("more", DATA, 0x40, 0x210000, 0x1000)]
    assert partitions.named(partitions.make_table(unaligned, 16 * MB), "vault").offset == 0x220000


def test_making_it_again_changes_nothing() -> None:
    table = partitions.make_table(STOCK_TABLE, 16 * MB)
    assert partitions.make_table(table, 16 * MB) == table
    with_files = [*STOCK_TABLE, Partition("vfs", DATA, 0x81, 0x200000, 0x200000)]
    assert partitions.make_table(with_files, 16 * MB) == table


def test_files_end_at_16_mb() -> None:
    assert partitions.make_table(STOCK_TABLE, 32 * MB)[-1].end == 16 * MB


def test_small_flash_is_refused() -> None:
    with pytest.raises(TableError, match="0 bytes of flash are left"):
        partitions.make_table(STOCK_TABLE, 2 * MB)
    with pytest.raises(TableError, match="only 122880 bytes"):
        partitions.make_table(OTA_TABLE, 0x532000 + 122880)


def test_every_changed_bit_is_noticed() -> None:
    """Each bit of the entries and their checksum."""
    data = partitions.table_bytes(STOCK_TABLE)
    end = 32 * (len(STOCK_TABLE) + 1)
    for bit in range(end * 8):
        bent = bytearray(data)
        bent[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TableError):
            partitions.read_table(bytes(bent))
    print(f"NOTE flashing.table_bits_refused {end * 8}")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff" * 4096, "no partition table"),
        (b"", "no partition table"),
        (partitions.table_bytes([]), "empty"),
        (partitions.table_bytes([STOCK_TABLE[0], STOCK_TABLE[0]]), "lies on another"),
        (partitions.table_bytes([Partition("x", DATA, 2, 0x8000, 0x1000)]), "lies on another"),
        (partitions.table_bytes(STOCK_TABLE)[:96], "no partition table"),
    ],
)
def test_what_is_no_table(data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        partitions.read_table(data)
