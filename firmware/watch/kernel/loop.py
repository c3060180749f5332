"""The event loop: the one place where the watch waits.

On the board the loop waits in real time and soft interrupts wake it through `Flag`. In tests and in the simulator a
`VirtualTime` takes the place of both tick counter and waiting (see virtual.py).
"""

import asyncio
import asyncio.core

from micropython import const

from watch.kernel.errors import DeadlineError, StateError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Coroutine, Optional, Protocol, TypeVar

    Result = TypeVar("Result")

    class Waiter(Protocol):
        """Something that replaces real time."""

        def ticks_ms(self) -> int:
            """Milliseconds for every deadline in the loop; never behind the port's own counter."""
            ...

        def wait(self, poll: Callable[[int], None], delay_ms: int) -> None:
            """Let `delay_ms` pass; -1 without limit. `poll(ms)` waits for input that long and wakes its readers."""
            ...


_STUCK = "every task waits and nothing can wake one"
_NOTHING_LEFT = "no loop was interrupted"

_bell = asyncio.ThreadSafeFlag()  # ends the loop's wait from a soft interrupt
_waiting: "list[Flag]" = []  # flags that a task waits for
_left: "list[Any]" = []  # what KeyboardInterrupt has left: the queues of a loop, and the task that was to end it


class Flag:
    """Wakes the one task that waits for it. May be set from soft interrupts and from other threads.

    An interrupt may come between any two steps of `wait`. So `set` only leaves a mark and rings; the loop itself, where
    no step can be interrupted half-way, looks at the marks and wakes the tasks.
    """

    def __init__(self) -> None:
        """Not set."""
        self._set = False
        self._event = asyncio.Event()

    def set(self) -> None:
        """Let the waiting task run, or the next one that waits."""
        self._set = True
        _bell.set()

    def clear(self) -> None:
        """Forget that the flag was set."""
        self._set = False

    def is_set(self) -> bool:
        """True when it has been set and nobody has taken it yet."""
        return self._set

    async def wait(self) -> None:
        """Return when the flag is set, and clear it. A wait that is cancelled leaves it set."""
        while not self._set:
            await self._woken()
        self._set = False

    async def _woken(self) -> None:
        """Sleep until the loop has seen the mark."""
        _waiting.append(self)
        try:
            await self._event.wait()
        finally:
            self._event.clear()
            _waiting.remove(self)

    def wake(self) -> None:
        """For the loop only: let the waiting task run if the flag is marked."""
        if self._set:
            self._event.set()


def _wake_all() -> None:
    """Look at every mark."""
    for flag in _waiting:
        flag.wake()


async def sleep_ms(delay_ms: int) -> None:
    """Sleep. Unlike `asyncio.sleep_ms` this is a coroutine and can be handed to `deadline` or a task."""
    await asyncio.sleep_ms(delay_ms)


class _Race:
    """Work that runs against a timer: who was first, and how the work ended."""

    def __init__(self, awaitable: "Awaitable[Any]") -> None:
        self.awaitable = awaitable
        self.news = asyncio.Event()
        self.value: "Any" = None
        self.error: "Optional[BaseException]" = asyncio.CancelledError()  # what stays if the work is never started

    async def work(self) -> None:
        """Await the guarded thing and keep its outcome."""
        try:
            self.value = await self.awaitable
            self.error = None
        except BaseException as error:  # noqa: BLE001
            # Not handled here: `deadline` raises it in the task that asked.
            self.error = error
        self.news.set()

    async def time(self, limit_ms: int) -> None:
        """Ring when the time is over."""
        await asyncio.sleep_ms(limit_ms)
        self.news.set()


async def deadline(limit_ms: int, awaitable: "Awaitable[Result]") -> "Result":
    """Await something for at most `limit_ms`; raises DeadlineError after that.

    Whether time runs out or the caller is cancelled: this returns only when the awaited code has ended and its
    `finally` blocks have run. Raises TypeError for the bare `asyncio.sleep_ms()`, whose shared object cannot be awaited
    later.
    """
    if isinstance(awaitable, asyncio.core.SingletonGenerator):
        awaitable.state = None  # else the next sleep anywhere would fail
        raise TypeError("use sleep_ms of this module")
    race = _Race(awaitable)
    work = asyncio.create_task(race.work())
    timer = asyncio.create_task(race.time(limit_ms))
    try:
        # An event, not the task: asyncio hands the cancellation of a caller on to the task it awaits, unseen by us.
        await race.news.wait()
        late = not work.done()
    finally:
        timer.cancel()
        await stop(work)
    if late and isinstance(race.error, asyncio.CancelledError):
        raise DeadlineError()
    if race.error is not None:
        raise race.error
    return race.value


