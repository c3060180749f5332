"""Power cuts and refused writes around what an app is paid (records 04E0h): 0 lost, 0 mixed, no ATC twice.

From the press that agrees to a payment to the bank's answer, and when the app goes. A cut between the payment and its
record loses the envelope: the key counts as used, no money is taken, and the app was told nothing.
"""

from support.world import TOKEN

from tests.power.service_campaign import CutCampaign, Failed, FaultCampaign, commit_one_by_one, fresh
from watch.system.apps.payments import SENT

SHARE = "mutants"
TIMEOUT_S = 240
APP = "calculator"
PAYEE = {1: "4711", 2: "Tea House Games", 3: "CN", 4: 156}
AMOUNT = 1234


def _asked(world):
    """An app has asked, and the wearer reads it."""
    world.unlock()
    services = world.services
    services.app_budgets["payment"]._spent.clear()
    assert services.app_payments.ask(APP, "Calculator", PAYEE, AMOUNT, "10 coins")
    purchase = services.app_payments.waiting
    services.merchants.stage(purchase.text)
    return purchase


def _agree(world, purchase):
    """As `Presenting` and `AppPaymentFlow` do it."""
    services = world.services
    services.wallet.arm()
    services.merchants.pay(PAYEE[2], AMOUNT, PAYEE[4])
    services.app_payments.keep(purchase, *services.merchants.latest())
    services.app_payments.decided(purchase, SENT)


def _paid(world):
    purchase = _asked(world)
    _agree(world, purchase)
    return purchase


def _bank_has_it(world, _):
    payments = world.services.app_payments
    payments.fetch([one.digest for one in payments._kept.waiting()])


def _asked_again(world):
    """One that the bank has gives its place to the next."""
    _paid(world)
    _bank_has_it(world, None)
    return _asked(world)


def _taken(world):
    _paid(world)
    _bank_has_it(world, None)


def _forget(world, _):
    world.services.app_payments.forget(APP)


DEEDS = (
    ("agreed", _asked, _agree),
    ("the bank has it", _paid, _bank_has_it),
    ("the next one", _asked_again, _agree),
    ("the app goes", _taken, _forget),
)


def _watch():
    world = fresh().provision().set_passcode().add_card()
    world.services.wallet.choose(TOKEN)
    return world


def test_cut_at_every_write():
    told, world = [], _watch()
    for name, prepare, act in DEEDS:
        campaign = CutCampaign(world, prepare, act).run()
        assert campaign.first, name
        told.append("%s %d+%d" % (name, campaign.first, campaign.second))
    print("NOTE cuts, payments of apps: %s; 0 lost, 0 mixed, 0 ATCs twice" % ", ".join(told))


def test_every_write_refused():
    told, world = [], _watch()
    for name, prepare, act in DEEDS[1:2] + DEEDS[3:]:
        campaign = FaultCampaign(world, prepare, act).run()
        told.append("%s %d of %d" % (name, campaign.reported, campaign.tried))
    print("NOTE faults, payments of apps: %s reported, 0 passed for a success" % ", ".join(told))


def test_a_payment_in_parts_is_noticed():
    """The campaign can fail: facts that are written one by one."""

    def in_parts(world, purchase):
        commit_one_by_one(world)
        _agree(world, purchase)

    try:
        CutCampaign(_watch(), _asked, in_parts).run()
    except Failed:
        return
    raise AssertionError("not noticed")
