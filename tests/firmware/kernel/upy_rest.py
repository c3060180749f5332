"""Sleep between tasks: when it is tried, what ends it, and that no ring is slept through."""

import asyncio

from watch.kernel.loop import Flag, run, sleep_ms
from watch.kernel.rest import Pause


class Rest:
    """A board that sleeps by really waiting, or cannot."""

    def __init__(self, can=True, meanwhile=None):
        self.can, self.meanwhile, self.limits = can, meanwhile, []

    def light(self, limit_ms):
        self.limits.append(limit_ms)
        if self.meanwhile:
            self.meanwhile()
        return self.can


def test_it_sleeps_only_when_it_is_quiet_and_worth_it():
    rest, quiet = Rest(), [False]
    pause = Pause(rest, lambda: quiet[0])
    assert pause(60_000) == 60_000 and rest.limits == []
    quiet[0] = True
    assert pause(99) == 99 and pause(0) == 0 and rest.limits == []
    assert pause(100) == 0 and pause(-1) == 0 and pause(86_400_000) == 0
    assert rest.limits == [100, 3_600_000, 3_600_000] and pause.count == 3


def test_a_board_that_cannot_sleep_is_asked_again():
    rest = Rest(False)
    pause = Pause(rest, lambda: True)
    assert pause(60_000) == 5_000 and pause(200) == 200 and pause(-1) == 5_000 and pause.count == 0
    assert Pause(None, lambda: True)(60_000) == 60_000, "a board that never can"


def test_a_flag_set_in_sleep_wakes_its_task():
    flag = Flag()
    rest = Rest(meanwhile=flag.set)

    async def main():
        await flag.wait()
        return len(rest.limits)

    assert run(main(), None, Pause(rest, lambda: True)) == 1


def test_a_ring_before_the_sleep_is_not_slept_through():
    flag, rest = Flag(), Rest()

    async def main():
        asyncio.create_task(sleep_ms(10_000))
        flag.set()
        await flag.wait()
        flag.set()  # nobody waits for it yet: the bell alone says so
        await sleep_ms(0)
        return rest.limits

    assert run(main(), None, Pause(rest, lambda: True)) == []


def test_the_pause_is_gone_after_the_run():
    before = asyncio.core._io_queue

    async def main():
        await sleep_ms(1)

    run(main(), None, Pause(Rest(), lambda: True))
    assert asyncio.core._io_queue is not before or "wait_io_event" not in before.__dict__
