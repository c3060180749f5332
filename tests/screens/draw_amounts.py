"""Runs inside MicroPython: taps for random amounts, and what the watch shows of each, for `test_amounts.py`.

Usage: micropython tests/screens/draw_amounts.py large|small COUNT SEED CURRENCY...

Each tap is asked about first, as amounts are that the wearer must agree to: the question is drawn, then what was sent.
Before each picture goes a line of JSON, [kind of screen, what is wrong with it, tags of the answer that was sent], then
the panel's bytes. No amount is printed: it has to be read from the picture.
"""

import json
import random
import sys

from tests.firmware.payment.card_kit import VISA_AID, Wire, armed, fill, flatten, gpo, select, terminal_values
from tests.screens.scenes import nothing
from tests.screens.studio import Studio
from watch.access.states import NFC_CARD
from watch.nfc.router import Router
from watch.payment.card import EmvCard
from watch.payment.profiles.visa import VISA
from watch.screens import amount

_ELSEWHERE = 36
"""Currency of the card: a foreign amount is asked about whatever it is."""
_TIME_S = 1_795_305_600
_MOST_DIGITS = 12


def tap(card, minor, currency):
    """SELECT and GET PROCESSING OPTIONS: tags of the answer, none if it was refused."""
    wire = Wire(Router(card.applications))
    wire.send(select(VISA_AID))
    data, status = wire.send(gpo(fill(VISA.pdol, terminal_values(minor, currency, t9F66="36004000"))))
    return flatten(data) if status == 0x9000 else {}


def send(studio, picture, kind, tags):
    """One picture for the host."""
    shown = {"%04X" % tag: "".join("%02x" % byte for byte in value) for tag, value in tags.items()}
    sys.stdout.buffer.write(json.dumps([kind, picture.faults, shown]).encode() + b"\n")
    sys.stdout.buffer.write(studio.panel.pixels)


def pay(studio, minor, currency):
    """A tap that is asked about, agreed to, and paid."""
    card, key = EmvCard(lambda: _TIME_S), armed("visa", keys=1, f11=_ELSEWHERE)
    card.set_state(NFC_CARD)
    card.load(key)
    if tap(card, minor, currency):
        raise AssertionError("paid without a question")
    asked = key.outcome.amount, key.outcome.currency
    question = studio.draw(lambda ui: amount.confirm(ui, asked[0], asked[1], nothing))
    send(studio, question, "confirm", {})
    key.confirm(asked, question.screen.drawn)
    tags = tap(card, minor, currency)
    outcome = key.last_sent()
    sent = studio.draw(lambda ui: amount.sent(ui, outcome.amount, outcome.currency, nothing))
    send(studio, sent, "sent", tags)


def main(size, count, seed, *currencies):
    """As many taps; every number of digits and every currency in turn."""
    random.seed(int(seed))
    studio = Studio(size, "en")
    for i in range(int(count)):
        digits = i % _MOST_DIGITS + 1
        minor = random.randint(10 ** (digits - 1), 10**digits - 1)
        pay(studio, minor, int(currencies[i // _MOST_DIGITS % len(currencies)]))


main(*sys.argv[1:])
