"""Cuts that leave weak cells: what one boot believed, every later boot believes."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, remember
from tests.power.stories import before_copy, prepared
from tests.power.weakflash import FEW, WeakCut, WeakFlash
from watch.storage.journal import Journal

SHARE = "cuts and faults"
TIMEOUT_S = 240
HEADER = 1
"""The operation that writes the header of the next sector, after its erase."""


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


def test_cut_weak_header_of_the_next_sector():
    flash = prepared(6, [{1: b"x" * 3200}])
    tried = 0
    for boots in range(0, 1500, 20):
        weak = WeakFlash(flash.size // flash.sector, flash.image, boots=boots)
        campaign = Campaign(weak, [remember({2: b"y" * 900})], cut=WeakCut)
        campaign.rehearse()
        campaign.cut_once(HEADER, FEW[0])
        tried += campaign.points()
    print(f"NOTE weak cells, header of the next sector: {tried} cuts, 0 commits of the first boot lost")


def test_cut_weak_wipe():
    run("wipe", prepared(4, [{1: b"secret" * 200}]), [Journal.wipe])
