"""The event loop: deadlines, flags, virtual time, and cancellation at every await."""

import asyncio
import gc
import io
import time

import micropython

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, StateError
from watch.kernel.loop import Flag, deadline, go_on, run, sleep_ms
from watch.kernel.virtual import VirtualTime

TIMEOUT_S = 10


def raises(kind, main, waiter=None):
    """Run `main` and check how it ends."""
    try:
        run(main, waiter)
    except kind:
        return
    raise AssertionError("no " + kind.__name__)


def test_run_returns_the_result():
    async def main():
        await sleep_ms(1)
        return 7

    assert run(main()) == 7
    assert run(main(), VirtualTime()) == 7


def test_run_restores_real_time_after_an_error():
    async def main():
        raise ValueError

    ticks = asyncio.core.ticks
    raises(ValueError, main(), VirtualTime())
    assert asyncio.core.ticks is ticks


def test_virtual_waiting_costs_no_real_time():
    now = VirtualTime()

    async def main():
        await sleep_ms(86_400_000)
        return now.ticks_ms()

    start, real = now.ticks_ms(), time.ticks_ms()
    assert run(main(), now) - start == 86_400_000
    assert time.ticks_ms() - real < 1000


def test_virtual_deadlines_fire_in_order():
    now = VirtualTime()
    seen = []

    async def at(ms):
        await sleep_ms(ms)
        seen.append((ms, now.ticks_ms() - start))

    async def main():
        await asyncio.gather(at(300), at(1), at(70_000), at(70_001))

    start = now.ticks_ms()
    run(main(), now)
    assert seen == [(1, 1), (300, 300), (70_000, 70_000), (70_001, 70_001)], seen


def test_virtual_time_stands_still_while_code_runs():
    now = VirtualTime()

    async def main():
        start = now.ticks_ms()
        time.sleep_ms(5)
        await sleep_ms(0)
        return now.ticks_ms() - start

    assert run(main(), now) == 0


def test_everyone_waiting_for_nobody_is_an_error():
    async def main():
        await Flag().wait()

    raises(StateError, main(), VirtualTime())


class Late(io.IOBase):
    """A stream whose byte comes after so many polls."""

    def __init__(self, polls):
        self.polls = polls

    def ioctl(self, request, argument):
        if request != 3:  # MP_STREAM_POLL
            return -1
        self.polls -= 1
        return argument if self.polls < 0 else 0

    def read(self, count):
        return b"A"


def test_virtual_time_waits_for_input_when_there_is_no_deadline():
    now = VirtualTime()
    start = now.ticks_ms()
    assert run(asyncio.StreamReader(Late(5)).read(1), now) == b"A"
    assert now.ticks_ms() == start


def test_input_within_the_grace_comes_before_the_next_deadline():
    for polls, grace_ms, outcome in ((3, 200, b"A"), (100_000, 5, b"late")):
        now = VirtualTime(grace_ms=grace_ms)

        async def main(polls=polls):
            try:
                return await deadline(60_000, asyncio.StreamReader(Late(polls)).read(1))
            except DeadlineError:
                return b"late"

        start = now.ticks_ms()
        assert run(main(), now) == outcome
        assert now.ticks_ms() - start == (0 if outcome == b"A" else 60_000)


def test_work_takes_no_paced_microseconds():
    now = VirtualTime(paced=True)
    start = now.ticks_us()
    time.sleep_ms(5)
    assert now.ticks_us() == start
    assert now.ticks_ms() * 1000 >= start + 5000


def test_paced_time_follows_real_time_and_advance_runs_ahead():
    now = VirtualTime(paced=True)
    ticks = []

    async def every_minute():
        while True:
            await sleep_ms(60_000)
            ticks.append(now.ticks_ms())

    async def main():
        task = asyncio.create_task(every_minute())
        await sleep_ms(20)
        assert not ticks
        now.advance(600_500)
        await sleep_ms(600_490)
        task.cancel()

    real = time.ticks_ms()
    run(main(), now)
    assert len(ticks) == 10, ticks
    assert 18 <= time.ticks_ms() - real < 2000


def test_flag_wakes_its_task_and_is_taken():
    flag = Flag()

    async def main():
        task = asyncio.create_task(flag.wait())
        await sleep_ms(1)
        flag.set()
        await task
        assert not flag.is_set()
        flag.set()
        flag.set()
        await flag.wait()
        assert not flag.is_set()
        flag.set()
        flag.clear()
        assert not flag.is_set()

    run(main(), VirtualTime())
    run(main())


def test_flag_survives_a_cancelled_wait():
    flag = Flag()

    async def main():
        task = asyncio.create_task(flag.wait())
        await sleep_ms(1)
        flag.set()
        task.cancel()
        await sleep_ms(1)
        assert flag.is_set()

    run(main(), VirtualTime())


def test_soft_interrupts_never_lose_a_wake():
    """The interrupt comes at a different step of `wait` each round."""
    flag = Flag()

    def interrupt(_):
        flag.set()

    async def main():
        for turn in range(400):
            for _ in range(turn % 23):
                pass
            micropython.schedule(interrupt, None)
            await deadline(1000, flag.wait())

    run(main())
    run(main(), VirtualTime(paced=True))


def test_deadline_passes_results_and_errors_through():
    async def fails():
        await sleep_ms(1)
        raise KeyError("x")

    async def answer():
        return 5

    async def main():
        assert await deadline(10, answer()) == 5
        assert await deadline(10, sleep_ms(10 - 1)) is None
        await deadline(10, fails())

    raises(KeyError, main(), VirtualTime())


