"""What wearers agree to pay in apps comes by the mailbox: once each, and nonsense holds up nothing."""

from __future__ import annotations

from tests.host.bank import mpm
from tests.host.bank.mail import Mail
from tests.host.bank.test_codes_merchant import merchant_code, payment
from tests.host.bank.world import World


def test_payments_of_apps_are_taken_and_acknowledged(world: World) -> None:
    card = world.card()
    codes = [merchant_code(world, 1234) for _ in range(3)]
    mail = Mail(world)
    mail.app_payments = [(code, payment(world, card, atc, code)) for atc, code in enumerate(codes, 1)]
    mail.app_payments.insert(1, ("no code", b"no payment"))
    mail.app_payments.append((codes[0], mail.app_payments[0][1]))
    mail.round()
    assert mail.app_payments == [], "each has been answered"
    assert world.spent == 3 * 1234, "and paid once"
    for code in codes:
        assert world.bank.balance(int(mpm.fields(mpm.fields(code)["26"])["01"])) == 1234
    assert mail.kinds.count(24) == 3, "two at a time, and once more to say so"
    before = world.spent
    mail.round()
    assert world.spent == before


def test_a_list_that_is_none_ends_its_errand_alone(world: World) -> None:
    world.token()
    for nonsense in ((1, b""), ("x", "y"), (None, None)):
        mail = Mail(world)
        mail.app_payments = [nonsense]
        assert mail.round() >= {3, 24, 7, 10}
        assert mail.app_payments == [nonsense]
