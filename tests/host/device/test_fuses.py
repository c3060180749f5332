"""The device secret in the fuses, by the real espefuse: virtual ones, and those of a mock chip behind its port."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.device import fuses
from tapwatch.device.fuses import BLOCKS, Espefuse, burn_secret, burnt, free_block
from tapwatch.device.station import Station
from tapwatch.errors import UserError
from tapwatch.flashing import esptool_run, partitions
from tapwatch.images import boards
from tests.host.device.fuse_chip import with_fuses
from tests.host.flashing import inside, kit, mock_chip

if TYPE_CHECKING:
    from pathlib import Path

CHIP = "esp32s3"
SERIAL = "TW-0001"
TABLE = partitions.make_table(kit.STOCK_TABLE, 4 * kit.MB)
VAULT = partitions.named(TABLE, "vault")


def blank() -> dict:
    """A summary of fuses that nobody has touched."""
    untouched = {"readable": True, "writeable": True, "raw_value": "0x00", "value": ""}
    purposes = {f"KEY_PURPOSE_{number}": {"value": "USER", "readable": True, "writeable": True} for number in range(6)}
    return {**{block: dict(untouched) for block in BLOCKS}, **purposes, "RD_DIS": dict(untouched)}


class NoFuses(Espefuse):
    """Fuses that say what a test wants, and count the burns."""

    def __init__(self, summary: dict) -> None:
        super().__init__(CHIP)
        self.now, self.burns = summary, 0

    def summary(self) -> dict:
        return self.now

    def burn(self, block: str, key: bytearray) -> None:
        self.burns += 1
        self.key = key
        raise UserError("the cable was pulled")


def test_a_secret_is_burnt_over_the_port_and_shown_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dry run comes first, then the question, then what must be erased, then the burn. The key is nowhere after."""
    keys: list[bytearray] = []
    copies: list[bytes] = []
    made = fuses._key

    def key() -> bytearray:
        keys.append(made())
        copies.append(bytes(keys[-1]))
        return keys[-1]

    monkeypatch.setattr(fuses, "_key", key)
    summaries: list = []
    look = Espefuse.summary

    def kept(self: Espefuse) -> object:
        summaries.append(look(self))
        return summaries[-1]

    monkeypatch.setattr(Espefuse, "summary", kept)
    monkeypatch.setattr(esptool_run, "_watched", inside.watched)
    order: list[str] = []

    def answer(question: str) -> str:
        order.append("asked")
        assert SERIAL in question and 0xFF not in chip.flash.data[VAULT.offset : VAULT.end], "nothing was touched yet"
        return SERIAL

    store = tmp_path / "fuses.bin"
    with with_fuses(store), mock_chip.running(flash_mb=4) as chip:
        chip.flash.data[0x8000:0x9000] = partitions.table_bytes(TABLE)
        chip.flash.data[VAULT.offset : VAULT.end] = b"s" * VAULT.size
        block = Station(boards.read(kit.BOARD), chip.port).burn_secret(SERIAL, answer, erase_vault=True)
        vault = set(chip.flash.data[VAULT.offset : VAULT.end])
    said = capsys.readouterr().out
    assert block == "BLOCK_KEY5" and order == ["asked"] and vault == {0xFF}
    assert "KEY_PURPOSE_5 becomes HMAC_UP" in said and "cannot be undone" in said
    assert len(keys) == 2 and copies[0] != copies[1], "the one of the dry run is another"
    assert not any(keys[1]), "the key is zeroed"
    held = store.read_bytes()
    assert copies[0] not in held and copies[0][::-1] not in held
    after = summaries[-1]
    assert burnt(after) == "BLOCK_KEY5" and free_block(after) == "BLOCK_KEY4"
    assert not after["KEY_PURPOSE_5"]["writeable"] and not after["BLOCK_KEY5"]["writeable"]


def test_nothing_is_burnt_without_the_serial_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuses, "dry_run", lambda chip, block: ["a line"])
    chip = NoFuses(blank())
    for typed in ("", "yes", "TW-0002", "tw-0001"):
        with pytest.raises(UserError, match="nothing has been burnt"):
            burn_secret(chip, CHIP, SERIAL, lambda question, typed=typed: typed, lambda: pytest.fail("erased"))
    assert not chip.burns


def test_the_key_is_zeroed_when_the_burn_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuses, "dry_run", lambda chip, block: [])
    chip = NoFuses(blank())
    with pytest.raises(UserError, match="cable"):
        burn_secret(chip, CHIP, SERIAL, lambda question: SERIAL, lambda: None)
    assert chip.burns == 1 and not any(chip.key)


def test_a_chip_with_a_secret_is_left_alone() -> None:
    summary = blank()
    summary["BLOCK_KEY5"] |= {"readable": False, "writeable": False}
    summary["KEY_PURPOSE_5"]["value"] = "HMAC_UP"
    chip = NoFuses(summary)
    assert burn_secret(chip, CHIP, SERIAL, lambda question: pytest.fail("asked"), lambda: None) is None
    assert not chip.burns


def test_a_block_that_was_touched_is_not_taken() -> None:
    """A burn that was cut off leaves bits, or a purpose; the next one goes elsewhere."""
    for change in ({"raw_value": "0x01"}, {"readable": False}, {"writeable": False}):
        summary = blank()
        summary["BLOCK_KEY5"] |= change
        assert burnt(summary) is None and free_block(summary) == "BLOCK_KEY4"
    summary = blank()
    summary["KEY_PURPOSE_5"]["value"] = "HMAC_UP"
    assert burnt(summary) is None, "a key that everybody can read is no secret"
    assert free_block(summary) == "BLOCK_KEY4"
    for number in range(6):
        summary[f"KEY_PURPOSE_{number}"]["value"] = "XTS_AES_128_KEY"
    with pytest.raises(UserError, match="no key block"):
        free_block(summary)


def test_a_chip_that_cannot_hide_a_key_is_not_burnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its purposes are locked, or the protection against reading is: the key would be lost, or could be read."""
    monkeypatch.setattr(fuses, "dry_run", lambda chip, block: pytest.fail("asked"))
    purposes, reading = blank(), blank()
    for number in range(6):
        purposes[f"KEY_PURPOSE_{number}"]["writeable"] = False
    reading["RD_DIS"]["writeable"] = False
    for summary in (purposes, reading):
        chip = NoFuses(summary)
        with pytest.raises(UserError, match="no key"):
            burn_secret(chip, CHIP, SERIAL, lambda question: SERIAL, lambda: pytest.fail("erased"))
        assert not chip.burns
    one = blank()
    one["KEY_PURPOSE_5"]["writeable"] = False
    assert free_block(one) == "BLOCK_KEY4"


def test_a_block_that_can_still_be_written_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """More bits of it could be burnt: the watch would lose its secret."""
    monkeypatch.setattr(fuses, "dry_run", lambda chip, block: [])

    class Open(NoFuses):
        def burn(self, block: str, key: bytearray) -> None:
            self.now[block] |= {"readable": False}
            self.now[f"KEY_PURPOSE_{block[-1]}"]["value"] = "HMAC_UP"

    with pytest.raises(UserError, match="does not look as it must"):
        burn_secret(Open(blank()), CHIP, SERIAL, lambda question: SERIAL, lambda: None)


def test_what_espefuse_says_is_not_believed_blindly(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("", "{", "{}", '{"BLOCK_KEY5": {}}', "no chip"):
        monkeypatch.setattr(Espefuse, "_run", lambda self, words, said=said: said)
        with pytest.raises(UserError):
            Espefuse(CHIP).summary()
