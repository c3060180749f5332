"""main.py: what it builds, and that nothing but a computer's wish on a development image leads back to the port."""

import sys

import micropython

NAMES = ("facts", "machine", "board.toy", "board.toy.board", "watch.system.main")
with open("firmware/main.py") as _file:
    CODE = compile(_file.read(), "main.py", "exec")


class Reset(Exception):
    """The processor has been reset."""


class Machine:
    """The module `machine`."""

    parked = 0
    """How often nobody is to be reset for ten days."""

    @staticmethod
    def reset():
        raise Reset

    @staticmethod
    def WDT(timeout):  # noqa: N802 (so called by the port)
        assert timeout == 864_000_000
        Machine.parked += 1


class Facts:
    """The module `facts` of an image."""

    BOARD, VERSION, BUILT_S = "toy", "1.2.3", 1800000000

    def __init__(self, posture):
        self.POSTURE = posture


class Toy:
    """The package of a board, and the watch on it, which ends as it is told."""

    def __init__(self, ends):
        self._ends = ends
        self.built_with = None
        self.pause = None

    def build(self, facts):
        self.built_with = facts
        if self._ends == "build":
            raise OSError(19)
        return "the board"

    def start(self, board, options):
        assert (board, options) == ("the board", {})
        return self

    async def run(self):
        if isinstance(self._ends, BaseException):
            raise self._ends


def run_main(posture, ends, say=lambda *words: None):
    """Run main.py as the port does; the globals it leaves, and whether it has reset the processor."""
    toy = Toy(ends)
    modules = dict(zip(NAMES, (Facts(posture), Machine, toy, toy, toy)))
    before = {name: sys.modules.get(name) for name in NAMES}
    sys.modules.update(modules)
    names = {"__name__": "__main__", "print": say}
    try:
        exec(CODE, names)  # noqa: S102 (as the port does)
        return names, False
    except Reset:
        return names, True
    finally:
        micropython.kbd_intr(3)
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


ENDS = (None, "build", OSError(5), ValueError("text"), MemoryError(), SystemExit(0), KeyboardInterrupt())


def test_a_release_never_goes_back_to_the_port():
    for ends in ENDS:
        _, reset = run_main("release", ends)
        assert reset, ends
    print("NOTE main.py: %d ways to end a release image, each a reset" % len(ENDS))


def test_a_line_that_cannot_be_printed_resets():
    def fails(*words):
        raise OSError(5)

    for posture in ("release", "development"):
        assert run_main(posture, ValueError("text"), fails)[1]


def test_an_unknown_posture_is_a_release():
    assert run_main("Development", KeyboardInterrupt())[1]


def test_a_development_image_gives_the_repl_board_and_watch():
    before = Machine.parked
    names, reset = run_main("development", KeyboardInterrupt())
    assert not reset and Machine.parked == before + 1
    assert names["board"] == "the board" and names["watch"].built_with.VERSION == "1.2.3"


def test_other_ends_reset_a_development_image_too():
    for ends in (None, "build", ValueError("text")):
        assert run_main("development", ends)[1], ends


def test_an_image_without_facts_resets():
    modules = {"machine": Machine}
    before = sys.modules.get("machine")
    sys.modules.update(modules)
    try:
        exec(CODE, {"__name__": "__main__", "print": lambda *words: None})  # noqa: S102
    except Reset:
        return
    finally:
        micropython.kbd_intr(3)
        if before is None:
            del sys.modules["machine"]
        else:
            sys.modules["machine"] = before
    raise AssertionError("it went back to the port")
