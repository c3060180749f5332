"""Power cuts at every operation of the journal itself, and again at every operation of the recovery."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, remember
from tests.power.stories import before_copy, prepared
from watch.storage.journal import Journal

SHARE = "cuts and faults"
TIMEOUT_S = 240


def run(name, flash, steps):
    """Cut the story everywhere and say how often."""
    campaign = Campaign(flash, steps)
    campaign.run()
    print(f"NOTE cuts, {name}: {campaign.first_points} first, {campaign.second_points} second, 0 lost or mixed")
    return campaign


def test_cut_format():
    run("format", NorFlash(4), [])


def test_cut_first_commits():
    campaign = run("first commits", NorFlash(4), [remember({1: b"one"}), remember({2: b"two" * 100})])
    assert campaign.states[-1] == {1: b"one", 2: b"two" * 100}


def test_cut_commit_of_several():
    flash = prepared(4, [{1: b"old one", 2: b"old two", 3: b"old three"}])
    change = {1: b"new one", 2: None, 3: b"", 4: b"new four" * 40}
    campaign = run("commit of several", flash, [remember(change)])
    assert campaign.states[-1] == {1: b"new one", 3: b"", 4: b"new four" * 40}


def test_cut_replace_and_delete():
    flash = prepared(5, [{1: b"a" * 30}, {2: b"b" * 700}])
    steps = [remember({1: b"c" * 31}), remember({1: None}), remember({2: None})]
    assert run("replace and delete", flash, steps).states[-1] == {}


def test_cut_next_sector_and_copy():
    flash = before_copy(6, 5, 100, 600)
    campaign = run("next sector and copy", flash, [remember({100: b"q" * 600}), remember({51: b"r"})])
    assert campaign.states[-1][51] == b"r"


def test_cut_copy_with_one_sector_free():
    flash = before_copy(5, 7, 400, 500, forced=True)
    run("copy with one sector free", flash, [remember({100: b"q" * 500}), remember({51: b"r" * 40, 100: None})])


def test_cut_wipe():
    flash = prepared(5, [{1: b"secret" * 200}, {2: b"more" * 300}, {1: b"again" * 400}])
    steps = [Journal.wipe, remember({3: b"after"})]
    assert run("wipe", flash, steps).states[1:] == [{}, {3: b"after"}]


def test_cut_the_whole_flash_of_a_watch():
    run("256 KB", before_copy(64, 4, 100, 1500), [remember({100: b"q" * 1500})])
