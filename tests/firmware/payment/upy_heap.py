"""The heap after many express taps, refills, suspensions and lost watches: as after the first of each (R12)."""

import gc
import os

from support import scrubbing
from support.express_desk import Reader, refill, slot, with_express
from support.world import TOKEN

# `collect` below is the part of it that counts here.
scrubbing.leave_out()
SHARE = "system"
LONG = bool(os.getenv("TAPWATCH_LONG"))
RUNS = 1000 if LONG else 30
TAPS = 1000
KEYS = 4


class Round:
    """The deeds, each leaving the watch as it found it."""

    def __init__(self):
        self.world = with_express(KEYS)
        self.reader = Reader(self.world)

    def express_tap(self):
        """One tap and its record; a passcode when the limits want one, a refill in the end."""
        world = self.world
        express = world.services.express
        if not express.enter():
            world.services.vault.passcode_entered()
        if not express.enter():
            self.refill()
        express.enter()
        assert self.reader.tap(100) == 0x9000
        express.settle()

    def refill(self):
        """A whole package."""
        card = slot(self.world)
        refill(self.world, card.token.batch + 1, card.held() + 1, KEYS)

    def suspension(self):
        """Suspended and resumed while in express mode."""
        self.world.services.express.enter()
        self.say("suspended")
        self.say("active")

    def lost(self):
        """Lost, found, unlocked."""
        for state in ("lost", "found"):
            device = self.world.services.identity.device_id
            self.world.services.notices.receive(self.world.issuer.device_state(device, state, "x" * (state == "lost")))
        self.world.unlock()

    def arming(self):
        """Armed out of express mode and disarmed again."""
        self.world.services.express.enter()
        self.world.services.wallet.arm()
        self.world.services.wallet.disarm()

    def say(self, state):
        device = self.world.services.identity.device_id
        self.world.services.notices.receive(self.world.issuer.token_state(device, TOKEN, state))


def _used_bytes():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


def _growth(deed, warm, runs):
    """Bytes by which the heap has grown after so many runs, against the state after the warm-up."""
    for _ in range(warm):
        deed()
    before = _used_bytes()
    for _ in range(runs):
        deed()
    return _used_bytes() - before


def test_the_heap_does_not_grow():
    live = Round()
    # The history holds 50 payments and grows until then.
    for name, deed, warm, runs in (
        ("express taps", live.express_tap, 60, TAPS),
        ("refills", live.refill, 2, RUNS),
        ("suspensions", live.suspension, 2, RUNS),
        ("losses", live.lost, 2, RUNS),
        ("armings", live.arming, 2, RUNS),
    ):
        growth = _growth(deed, warm, runs)
        print(f"NOTE payment: heap grew by {growth} bytes in {runs} {name}")
        assert growth <= 0, name
