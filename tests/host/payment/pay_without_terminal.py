"""Runs inside MicroPython: a watch pays without a terminal, once for each card; one line of JSON each.

{profile, cvn, identity, presented: text of the code, text: a merchant's code, envelope}. The key of an ATC is that ATC,
sixteen times.
"""

import json

from support.world import TOKEN, World

from tests.firmware.payment import codes_kit
from tests.firmware.payment.merchant_kit import code
from watch.payment.merchant_payment import MerchantPayments
from watch.payment.presented import PresentedCode

CARDS = (
    ("visa", 0x12),
    ("visa", 0x22),
    ("visa", 0x43),
    ("mastercard", 0x14),
    ("mastercard", 0x15),
    ("closed-loop", 0x12),
)


def pay(profile, cvn):
    """A presented code, then a merchant's code."""
    world = codes_kit.install(World().provision().set_passcode().add_card(TOKEN, profile=profile, cvn=cvn))
    services = world.services
    services.wallet.arm()
    codes = codes_kit.codes_of(world)
    presented = PresentedCode(services.wallet, codes, services.random, services.clock).make()
    merchants = MerchantPayments(services.wallet, services.identity, services.clock)
    text = code()
    digest = merchants.stage(text).digest
    services.wallet.arm()
    merchants.pay("Tea House", 1234, 156)
    made = {"profile": profile, "cvn": cvn, "identity": services.identity.public.hex(), "presented": presented}
    made["text"], made["envelope"] = text, merchants.answer(digest).hex()
    print(json.dumps(made))


for card in CARDS:
    pay(*card)
