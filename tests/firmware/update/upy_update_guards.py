"""Every check of the room is needed: without it, one of its tests fails.

The short form leaves out one check of forty, the long one (TAPWATCH_LONG) each of them.
"""

import os
import sys

SHARE = "flash and update"
ROOM, TESTS = "watch.update.", "tests.firmware.update."
FILES = ("files", "statement", "head", "index", "work", "image", "delta", "signers", "floor", "check", "incoming") + (
    "health",
    "updates",
    "starts",
)
"""Of the room, each after those that it imports."""
ORACLES = ("upy_update_forms", "upy_image_flips", "upy_updates", "upy_health")
LEFT_OUT = (
    "test_no_flipped_bit_is_accepted",  # these take long
    "test_no_other_length_is_accepted",
    "test_checking_takes_little_memory",
    "test_a_read_error_is_never_not_there",
    "test_a_watch_that_lies_is_noticed",  # it changes a module, which `Space` is not
)
RAISE = "raise "
STRIDE = 1 if os.getenv("TAPWATCH_LONG") else 40
TWICE = (
    "raise OSError",  # a file system that writes less than it was given, without an error: littlefs does not
    "this watch has no manufacturer yet",  # no certificate is by nobody; this only says it better
    "ends within its head",  # nor is the CBOR of one whole
    "is not there",  # nor can such a file be opened
)
"""Checks that another one stands behind."""


class Space:
    """Stands for a module: MicroPython makes none but by an import."""


def source(path):
    """Text of a file."""
    with open(path) as opened:
        return opened.read()


class Fresh:
    """The room and its tests anew, with one file of another text; all is as before at the end."""

    def __init__(self, file="", text=""):
        self._changed = {file: text}

    def __enter__(self):
        import watch.update as package

        self._kept = [(ROOM + name, sys.modules.pop(ROOM + name, None), getattr(package, name, None)) for name in FILES]
        for name in FILES:
            put(ROOM + name, self._changed.get(name) or source("firmware/watch/update/%s.py" % name), package, name)
        for name in ("image_kit",) + ORACLES:
            self._kept.append((TESTS + name, sys.modules.pop(TESTS + name, None), None))
            put(TESTS + name, source("tests/firmware/update/%s.py" % name))
        return [sys.modules[TESTS + name] for name in ORACLES]

    def __exit__(self, *error):
        import watch.update as package

        for name, module, attribute in self._kept:
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
            if attribute is not None:
                setattr(package, name.split(".")[-1], attribute)


def put(name, text, package=None, attribute=""):
    """Run a text as the module of this name."""
    values = {"__name__": name}
    exec(text, values)  # noqa: S102
    module = Space()
    for key, value in values.items():
        setattr(module, key, value)
    sys.modules[name] = module
    if package is not None:
        setattr(package, attribute, module)


def failing(modules):
    """The first test that fails; empty if none does."""
    for module in modules:
        for name in sorted(dir(module)):
            if name.startswith("test_") and name not in LEFT_OUT:
                try:
                    getattr(module, name)()
                except Exception as error:
                    return "%s: %r" % (name, error)
    return ""


def mutants():
    """Each raise of each file left out: where, what, and the text of the file."""
    for file in FILES:
        lines = source("firmware/watch/update/%s.py" % file).split("\n")
        for number, line in enumerate(lines):
            if line.lstrip().startswith(RAISE) and not any(text in line for text in TWICE):
                changed = line.replace(RAISE, "")
                yield file, number + 1, line.strip(), "\n".join(lines[:number] + [changed] + lines[number + 1 :])


def test_no_check_is_for_nothing():
    """Each `raise` that is left out is noticed."""
    with Fresh() as modules:
        found = failing(modules if STRIDE == 1 else modules[:1])
        assert not found, found
    count, unnoticed, place = 0, [], 0
    for place, (file, number, line, text) in enumerate(mutants()):
        if place % STRIDE:
            continue
        count += 1
        try:
            with Fresh(file, text) as modules:
                found = failing(modules)
        except Exception as error:
            found = repr(error)
        if not found:
            unnoticed.append("%s.py:%d %s" % (file, number, line))
    print("NOTE updates: %d of %d checks left out one by one, %d not noticed" % (count, place + 1, len(unnoticed)))
    assert not unnoticed, "\n".join(unnoticed)