async def stop(task: "asyncio.Task[Any]") -> None:
    """Cancel a task and wait until it has ended. Cancelling the caller meanwhile takes effect after that."""
    cancelled = None
    task.cancel()
    while not task.done():
        try:
            await _ended(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def _ended(task: "asyncio.Task[Any]") -> None:
    """Wait for the end of a task; being cancelled here leaves the task alone."""
    event = asyncio.Event()
    asyncio.create_task(_watch(task, event))
    await event.wait()


async def _watch(task: "asyncio.Task[Any]", event: "asyncio.Event") -> None:
    """Set `event` when the task has ended."""
    try:
        await task
    except (asyncio.CancelledError, Exception):  # noqa: BLE001, S110
        # The task was stopped because nobody wants its outcome any more.
        pass
    event.set()


async def _answer_bell() -> None:
    """Real time: each ring ends the wait of the loop and lets it look at the marks."""
    while True:
        await _bell.wait()
        _wake_all()


def run(
    main: "Coroutine[Any, Any, Result]",
    waiter: "Optional[Waiter]" = None,
    pause: "Optional[Callable[[int], int]]" = None,
) -> "Result":
    """Run `main` to its end in a fresh event loop and return its result.

    `waiter` replaces real time; then StateError is raised when every task waits and nothing could wake one.
    In real time `pause` is called before each wait with its milliseconds, -1 without limit: it may let some of them
    pass in its own way, and says how many are left to wait.
    """
    core = asyncio.core
    asyncio.new_event_loop()
    _waiting.clear()
    port_ticks = core.ticks
    if waiter is None:
        asyncio.create_task(_answer_bell())
        if pause is not None:
            core._io_queue.wait_io_event = _pausing(pause, core._io_queue.wait_io_event)
    else:
        core.ticks = waiter.ticks_ms
        core._io_queue.wait_io_event = _wait_with(waiter, core._io_queue.wait_io_event)
    try:
        return _finish(asyncio.create_task(main))
    finally:
        core.ticks = port_ticks


def go_on() -> "Any":
    """Run on what KeyboardInterrupt has ended, in real time; the result is that of `run`.

    Every task is where it was, but for the one that the interrupt hit. Raises StateError if there is nothing.
    """
    if not _left:
        raise StateError(_NOTHING_LEFT)
    core = asyncio.core
    core._task_queue, core._io_queue, task = _left
    return _finish(task)


def _finish(task: "asyncio.Task[Result]") -> "Result":
    """Run until this task has ended, and leave a fresh loop. What KeyboardInterrupt ends is kept for `go_on`."""
    core = asyncio.core
    _left.clear()
    try:
        result = core.run_until_complete(task)
        if not task.done():  # some versions of asyncio return silently when nothing can wake a task
            raise StateError(_STUCK)
        return result
    except KeyboardInterrupt:
        _left.extend((core._task_queue, core._io_queue, task))
        raise
    finally:
        asyncio.new_event_loop()


def _pausing(pause: "Callable[[int], int]", poll: "Callable[[int], None]") -> "Callable[[int], None]":
    """The loop's own wait, after a pause; a ring that came before it is answered first."""

    def wait(delay_ms: int) -> None:
        if delay_ms and not _bell.state:
            delay_ms = pause(delay_ms)
        poll(0 if _bell.state else delay_ms)

    return wait


def _ring_or(waiter: "Waiter", poll: "Callable[[int], None]") -> None:
    """Wake whom the bell is for, or wait for input."""
    if _bell.state:
        _bell.clear()
        _wake_all()
    else:
        waiter.wait(poll, -1)


def _wait_with(waiter: "Waiter", poll: "Callable[[int], None]") -> "Callable[[int], None]":
    """The loop's own wait, handed to the waiter."""
    core = asyncio.core

    def wait(delay_ms: int) -> None:
        if _bell.state:
            _bell.clear()
            _wake_all()
            return  # the loop calculates its wait again
        if core._task_queue.peek() is None:
            if not core._io_queue.map:
                raise StateError(_STUCK)
            while core._task_queue.peek() is None:  # the loop does not come back to ask: it takes the next task
                _ring_or(waiter, poll)
            return
        waiter.wait(poll, delay_ms)

    return wait
