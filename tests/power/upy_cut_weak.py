"""Cuts that leave weak cells: what one boot believed, every later boot believes."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, remember
from tests.power.stories import before_copy, prepared
from tests.power.weakflash import WeakCut, WeakFlash
from watch.storage.journal import Journal

SHARE = "cuts and faults"
TIMEOUT_S = 300


def run(name, flash, steps):
    weak = WeakFlash(flash.size // flash.sector, flash.image)
    campaign = Campaign(weak, steps, cut=WeakCut)
    campaign.run()
    print(f"NOTE weak cells, {name}: {campaign.points()} cuts, 0 believed and then lost")


def test_cut_weak_format():
    run("format", NorFlash(4), [])


def test_cut_weak_commit():
    run("commit", prepared(4, [{1: b"old"}]), [remember({1: b"new", 2: b"more" * 20})])


def test_cut_weak_next_sector_and_copy():
    run("next sector and copy", before_copy(6, 5, 100, 600), [remember({100: b"q" * 600})])


def test_cut_weak_wipe():
    run("wipe", prepared(4, [{1: b"secret" * 200}]), [Journal.wipe])
