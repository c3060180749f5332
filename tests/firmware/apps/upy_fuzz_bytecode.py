"""Compiled modules with damage: the verifier refuses with its own error, in time, and keeps nothing."""

import random

from support.forged import APP, CASES, GOOD, MODULES

from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated
from watch.apps.shelf.bundle import Bundle
from watch.apps.verifier.bytecode import verify
from watch.kernel.errors import BytecodeError


def take(code):
    """Check a module to its end."""
    for _ in verify(code, MODULES, APP):
        pass


def test_modules():
    """Forged modules, good and bad, and some of the built-in apps."""
    random.seed(61)
    seeds = [code for _, code in GOOD] + [code for _, code, _ in CASES if len(code) < 1000]
    for app in ("torch", "minimal", "stopwatch"):
        bundle = Bundle("build/apps/%s.twb" % app)
        seeds += [bundle.read(module + ".mpy") for module in bundle.manifest.modules] * 20
    accepted = Campaign("bytecode", take, BytecodeError).run(lambda: mutated(random.choice(seeds)), 400, 50)
    assert accepted < 0.5
