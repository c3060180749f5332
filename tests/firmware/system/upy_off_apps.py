"""The power goes, or the watch is wiped, at an await of the flows of apps: nothing is half done; the next boot works.

Without power only flash and files stay. The boot from them finds each app old or new as a whole, no file that nobody
names, and a watch that is answered, opened, pays, and takes another app. A wiped watch keeps none of it.
"""

import asyncio
import os

from tests.firmware.system import upy_cancel_apps as flows_room
from tests.firmware.system.cancel_kit import SETTLE_MS, Bench
from tests.firmware.system.upy_cancel_apps import FLOWS, FOLDER, AppBench, cast
from watch.access import states
from watch.apps.shelf import file_tree
from watch.kernel.loop import run, sleep_ms

SHARE = "apps"
TIMEOUT_S = 240
LONG = bool(os.getenv("TAPWATCH_LONG"))
SHORT_POINTS = 3
_LOOK_MS = 5
_MOST_LOOKS = 4000


def _files(folder=FOLDER):
    """Every file below the folder."""
    found = {}
    for name in os.listdir(folder):
        path = folder + "/" + name
        if os.stat(path)[0] & 0x4000:
            found.update(_files(path))
        else:
            with open(path, "rb") as file:
                found[path] = file.read()
    return found


class Again(AppBench):
    """The next boot of a watch, from what was on its flash."""

    image, files = b"", {}

    def furnish(self):
        """As it was when the power went."""
        super().furnish()
        self.board.flash._image[:] = self.image
        for path, data in self.files.items():
            folder = path[: path.rindex("/")]
            for place in range(len(FOLDER) + 1, len(folder) + 1):
                if place == len(folder) or folder[place] == "/":
                    file_tree.made(folder[:place])
            with open(path, "wb") as file:
                file.write(data)

    async def begin(self):
        """Worn; developers are those of the flash."""
        await Bench.begin(self)
        self.cast = cast(self.services.random)


def _play(flow, at, deed):
    """Run a flow until its await `at` (0: to its end), where `deed(bench)` happens; the bench and the awaits."""
    bench = AppBench("worn")

    async def main():
        await bench.begin()
        stopper = bench.stopper
        stopper.at, stopper.how = at, lambda: deed(bench)
        stopping = asyncio.create_task(stopper.act(bench.watch.supervisor))
        stopper.active = True
        going = asyncio.create_task(_quietly(flow, bench, not at))
        for _ in range(_MOST_LOOKS):
            if going.done() or stopping.done():
                break
            await sleep_ms(_LOOK_MS)
        stopper.active = False
        if at:
            await sleep_ms(SETTLE_MS)
        if stopping.done():
            await stopping  # what happened must itself have gone well
        stopping.cancel()
        going.cancel()
        await bench.end()

    run(main(), bench.time)
    return bench, bench.stopper.awaits


async def _quietly(flow, bench, whole):
    """Undisturbed it must work; disturbed it may stop where it cannot go on."""
    try:
        await flow(bench)
    except Exception:
        if whole:
            raise


def _power_off(bench):
    """What is there at this moment is all that stays."""
    Again.image, Again.files = bytes(bench.board.flash._image), _files()


def _expect_whole(where):
    """Boot; what is there is whole, and the watch works."""
    again = Again("worn")

    async def main():
        await again.begin()
        services = again.services
        for one in services.shelf.installed():
            assert one.version in ((1, 0, 0), (2, 0, 0)), where
            services.shelf.open(one.id)
        paid = [(one.token_id, one.atc) for one in services.history.payments]
        for one in services.app_payments._kept.all():
            assert (one.token_id, one.atc) in paid, where + ": a payment that its card does not know"
        assert services.app_payments.waiting is None, where
        again.expect_sound(where)
        await again.next_session(where)
        atcs = [(one.token_id, one.atc) for one in services.history.payments]
        assert len(set(atcs)) == len(atcs), where + ": an ATC twice"
        await again.end()

    run(main(), again.time)
    return again


def _wiped(bench):
    bench.services.guard.wipe()


def _expect_nothing_left(bench, where):
    """A watch that wipes itself has no app, and the next boot is that of a new one."""
    services = bench.services
    assert services.guard.state == states.WIPING, (where, services.guard.state)
    left = [path for path in _files() if "/apps/" in path or "/data/" in path]
    assert not left, (where, left)
    assert services.app_payments.waiting is None and not list(services.app_payments._kept.all()), where
    Again.image, Again.files = bytes(bench.board.flash._image), _files()
    again = Again("locked")
    assert not again.services.guard.has_passcode() and again.services.shelf.installed() == [], where
    assert again.screen.name == "boot", where


def _points(count):
    if LONG or count <= SHORT_POINTS:
        return range(1, count + 1)
    return sorted({1 + place * (count - 1) // (SHORT_POINTS - 1) for place in range(SHORT_POINTS)})


def _everywhere(deed, expect):
    tried, of = 0, 0
    for flow in FLOWS:
        if flow is flows_room.open_app:
            continue  # nothing of it is written
        count = _play(flow, 0, deed)[1]
        of += count
        for at in _points(count):
            bench = _play(flow, at, deed)[0]
            if bench.stopper.stopped:
                expect(bench, "%s, %s at await %d" % (flow.__name__, deed.__name__, at))
                tried += 1
    return tried, of


def test_the_power_goes_at_every_await():
    tried, of = _everywhere(_power_off, lambda bench, where: _expect_whole(where))
    print("NOTE R11, flows of apps: the power went at %d of %d awaits, 0 half done, each boot works" % (tried, of))


def test_wiped_at_every_await():
    tried, of = _everywhere(_wiped, _expect_nothing_left)
    print("NOTE R11, flows of apps: wiped at %d of %d awaits, nothing left" % (tried, of))


def test_an_update_keeps_one_of_both():
    for at in _points(_play(flows_room.update, 0, _power_off)[1]):
        bench = _play(flows_room.update, at, _power_off)[0]
        if bench.stopper.stopped:
            assert _expect_whole("update").services.shelf.find("counter") is not None, at
