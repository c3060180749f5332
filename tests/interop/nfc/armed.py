"""Test cards that are armed, for the cards of these tests. Runs inside MicroPython."""

from tests.firmware.payment.card_kit import token
from watch.access.states import NFC_CARD
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.card import EmvCard
from watch.payment.spending import Spending

NOW_S = 1_795_305_600


def arm(keys):
    """(the EMV card, its armed cards by profile) from {profile: [[atc, key hex], ...]}."""
    card = EmvCard(lambda: NOW_S)
    card.set_state(NFC_CARD)
    cards = armed_cards(keys)
    for armed in cards.values():
        card.load(armed)
    return card, cards


def armed_cards(keys):
    """One card for each profile, with its keys."""
    cards = {}
    for profile, batch in keys.items():
        made = [SingleKey(atc, bytearray.fromhex(key)) for atc, key in batch]
        cards[profile] = ArmedCard(token(profile), Spending(), True, made)
    return cards
