"""Garbage on the host link, from either side: a clear error and an end, never a hang."""

from __future__ import annotations

import asyncio
import random

import pytest

from tapwatch.simulator import frames
from tapwatch.simulator.process import WatchDied
from tests.host.simulator.support import command, standin

_QUICK_S = 10


def _end(folder, spoil):
    """Start a watch, spoil its link with `spoil(watch)`, and return how it ended and how long that took."""

    async def main():
        async with standin(folder) as watch:
            loop = asyncio.get_running_loop()
            started = loop.time()
            spoil(watch)
            problem = await asyncio.wait_for(watch.ended(), _QUICK_S)
            with pytest.raises(WatchDied):
                await watch.state()
            return problem, loop.time() - started

    return asyncio.run(main())


def _raw(watch, data):
    """Put bytes on the link to the watch as they are."""
    watch._running().process.writer.write(data)


@pytest.mark.parametrize(
    ("garbage", "message"),
    [
        (b"\x55\0\0\0\0", "unexpected frame 0x55"),
        (b"\x82\xff\xff\xff\xff", "a frame of"),
        (frames.encode(frames.TOUCH, b"\1"), "ValueError"),
        (frames.encode(frames.REPLY, b"\0"), "unexpected frame 0x81"),
        (frames.encode(frames.CONFIG, b"{}"), "unexpected frame 0x80"),
    ],
)
def test_the_watch_refuses_garbage_from_the_host(tmp_path, garbage, message):
    problem, _ = _end(tmp_path, lambda watch: _raw(watch, garbage))
    assert isinstance(problem, WatchDied) and problem.status == 1
    assert message in str(problem)


def test_half_a_frame_is_not_waited_for_long(tmp_path):
    problem, seconds = _end(tmp_path, lambda watch: _raw(watch, b"\x82\0\0\0\5\1"))
    assert "ETIMEDOUT" in str(problem)
    print(f"NOTE host link: half a frame ends the watch after {seconds:.1f} s")


def test_the_watch_ends_when_the_host_goes(tmp_path):
    problem, _ = _end(tmp_path, lambda watch: watch._running().process.writer.close())
    assert "ECONNRESET" in str(problem)


@pytest.mark.parametrize(
    ("garbage", "message"),
    [
        (b"\x99\0\0\0\0", "unknown type 0x99"),
        (b"\x10\xff\xff\xff\xff", "announced a frame"),
        (frames.encode(frames.DISPLAY_WRITE, bytes(7)), "without a window"),
        (frames.encode(frames.DISPLAY_WRITE, bytes(8)), "outside its panel"),
        (frames.encode(frames.FLASH_READ, b"\0"), "wrong length"),
        (frames.encode(frames.STATE, b"{}"), "nobody had asked"),
        (frames.encode(frames.EVENT, b"{"), "JSON that cannot be read"),
        (frames.encode(frames.EVENT, b"[]"), "JSON that is no object"),
        (frames.encode(frames.ADVANCED), "nobody had asked"),
    ],
)
def test_the_host_refuses_garbage_from_the_watch(tmp_path, garbage, message):
    async def main():
        async with standin(tmp_path) as watch:
            with pytest.raises(WatchDied, match=message):
                await command(watch, b"rw", garbage)
            assert not watch.alive

    asyncio.run(main())


def test_random_bytes_from_either_side_end_the_run_quickly(tmp_path):
    rng = random.Random(6)
    kinds = [value for name, value in vars(frames).items() if name.isupper() and isinstance(value, int) and value < 256]

    def noise() -> bytes:
        return frames.encode(rng.choice(kinds), rng.randbytes(rng.randrange(12))) + rng.randbytes(40)

    async def main() -> int:
        ended = 0
        for index in range(12):
            async with standin(tmp_path) as watch:
                if index % 2:
                    _raw(watch, noise())
                else:
                    watch._running().link.send(frames.USB, _framed(b"rw" + noise()))
                problem = await asyncio.wait_for(watch.ended(), _QUICK_S)
                assert isinstance(problem, WatchDied), problem
                ended += 1
        return ended

    print(f"NOTE host link: {asyncio.run(main())} of 12 watches ended by noise, none hung")


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(2, "big") + body
