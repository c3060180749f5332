"""An update of the system, stopped at every await, and met by a lock, a charger, a loss, a payment: nothing is stuck.

After each, beside what holds for every flow: the same image is taken anew, up to the restart.
"""

import os

from tests.firmware.system.cancel_kit import Bench, charging, locked, lost, paying, play, points
from tests.firmware.system.update_desk import furnish, made
from tests.firmware.update.image_kit import cast, contents
from watch.access import states
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.kernel.loop import sleep_ms
from watch.system.updating.course import Course

SHARE = "flash and update"
TIMEOUT_S = 240
LONG = bool(os.getenv("TAPWATCH_LONG"))
SHORT_POINTS = 4
PART = 1024
_READ_MS = 1_200
_ROUNDS = 100


class UpdateBench(Bench):
    """A watch with slots, for which the manufacturer of the images is good."""

    def furnish(self):
        """Slots of its own."""
        furnish(self.board)

    async def begin(self):
        """Restarts are counted."""
        await super().begin()
        self.restarts = 0
        self.board.power.restart = self._restarted
        signers = self.watch.navigator.update_flow._course._updates._check.signers
        signers._root = lambda: cast().root.public

    def _restarted(self):
        self.restarts += 1

    async def send(self, data):
        """The parts of a file, as a computer sends them; the last status."""
        digest, status = sha256(data), ""
        for at in range(0, len(data), PART):
            status, _ = await self.ask(messages.UPDATE_PART, [digest, at, len(data), data[at : at + PART]])
        return status

    async def state(self, data):
        status, body = await self.ask(messages.UPDATE_GO, sha256(data))
        return body[0] if status == "ok" else status

    async def until(self, data, wanted):
        """Ask how it goes until it goes so."""
        state = ""
        for _ in range(_ROUNDS):
            state = await self.state(data)
            if state == wanted:
                return
            await sleep_ms(20)
        raise AssertionError("%s, not %s" % (state, wanted))

    async def agree(self):
        """The wearer has read it."""
        for _ in range(_ROUNDS):
            if self.screen.name == "update":
                break
            await sleep_ms(20)
        await sleep_ms(_READ_MS)
        self.screen.press(0, 0)
        self.touch("yes")

    async def next_session(self, where):
        """Pay; and the same image comes once more, and is installed."""
        await super().next_session(where)
        self.services.wallet.disarm()
        if self.services.guard.state == states.LOST or self.restarts:
            return
        new = made(contents(3_000))
        self.services.offers.clear()
        if await self.state(new) == "restarting":
            return
        assert await self.send(new) == "ok", where + ": not taken again"
        await self.until(new, "asked")
        self.services.offers.answer(self.services.offers.front(), "accepted")
        await self.until(new, "restarting")
        self.services.update_news.read()


async def update(bench):
    """All of it over USB, up to the restart."""
    new = made(contents(3_000))
    assert await bench.send(new) == "ok"
    await bench.until(new, "asked")
    await bench.agree()
    await bench.until(new, "restarting")
    await sleep_ms(3_000)
    assert bench.restarts == 1


async def refuse(bench):
    """The wearer says no."""
    new = made(contents(3_000))
    assert await bench.send(new) == "ok"
    await bench.until(new, "asked")
    bench.services.offers.answer(bench.services.offers.front(), "refused")
    await bench.until(new, "declined")


FLOWS = (update, refuse)


def _everywhere(hows):
    tried, of, tasks = 0, 0, set()
    for flow in FLOWS:
        count, _ = play(flow, "worn", kind=UpdateBench)
        of += count
        for turn, at in enumerate(points(count, None if LONG else SHORT_POINTS)):
            for how in hows if LONG else hows[turn % len(hows) :][:1]:
                tasks.add(play(flow, "worn", at, how, UpdateBench)[1])
                tried += 1
    return tried, of, tasks


def test_cancelled_or_failed_at_every_await():
    tried, of, tasks = _everywhere(("cancel", "fail"))
    print(f"NOTE R11, updates: {len(FLOWS)} flows stopped {tried} times at {of} awaits, 0 stuck; {sorted(tasks)}")


def test_the_state_of_the_watch_changes_at_every_await():
    tried, of, _ = _everywhere((locked, lost, charging, paying))
    print(f"NOTE R11, updates: {tried} times locked, lost, charging or paying at {of} awaits, 0 stuck")


def test_the_guard_can_fail():
    """A step that is lost with the task that takes it is never taken."""
    plain = Course._step
    Course._step = lambda course: setattr(course, "_steps", None)
    try:
        play(update, "worn", kind=UpdateBench)
    except AssertionError:
        return
    finally:
        Course._step = plain
    raise AssertionError("work that does not go on was not noticed")
