"""Supervision: restarts with growing pauses, the death of critical tasks, cancellation."""

import asyncio
import gc

from watch.kernel.clock import Clock
from watch.kernel.errors import StateError
from watch.kernel.log import Log
from watch.kernel.loop import go_on, run, sleep_ms
from watch.kernel.tasks import CANCELLED, DEAD, DONE, RUNNING, WAITING, Supervisor
from watch.kernel.virtual import VirtualTime


class House:
    """A supervisor with everything around it, and what it told."""

    def __init__(self):
        self.now = VirtualTime(1_790_000_000)
        self.zero = self.now.ticks_ms()
        self.clock = Clock(self.now, 1_790_000_000)
        self.log = Log(self.clock)
        self.locked = []
        self.tasks = Supervisor(self.clock, self.log, self.lock)

    def lock(self, name, error):
        self.locked.append((name, type(error).__name__, self.now.ticks_ms() - self.zero))

    def elapsed(self):
        return self.now.ticks_ms() - self.zero


def test_a_failing_task_restarts_with_doubling_pauses():
    house = House()
    starts = []

    async def body():
        starts.append(house.elapsed())
        raise OSError(5)

    async def main():
        job = house.tasks.start("gps", body)
        await sleep_ms(400_000)
        assert job.state == WAITING
        return job.restarts

    restarts = run(main(), house.now)
    pauses = [b - a for a, b in zip(starts, starts[1:])]
    assert pauses[:12] == [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000], pauses
    assert restarts == len(starts) - 1
    assert not house.locked
    assert "gps: OSError" in house.log.lines()[0]


def test_a_long_healthy_run_resets_the_pause():
    house = House()
    starts = []

    async def body():
        starts.append(house.elapsed())
        await sleep_ms(0 if len(starts) < 5 else 61_000)
        raise ValueError

    async def main():
        house.tasks.start("x", body)
        await sleep_ms(100_000)

    run(main(), house.now)
    assert starts[5] - starts[4] == 61_000 + 100, starts


def test_a_critical_death_locks_at_once_and_restarts():
    house = House()

    async def body():
        await sleep_ms(50)
        raise MemoryError

    async def main():
        job = house.tasks.start("nfc", body, critical=True)
        await sleep_ms(149)
        assert house.locked == [("nfc", "MemoryError", 50)], house.locked
        assert job.state == WAITING
        await sleep_ms(2)
        assert job.state == RUNNING and job.restarts == 1

    run(main(), house.now)


def test_a_task_that_cannot_lock_stays_dead():
    house = House()

    def broken(name, error):
        raise RuntimeError

    house.tasks = Supervisor(house.clock, house.log, broken)

    async def body():
        raise ValueError

    async def main():
        asyncio.get_event_loop().set_exception_handler(lambda loop, context: caught.append(context["exception"]))
        job = house.tasks.start("nfc", body, critical=True)
        await sleep_ms(10_000)
        assert job.state == DEAD and job.restarts == 0
        asyncio.get_event_loop().set_exception_handler(None)

    caught = []
    run(main(), house.now)
    assert isinstance(caught[0], RuntimeError)


def test_a_task_that_returns_is_done_and_may_start_again():
    house = House()

    async def body():
        await sleep_ms(1)

    async def main():
        job = house.tasks.start("sync", body)
        try:
            house.tasks.start("sync", body)
            raise AssertionError("two tasks of one name")
        except StateError:
            pass
        await sleep_ms(5)
        assert job.state == DONE
        await house.tasks.cancel("sync")
        assert job.state == DONE
        house.tasks.start("sync", body)

    run(main(), house.now)


def test_cancelling_a_task_nobody_started_is_an_error():
    house = House()

    async def main():
        await house.tasks.cancel("ghost")

    try:
        run(main(), house.now)
    except KeyError:
        return
    raise AssertionError("cancelled a ghost")


def test_cancel_waits_for_cleanup_even_when_cleanup_fails():
    house = House()
    log = []

    async def body():
        try:
            await sleep_ms(1000)
        finally:
            await sleep_ms(5)
            log.append(house.elapsed())
            raise ValueError("cleanup went wrong")

    async def main():
        job = house.tasks.start("x", body)
        await sleep_ms(10)
        await house.tasks.cancel("x")
        assert job.state == CANCELLED, job.state
        await sleep_ms(10_000)
        assert job.restarts == 0

    run(main(), house.now)
    assert log == [15]


def test_cancel_all_ends_the_latest_first():
    house = House()
    ended = []

    def named(name):
        async def body():
            try:
                await sleep_ms(100_000)
            finally:
                ended.append(name)

        return body

    async def main():
        for name in ("a", "b", "c"):
            house.tasks.start(name, named(name))
        await sleep_ms(1)
        await house.tasks.cancel_all()

    run(main(), house.now)
    assert ended == ["c", "b", "a"]
    assert [job.state for job in house.tasks.jobs()] == [CANCELLED] * 3


def test_cancel_at_every_moment_of_a_crashing_task():
    """Cancelling while it runs, while it fails and while it waits for its restart always ends it."""
    points = 0
    for moment in range(0, 340, 10):
        house = House()

        async def body():
            await sleep_ms(20)
            raise ValueError

        async def main():
            job = house.tasks.start("x", body, critical=True)
            await sleep_ms(moment)
            await house.tasks.cancel("x")
            restarts = job.restarts
            await sleep_ms(100_000)
            assert job.state == CANCELLED and job.restarts == restarts, (moment, job.state)

        run(main(), house.now)
        points += 1
    print("NOTE kernel.supervisor_cancel_points", points)


def test_a_cancelled_caller_of_cancel_is_cancelled():
    house = House()

    async def body():
        try:
            await sleep_ms(1000)
        finally:
            await sleep_ms(1000)

    async def main():
        house.tasks.start("slow", body)
        await sleep_ms(1)
        caller = asyncio.create_task(house.tasks.cancel("slow"))
        await sleep_ms(1)
        caller.cancel()
        try:
            await caller
        except asyncio.CancelledError:
            return "cancelled"

    assert run(main(), house.now) == "cancelled"


def test_a_thousand_restarts_leave_the_heap_flat():
    house = House()

    async def body():
        raise ValueError

    async def main():
        house.tasks.start("x", body)
        await sleep_ms(3_600_000)
        gc.collect()
        before = gc.mem_alloc()
        await sleep_ms(60_000_000)
        gc.collect()
        return gc.mem_alloc() - before

    grown = run(main(), house.now)
    restarts = house.tasks.jobs()[0].restarts
    print("NOTE kernel.supervisor_heap_growth_bytes", grown, "after", restarts, "restarts")
    assert grown <= 0 and restarts >= 1000


def test_a_task_that_an_interrupt_hit_runs_again_when_the_loop_goes_on():
    house = House()
    seen = []

    async def stream():
        seen.append("stream")
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append("goes on")

    async def main():
        job = house.tasks.start("usb", stream)
        while job.state != DONE:
            await sleep_ms(1)
        return job.restarts

    try:
        run(main())
    except KeyboardInterrupt:
        seen.append("interrupted")
    assert go_on() == 0
    assert seen == ["stream", "interrupted", "stream", "goes on"], seen
