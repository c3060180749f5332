"""What main.py makes of a release in which a task fails: it goes on, or starts anew; and who bears the mark TEST."""

import asyncio
import os
import sys

import micropython
from support import scrubbing
from support.worn import ready_board

from watch.system.main import build

scrubbing.leave_out()
with open("firmware/main.py") as _file:
    _CODE = compile(_file.read(), "main.py", "exec")
NAMES = ("facts", "machine", "board.toy", "board.toy.board", "watch.system.main")
LONG = bool(os.getenv("TAPWATCH_LONG"))
KINDS = (ValueError, OSError, MemoryError, SystemExit, KeyboardInterrupt, GeneratorExit, asyncio.CancelledError)


class Over(SystemExit):
    """The test has seen enough of a watch that goes on."""


class Reset(Exception):
    """The processor has been reset."""


class Toy:
    """Facts, `machine`, board and system in one: a release on the counting board in which one task fails."""

    BOARD, VERSION, BUILT_S, POSTURE = "toy", "1.2.3", 1_800_000_000, "release"

    def __init__(self, task, kind):
        self._task, self._kind = task, kind
        self.names, self.fallen, self.lived = [], 0, False

    def reset(self):
        raise Reset

    def build(self, facts):
        return ready_board()

    def start(self, board, options):
        watch = build(board)
        start = watch.supervisor.start

        def started(name, body, critical=False):
            self.names.append(name)
            start(name, self._fails if name == self._task else body, critical=critical)

        watch.supervisor.start = started
        run = watch.run

        async def limited():
            asyncio.create_task(self._ends())
            await run()

        watch.run = limited
        return watch

    async def _fails(self):
        self.fallen += 1
        raise self._kind

    async def _ends(self):
        for _ in range(200):
            await asyncio.sleep(0)
        self.lived = True
        raise Over


def reset_of(task, kind):
    """The toy, once main.py has reset the processor. Raises AssertionError if it went back to the port."""
    toy = Toy(task, kind)
    before = {name: sys.modules.get(name) for name in NAMES}
    sys.modules.update(dict.fromkeys(NAMES, toy))
    try:
        exec(_CODE, {"__name__": "__main__", "print": lambda *words: None})  # noqa: S102 (as the port does)
    except Reset:
        return toy
    finally:
        micropython.kbd_intr(3)
        asyncio.new_event_loop()
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    raise AssertionError("it went back to the port: %s %s" % (task, kind))


def test_whatever_a_task_raises():
    names = reset_of("", ValueError).names
    tried = lived = 0
    for task in names:
        for kind in KINDS if LONG else KINDS[3 * (len(task) % 2) :][:4]:
            tried += 1
            toy = reset_of(task, kind)
            assert toy.fallen, task
            lived += toy.lived
    print("NOTE release: %d tasks, %d exceptions in them: never back to the port" % (len(names), tried))
    assert len(names) >= 3 and lived


def test_who_bears_the_mark():
    """A development image, and a device secret in a file. Which screens bear it: upy_screens.py in tests/firmware."""
    for development in (False, True):
        for kind in ("efuse", "software"):
            board = ready_board()
            board.info.development, board.secret.kind = development, kind
            assert build(board)._ui.test_mark == (development or kind == "software"), (development, kind)
