"""The book of a batch: no serial number twice, none lost, whatever is cut off."""

from __future__ import annotations

import csv
import threading
from typing import TYPE_CHECKING

import pytest

from tapwatch.device.ledger import BEGUN, FAILED, PASSED, RETURNED, WIPED, Ledger, Numbers
from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

NUMBERS = Numbers("TW-0998", 5)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "batch.csv", NUMBERS)


def test_numbers_count_up_with_their_zeros() -> None:
    assert [NUMBERS.at(place) for place in range(5)] == ["TW-0998", "TW-0999", "TW-1000", "TW-1001", "TW-1002"]
    for first, count in (("TW-998", 5), ("TW-", 1), ("TW-1", 0)):
        with pytest.raises(UserError):
            Numbers(first, count).check()


def test_one_number_for_each_chip_until_it_has_passed(ledger: Ledger) -> None:
    assert (ledger.claim("a").serial, ledger.claim("b").serial) == ("TW-0998", "TW-0999")
    assert ledger.claim("a").serial == "TW-0998" and ledger.claim("a").again
    ledger.write("TW-0998", "a", FAILED, note="motion: silent")
    assert ledger.claim("a").serial == "TW-0998"
    for result in (PASSED, RETURNED):
        ledger.write("TW-0998", "a", result)
        with pytest.raises(UserError, match=result):
            ledger.claim("a")
    ledger.write("TW-0998", "a", WIPED)
    assert ledger.claim("a").serial == "TW-1000", "what was wiped is another watch"
    for mac in "cd":
        ledger.claim(mac)
    with pytest.raises(UserError, match="all 5"):
        ledger.claim("e")


def test_a_line_cut_off_at_any_byte(tmp_path: Path, ledger: Ledger) -> None:
    """As a power cut leaves it: the line is there or it is not, and the next one follows in either case."""
    path = tmp_path / "batch.csv"
    ledger.claim("a")
    before = path.read_bytes()
    ledger.write("TW-0998", "a", PASSED, note="all, good")
    whole = path.read_bytes()
    for length in range(len(before), len(whole)):
        path.write_bytes(whole[:length])
        assert [row.result for row in ledger.rows()] == [BEGUN], length
        assert ledger.claim("b").serial == "TW-0999", length
        assert path.read_bytes().startswith(before) and path.read_bytes().endswith(b"\n")
    for length in range(len(before)):
        path.write_bytes(before[:length])
        assert ledger.claim("a").serial == "TW-0998", length
    print(f"NOTE factory.book_cut_at_every_byte {len(whole)} lengths, 0 numbers given twice")


def test_damage_is_never_taken_for_an_empty_book(tmp_path: Path, ledger: Ledger) -> None:
    ledger.claim("a")
    good = (tmp_path / "batch.csv").read_text()
    for bad in ("hello\n", good.replace(BEGUN, "begin"), good + "a,b\n", good.replace("serial", "number"), "\n", '"\n'):
        (tmp_path / "batch.csv").write_text(bad)
        with pytest.raises(UserError, match="damaged"):
            ledger.claim("b")


def test_programs_for_several_ports_share_the_book(tmp_path: Path) -> None:
    numbers = Numbers("1000", 40)
    found: list[str] = []

    def work(name: str) -> None:
        mine = Ledger(tmp_path / "batch.csv", numbers)
        found.extend(mine.claim(f"{name}{turn}").serial for turn in range(10))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [numbers.at(place) for place in range(40)]


def test_what_a_watch_says_stays_one_cell_and_no_formula(tmp_path: Path, ledger: Ledger) -> None:
    ledger.write("TW-0998", "a", FAILED, note='=cmd("x")\nTW-0999,b,passed', firmware="@1")
    rows = list(csv.reader((tmp_path / "batch.csv").open(newline="")))
    assert len(rows) == 2 and rows[1][-1] == '\'=cmd("x") TW-0999,b,passed' and rows[1][6] == "'@1"
    assert ledger.claim("b").serial == "TW-0999"