def test_deadline_raises_in_time():
    now = VirtualTime()
    start = now.ticks_ms()
    raises(DeadlineError, deadline(250, sleep_ms(100_000)), now)
    assert now.ticks_ms() - start == 250


def test_deadline_of_zero_gives_up_at_once():
    now = VirtualTime()
    start = now.ticks_ms()
    raises(DeadlineError, deadline(0, sleep_ms(100)), now)
    assert now.ticks_ms() == start


def test_deadline_waits_for_the_cleanup_of_what_it_stops():
    log = []

    async def body():
        try:
            await sleep_ms(1000)
        finally:
            await sleep_ms(50)
            log.append("clean")

    raises(DeadlineError, deadline(10, body()), VirtualTime())
    assert log == ["clean"]


def test_deadline_keeps_a_result_that_beats_it_by_nothing():
    async def stubborn():
        try:
            await sleep_ms(1000)
        except asyncio.CancelledError:
            return "late but whole"

    assert run(deadline(10, stubborn()), VirtualTime()) == "late but whole"


def test_deadline_refuses_the_shared_sleep_object():
    async def main():
        try:
            await deadline(5, asyncio.sleep_ms(1))
        except TypeError:
            await asyncio.sleep_ms(1)
            return "refused"

    assert run(main(), VirtualTime()) == "refused"


def test_nested_deadlines_give_the_tighter_one():
    now = VirtualTime()
    start = now.ticks_ms()
    raises(DeadlineError, deadline(500, deadline(20, sleep_ms(1000))), now)
    assert now.ticks_ms() - start == 20
    raises(DeadlineError, deadline(30, deadline(500, sleep_ms(1000))), now)
    assert now.ticks_ms() - start == 50


def test_cancelling_a_deadline_at_every_step_cancels_what_it_guards():
    """Cancel after each number of loop turns: the guarded code always cleans up, and the cancellation is never lost."""
    points = 0
    for turns in range(12):
        log = []

        async def body():
            log.append("in")
            try:
                await sleep_ms(5)
                await sleep_ms(5)
            finally:
                log.append("out")

        async def main():
            nonlocal points
            task = asyncio.create_task(deadline(8, body()))
            for _ in range(turns):
                await sleep_ms(1)
            if not task.cancel():
                return
            points += 1
            try:
                await task
                raise AssertionError("cancellation was lost")
            except asyncio.CancelledError:
                pass
            assert log in ([], ["in", "out"]), log

        run(main(), VirtualTime())
    print("NOTE kernel.deadline_cancel_points", points)
    assert points >= 8


def test_outer_cancellation_is_never_turned_into_a_timeout():
    """The caller is cancelled in each millisecond around the timeout and the clean-up that follows it."""

    async def body(log):
        try:
            await sleep_ms(1000)
        finally:
            await sleep_ms(10)
            log.append("clean")

    async def main(moment, log):
        task = asyncio.create_task(deadline(10, body(log)))
        await sleep_ms(moment)
        if not task.cancel():
            return "done"
        try:
            await task
        except asyncio.CancelledError:
            return "cancelled"

    for moment in range(1, 25):
        log = []
        outcome = run(main(moment, log), VirtualTime())
        assert log == ["clean"], (moment, log)
        assert outcome == ("cancelled" if moment <= 20 else "done"), (moment, outcome)


def test_deadline_leaves_no_tasks_and_no_heap_behind():
    async def many(count):
        for _ in range(count):
            await deadline(100, sleep_ms(1))
            try:
                await deadline(1, sleep_ms(100))
            except DeadlineError:
                pass

    async def main():
        await many(10)
        gc.collect()
        before = gc.mem_alloc()
        await many(200)
        gc.collect()
        return gc.mem_alloc() - before

    grown = run(main(), VirtualTime())
    print("NOTE kernel.deadline_heap_growth_bytes", grown)
    assert grown <= 0, grown


def test_ticks_keep_counting_over_the_wrap():
    now = VirtualTime(ticks_ms=(1 << 30) - 500)

    async def main():
        before = now.ticks_ms() & 0x3FFFFFFF
        await sleep_ms(1000)
        return ticks_diff(now.ticks_ms() & 0x3FFFFFFF, before)

    assert run(main(), now) == 1000


def test_an_interrupted_loop_goes_on_where_it_was():
    seen = []

    async def other():
        for count in range(4):
            seen.append(count)
            await sleep_ms(2)

    async def main():
        task = asyncio.create_task(other())
        await sleep_ms(3)
        asyncio.create_task(interrupt())
        await task
        return 7

    async def interrupt():
        raise KeyboardInterrupt

    raises(KeyboardInterrupt, main())
    assert 0 < len(seen) < 4, seen
    assert go_on() == 7
    assert seen == [0, 1, 2, 3], seen
    try:
        go_on()
    except StateError:
        return
    raise AssertionError("it went on twice")


class Hasty:
    """A waiter that never waits: it looks at the input and comes back, as one must that has chips to look after."""

    def __init__(self):
        self.looks = 0

    def ticks_ms(self):
        return time.ticks_ms()

    def wait(self, poll, delay_ms):
        self.looks += 1
        poll(0)


def test_a_waiter_may_come_back_with_nothing_while_all_wait_for_input():
    waiter = Hasty()

    async def main():
        return await asyncio.StreamReader(Late(50)).read(1)

    assert run(main(), waiter) == b"A"
    assert waiter.looks >= 50
