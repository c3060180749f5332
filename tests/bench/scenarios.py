"""What is measured, inside MicroPython on the counting board: `micropython tests/bench/scenarios.py NAME REPETITIONS`.

Each scenario is a function that prepares and returns `once(i)`. The runner takes instruction counts as the slope
between two numbers of repetitions, so what preparation costs does not count. The last line printed is JSON: the fastest
repetition in microseconds, and whatever else the scenario noted.
"""

import gc
import json
import sys
import time

import micropython
from support.world import World

from board.counting.devices import Clock as CountingClock
from board.counting.radio import CannedRadio, on_air
from watch.crypto import hpke, p256
from watch.crypto.hashes import sha256
from watch.kernel.clock import Clock
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.card import EmvCard
from watch.payment.package import Package
from watch.payment.spending import Spending
from watch.system.main import build as build_watch

AMOUNT = "000000001234"
UNPREDICTABLE = "a1b2c3d4"
MERCHANT = bytes(20).hex()
RATS = b"\xe0\x80"
R_NAK = b"\xb2"
"""The shortest frame that is always answered, by an R(ACK): a reader's question whether the card is still there."""
SELECT_PPSE = "00a404000e325041592e5359532e444446303100"
DATE_TYPE = "26112200"
PRIVATE = bytes(range(1, 33))
"""The same scalar in each run, since the time of P-256 depends on it."""
FRAMES = 20
"""Frames by which two frame scenarios differ; bench.py divides by it."""
CALLS = 100
"""Calls of the device secret in one repetition; bench.py divides by it."""
HEAP_NOTES = {}


def _terminal(amount):
    """The 29 bytes of the cryptogram's input that come from the terminal."""
    return amount + "000000000000" + "0156" + "0000000000" + "0156" + DATE_TYPE + UNPREDICTABLE


