"""Runs one scene once, cut into parts: `micropython tests/bench/marked.py SCENE SAMPLE`; SAMPLE as in scenes/marks.py.

Prints {"parts": [[name, sample before, sample after]], "notes": what the scene noted} as one line of JSON.
"""

import gc
import json
import sys

from tests.bench.scenes.marks import Marks


def scene(name):
    """The function of a scene. Imports only what that scene needs: compiling the whole watch takes most of the time."""
    if name in ("bare_taps", "short_frames"):
        from tests.bench.scenes import bare

        return {"bare_taps": bare.bare_taps, "short_frames": bare.short_frames}[name]
    if name in ("cryptograms", "repeated"):
        from tests.bench.scenes import cryptograms

        return {"cryptograms": cryptograms.cryptograms, "repeated": cryptograms.repeated}[name]
    if name == "watch_taps":
        from tests.bench.scenes.taps import watch_taps

        return watch_taps
    if name == "load":
        from tests.bench.scenes.load import load

        return load
    if name in ("openings", "touches", "hands"):
        from tests.bench.scenes import screens

        return {"openings": screens.openings, "touches": screens.touches, "hands": screens.hands}[name]
    if name == "apps":
        from tests.bench.scenes.apps import apps

        return apps
    if name == "slow_calls":
        from tests.bench.scenes.slow_calls import slow_calls

        return slow_calls
    if name == "gamepad":
        from tests.bench.scenes.gamepad import gamepad

        return gamepad
    if name == "aerial":
        from tests.bench.scenes.aerial import aerial

        return aerial
    from tests.bench.scenes.moments import moments

    return moments


def main(name, what):
    play = scene(name)
    gc.collect()
    marks = Marks(what)
    notes = play(marks)
    print(json.dumps({"parts": marks.parts(), "notes": notes}))


main(sys.argv[1], sys.argv[2])
