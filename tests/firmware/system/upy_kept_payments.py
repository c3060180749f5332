"""What a wearer has agreed to pay an app survives a restart: the bank gets it, and the app finds its outcome."""

from support import scrubbing

from tests.firmware.system.upy_app_payment import APP, Bench, Shop
from watch.crypto.hashes import sha256
from watch.storage import records
from watch.system.apps.payment_records import AppPaymentRecords, KeptPayment

scrubbing.leave_out()
SHARE = "apps"
MOST_BYTES = 4_096
"""Programmed for one payment: R4."""


def paid(one):
    """The app asks, the wearer agrees. Bytes programmed for it."""
    one.ask().wait(2)
    before = one.board.flash.programmed_bytes
    one.press()
    one.wait()
    assert one.state() == "sent", one.state()
    return one.board.flash.programmed_bytes - before


def again(one):
    """The power goes: only the flash stays."""
    return Shop(one)


def test_an_agreed_payment_reaches_the_bank_after_a_restart():
    one = Bench().shop()
    programmed = paid(one)
    (before,) = one.services.app_payments.fetch([])
    one = again(one)
    (after,) = one.services.app_payments.fetch([])
    assert after == before and one.state() == "sent"
    assert one.services.app_payments.fetch([sha256(after[0].encode())]) == []
    one = again(one)
    assert one.services.app_payments.fetch([]) == [], "the bank has it"
    assert one.state() == "sent", "the app still finds what became of it"
    print("NOTE kept payments: agreed, restarted, fetched with the same bytes; %d bytes programmed" % programmed)
    assert programmed <= MOST_BYTES


def test_the_next_payment_takes_the_place_of_one_that_the_bank_has():
    one = Bench().shop()
    for _ in range(2):
        paid(one)
        (waiting,) = one.services.app_payments.fetch([])
        one.services.app_payments.fetch([sha256(waiting[0].encode())])
        one.wait(12)
        one.services.app_budgets["payment"]._spent.clear()
        one.watch.navigator.apps.open(APP)
    assert len(list(one.services.app_payments._kept.all())) == 1


class Places:
    """Facts in RAM."""

    def __init__(self):
        self.kept = {}

    def readable(self, record):
        return self.kept.get(record)

    def commit(self, values):
        self.kept.update(values)


def _payment(app, atc):
    return KeptPayment(app, 100, 156, "x", bytes(8), atc, sha256(b"%d" % atc), "code", b"envelope")


def test_nothing_that_waits_gives_way():
    facts = Places()
    kept = AppPaymentRecords(facts)
    for atc in range(records.APP_PAYMENTS):
        kept.keep(_payment("one", atc))
    assert [one.atc for one in kept.waiting()] == list(range(records.APP_PAYMENTS))
    kept.taken(kept.waiting()[3])
    kept.keep(_payment("two", 9))
    assert sorted([one.atc for one in kept.waiting()]) == [0, 1, 2, 4, 5, 9]
    again = AppPaymentRecords(facts)
    again.load()
    assert sorted([one.atc for one in again.waiting()]) == [0, 1, 2, 4, 5, 9]
    facts.kept[records.APP_PAYMENT] = b"damaged"
    again.load()
    assert len(again.waiting()) == records.APP_PAYMENTS - 1


def test_what_the_bank_lacks_stays_when_the_app_goes():
    kept = AppPaymentRecords(Places())
    kept.keep(_payment("one", 1))
    kept.keep(_payment("one", 2))
    kept.taken(kept.waiting()[0])
    kept.forget("one")
    assert [one.atc for one in kept.all()] == [2] and len(kept.waiting()) == 1