def _visa_commands():
    pdol = "36004000" + _terminal(AMOUNT) + MERCHANT
    options = "80a80000%02x83%02x%s00" % (len(pdol) // 2 + 2, len(pdol) // 2, pdol)
    return [SELECT_PPSE, "00a4040007a000000003101000", options, "00b2010c00"]


def _mastercard_commands():
    cdol = _terminal(AMOUNT) + "22" + "0000" + bytes(8).hex() + "3f0002" + "093431" + bytes(20).hex()
    cdol += "0400000000000000" + MERCHANT
    generate = "80ae8000%02x%s00" % (len(cdol) // 2, cdol)
    return [SELECT_PPSE, "00a4040007a000000004101000", "80a8000002830000", "00b2010c00", generate]


COMMANDS = {"visa": _visa_commands, "mastercard": _mastercard_commands}


def _frames(profile):
    """The reader's frames of one tap: RATS, then an I-block for each command."""
    commands = [bytes.fromhex(command) for command in COMMANDS[profile]()]
    return [RATS] + [bytes((2 + i % 2,)) + command for i, command in enumerate(commands)]


class _Tapped:
    """A card in a whole running watch: what allocation costs depends on what else lives on the heap."""

    def __init__(self, profile):
        world = World()
        content = world.issuer.content(b"token--1", profile=profile)
        self.token = Package(content).token
        self.watch = build_watch(world.board)
        self.radio = world.board.nfc
        self.clock = world.services.clock
        self.emv = EmvCard(self.clock.display_s)
        self.emv.offer([profile])
        self.emv.set_state("card")
        self.router = Router(self.emv.applications + (NdefTag(lambda: b""),))
        self.session = FieldSession(self.radio, self.router, self.clock, lambda: None)
        self.frames = _frames(profile)

    def load(self, i):
        """What arming does before the reader comes: collect, and load a card with one key."""
        armed = ArmedCard(self.token, Spending(), True, [SingleKey(i + 1, bytearray(16))])
        self.emv.load(armed)
        gc.collect()
        return armed


def _load(profile, repetitions):
    """Loading a card, above which a tap's own cost is measured."""
    return _Tapped(profile).load


def _tap(profile, repetitions):
    """Loading a card and one whole tap, frame by frame."""
    tapped = _Tapped(profile)

    def once(i):
        armed = tapped.load(i)
        tapped.radio.frames = tapped.frames[:]
        tapped.session.run()
        if armed.outcome.result != "sent":
            raise RuntimeError("the tap was not answered")

    return once


class _NoCard:
    """Below the card: for frames that never become a command."""

    def select(self):
        """Nothing to do."""

    def deselect(self):
        """Nothing to do."""


def _frames_alone(frames):
    """A reader that comes, sends these frames and goes, on the real radio driver over a chip that only counts."""
    return lambda repetitions: _visit(_NoCard(), Clock(CountingClock(0), 0), frames, False)


def _commands(count):
    """The same with commands, to a selected card in a whole watch."""

    def prepare(repetitions):
        tapped = _Tapped("visa")
        tapped.load(0)
        return _visit(tapped.router, tapped.clock, tapped.frames[:3] + _get_data(count), True)

    return prepare


def _visit(card, clock, frames, collect):
    radio = CannedRadio()
    session = FieldSession(radio.port, card, clock, lambda: None)
    radio.put([on_air(frame) for frame in frames])

    def once(i):
        if collect:
            gc.collect()  # as at arming; else the place of the garbage decides what an allocation costs
        sent, transfers = radio.sent, radio.transfers
        radio.rewind()
        session.run()
        HEAP_NOTES["transfers"] = radio.transfers - transfers
        if radio.sent != sent + len(frames):
            raise RuntimeError("a frame was not answered")

    return once


def _get_data(count):
    """Commands that are answered by a few bytes, in blocks with the numbers that a reader would use."""
    return [bytes((2 + (i & 1),)) + b"\x80\xca\x9f\x36\x00" for i in range(count)]


def _p256(name):
    def prepare(repetitions):
        private = PRIVATE
        public = p256.public_key(private)
        digest = sha256(b"bench")
        signature = p256.sign(private, digest)
        pinned = p256.PinnedKey(public)
        calls = {
            "sign": lambda i: p256.sign(private, digest),
            "verify": lambda i: _expect(p256.verify(public, digest, signature)),
            "verify_pinned": lambda i: _expect(pinned.verify(digest, signature)),
            "ecdh": lambda i: p256.ecdh(private, public),
        }
        return calls[name]

    return prepare


def _expect(good):
    if not good:
        raise RuntimeError("a good signature was refused")


def _token_open(repetitions):
    """The whole way of a package: signature, HPKE, decoding, install, receipt."""
    world = World().provision().set_passcode()
    packages = []
    services = world.services

    def once(i):
        services.issuance.receive(packages.pop())

    def prepare(i):
        content = {"batch": i + 1, "first_atc": 1 + 10 * i}
        packages.append(world.package(**content))

    return once, prepare


def _hpke_open(repetitions):
    world = World().provision().set_passcode()
    random = world.services.random
    private = PRIVATE
    public = p256.public_key(private)
    enc, ciphertext = hpke.seal(public, b"info", b"aad", bytes(600), random)
    return lambda i: hpke.open(enc, private, b"info", b"aad", ciphertext, public)


def _boot(repetitions):
    """From a populated flash to the first face on the panel."""
    world = World().provision().set_passcode().add_card()
    flash = world.board.flash
    gc.collect()

    def once(i):
        world.board.flash.reads = 0
        build_watch(world.board)
        HEAP_NOTES["block_reads"] = flash.reads

    return once


def _heap(repetitions):
    """The whole watch at rest, and at the peak of a tap; run with the heap of a board."""
    world = World().provision().set_passcode().add_card()
    board = world.board
    del world
    watch = build_watch(board)
    services = watch.services

    def once(i):
        import asyncio

        asyncio.run(services.guard.unlock(bytearray(b"246810")))
        services.unlocked()
        gc.collect()
        HEAP_NOTES["idle_bytes"] = gc.mem_alloc()
        services.wallet.arm()
        gc.collect()
        before = gc.mem_alloc()
        gc.disable()
        board.nfc.frames = _frames("visa")
        watch._session.run()
        HEAP_NOTES["tap_peak_bytes"] = gc.mem_alloc()
        HEAP_NOTES["tap_bytes"] = gc.mem_alloc() - before
        HEAP_NOTES["stack_bytes"] = micropython.stack_use()
        gc.enable()
        if services.wallet.tapped() is not None:
            watch.card.served()
        if services.history.payments[-1].amount != 1234:
            raise RuntimeError("the tap was not answered")

    return once


def _oracle(repetitions):
    """One call of the device secret, of which a passcode try makes as many as take a second."""
    secret = World().board.secret
    return lambda i: [secret.hmac(bytes(32)) for _ in range(CALLS)]


SCENARIOS = {
    "oracle": _oracle,
    "load.visa": lambda n: _load("visa", n),
    "load.mastercard": lambda n: _load("mastercard", n),
    "tap.visa": lambda n: _tap("visa", n),
    "tap.mastercard": lambda n: _tap("mastercard", n),
    "radio.field": _frames_alone([]),
    "radio.rats": _frames_alone([RATS]),
    "radio.blocks": _frames_alone([RATS] + [R_NAK] * FRAMES),
    "radio.selected": _commands(0),
    "radio.commands": _commands(FRAMES),
    "p256.sign": _p256("sign"),
    "p256.verify": _p256("verify"),
    "p256.verify_pinned": _p256("verify_pinned"),
    "p256.ecdh": _p256("ecdh"),
    "token.open": _token_open,
    "hpke.open": _hpke_open,
    "boot": _boot,
    "heap": _heap,
}


def main(name, repetitions):
    once, prepare = SCENARIOS[name](repetitions), None
    if isinstance(once, tuple):
        once, prepare = once
    fastest_us = None
    for i in range(repetitions):
        if prepare:
            prepare(i)
        started = time.ticks_us()
        once(i)
        took_us = time.ticks_diff(time.ticks_us(), started)
        fastest_us = took_us if fastest_us is None else min(fastest_us, took_us)
    HEAP_NOTES["us"] = fastest_us
    print(json.dumps(HEAP_NOTES))


main(sys.argv[1], int(sys.argv[2]))
