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

from tests.bench.scenes.reader import frames
from tests.bench.scenes.worn import aired_watch, started_before, without_scrub
from tests.firmware.ble.fake_ble import FakeBle
from tests.firmware.system.radio_kit import Worn
from watch.ble.gatt import VALUE_BYTES
from watch.ble.phone_link.literal import MOST_BYTES
from watch.crypto import hpke, p256
from watch.crypto.hashes import sha256
from watch.storage import records
from watch.system.main import build as build_watch

PRIVATE = bytes(range(1, 33))
"""The same scalar in each run, since the time of P-256 depends on it."""
CALLS = 100
"""Calls of the device secret in one repetition; whole.py divides by it."""
PROFILES = ("visa", "mastercard", "closed-loop")
HEAP_NOTES = {}
NOTIFICATIONS = 50
"""As many as are kept."""


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


def _boot(cards, ever=False):
    """From a populated flash to the first face on the panel; `ever`: of a watch that has never started before."""

    def prepare(repetitions):
        without_scrub()
        world = World().provision().set_passcode()
        for slot in range(cards):
            world.add_card(b"token--%d" % slot, profile=PROFILES[slot % len(PROFILES)])
        board = world.board
        board.ble = FakeBle()
        facts = started_before(world)
        del world
        gc.collect()

        def once(i):
            board.flash.reads = 0
            build_watch(board)
            HEAP_NOTES["block_reads"] = board.flash.reads

        def forget(i):
            facts.journal.mount()  # a watch has written since
            facts.commit({records.CHECKED_BUNDLES: None})

        return (once, forget) if ever else once

    return prepare


def _heap(repetitions):
    """The whole watch at rest, and at the peak of a tap; run with the heap of a board."""
    world = World().provision().set_passcode().add_card()
    board = world.board
    started_before(world)
    del world
    watch = aired_watch(board)
    services = watch.services

    def once(i):
        import asyncio

        asyncio.run(services.guard.unlock(bytearray(b"246810")))
        services.unlocked()
        gc.collect()
        HEAP_NOTES["idle_bytes"] = gc.mem_alloc()
        services.wallet.arm()
        board.nfc.frames = frames("visa")[1]
        gc.collect()
        before = gc.mem_alloc()
        gc.disable()
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


async def _tell_longest(worn, phone):
    """The longest line that a phone may send."""
    head, tail = b'\x10GB({"t":"notify","id":1000,"body":"', b'"})'
    body = b"x" * (MOST_BYTES - len(head) - len(tail) + len(b"\x10GB()"))
    line, handle = head + body + tail + b"\n", worn.watch._radio_services._phone.from_phone.handle
    for at in range(0, len(line), VALUE_BYTES):
        phone.write(handle, line[at : at + VALUE_BYTES])
        await worn.pause(10)
    await worn.pause()
    if worn.services.notifications.at(0).id != 1000:
        raise RuntimeError("the longest line was not understood")


def _heap_devices(repetitions):
    """What a phone, a terminal and a television take that are there, and a burst of notifications."""
    worn = Worn(radio="connected")

    async def story(worn):
        gc.collect()
        before = gc.mem_alloc()
        phone = await worn.pair("phone", 0)
        for number, role in ((1, "terminal"), (2, "tv")):
            worn.press()
            await worn.pair(role, number)
        for number in range(NOTIFICATIONS):
            worn.services.phone.notify({"id": number, "src": "Messages", "title": "Ada", "body": "Late again. " * 30})
            await worn.pause(200)
        await _tell_longest(worn, phone)
        worn.watch.stack.home()
        gc.collect()
        HEAP_NOTES["devices_bytes"] = gc.mem_alloc() - before

    return lambda i: worn.run(story)


def _oracle(repetitions):
    """One call of the device secret, of which a passcode try makes as many as take a second."""
    secret = World().board.secret
    return lambda i: [secret.hmac(bytes(32)) for _ in range(CALLS)]


SCENARIOS = {
    "oracle": _oracle,
    "p256.sign": _p256("sign"),
    "p256.verify": _p256("verify"),
    "p256.verify_pinned": _p256("verify_pinned"),
    "p256.ecdh": _p256("ecdh"),
    "token.open": _token_open,
    "hpke.open": _hpke_open,
    "boot": _boot(1),
    "boot.ever": _boot(1, ever=True),
    "boot.8_cards": _boot(8),
    "heap": _heap,
    "heap.devices": _heap_devices,
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


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
