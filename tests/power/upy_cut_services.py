"""Power cuts in everything a wearer or a bank can do to the services, and again in the boot that follows."""

from tests.power.deeds import deeds
from tests.power.service_campaign import CutCampaign, Failed, commit_one_by_one

SHARE = "cuts and faults"
TIMEOUT_S = 240


def test_cut_every_deed():
    first = second = 0
    for name, world, prepare, act in deeds():
        campaign = CutCampaign(world, prepare, act).run()
        assert campaign.first, f"{name}: nothing was written"
        print(f"NOTE cuts in services, {name}: {campaign.first} first, {campaign.second} second, 0 lost or mixed")
        first += campaign.first
        second += campaign.second
    print(f"NOTE cuts in services: {first} first, {second} second; 0 lost, 0 mixed, 0 counters back, 0 failed boots")


def test_cut_campaign_notices_a_change_in_two_parts():
    world, prepare, act = next(deed[1:] for deed in deeds() if deed[0] == "install a package")

    def in_two(world, package):
        commit_one_by_one(world)
        act(world, package)

    try:
        CutCampaign(world, prepare, in_two).run()
    except Failed as error:
        print(f"NOTE cuts in services, broken commit caught: {error}")
        return
    raise AssertionError("facts written one by one were not noticed")
