"""Flash that fails under the services: no deed that was not stored passes for done, and the next boot goes on."""

from tests.power.deeds import REGARDLESS, deeds
from tests.power.service_campaign import Failed, FaultCampaign

SHARE = "cuts and faults"
TIMEOUT_S = 240


def test_fault_in_every_deed():
    tried = reported = 0
    for name, world, prepare, act in deeds():
        campaign = FaultCampaign(world, prepare, act, REGARDLESS.get(name, ())).run()
        tried += campaign.tried
        reported += campaign.reported
    print(f"NOTE failed writes in services: {tried} tried, {reported} reported, 0 passed for a success, 0 failed boots")


def test_fault_campaign_notices_a_swallowed_error():
    world, prepare, act = next(deed[1:] for deed in deeds() if deed[0] == "choose a card")

    def swallow(world, ready):
        try:
            act(world, ready)
        except Exception:
            return

    try:
        FaultCampaign(world, prepare, swallow).run()
    except Failed as error:
        print(f"NOTE failed writes in services, swallowed error caught: {error}")
        return
    raise AssertionError("a swallowed error was not noticed")
