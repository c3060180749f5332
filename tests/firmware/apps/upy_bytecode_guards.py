"""Every check of the verifier is needed: without it, one of the forged modules gets through, or upsets the rest."""

import sys

from support.forged import APP, CASES, GOOD, MODULES

from watch.kernel.errors import BytecodeError

ROOM = "watch.apps.verifier."
FILES = ("mpy_names", "mpy_reader", "mpy_file", "prelude", "opcodes", "vocabulary", "naming", "kinds") + (
    "effects_values",
    "effects_calls",
    "effects_ways",
    "effects",
    "flow",
    "spending",
    "function",
    "bytecode",
)
"""Of the verifier, each after those that it imports."""
RAISE = "raise BytecodeError("
TWICE = (
    "mpy_reader.py take",  # what is behind the end is not there either for the next byte, or at the end of the module
    "mpy_reader.py sub",
    "opcodes.py _target",  # no instruction begins outside the function
)
"""Checks that another one stands behind: file and function."""


class Space:
    """Stands for a module: MicroPython makes none but by an import."""


def source(file):
    """Its text."""
    with open("firmware/watch/apps/verifier/%s.py" % file) as opened:
        return opened.read()


class Fresh:
    """The verifier anew, with one file of another text; the one that the watch uses is back at the end."""

    def __init__(self, file="", text=""):
        self._file, self._text = file, text

    def __enter__(self):
        import watch.apps.verifier as package

        self._kept = [(name, sys.modules.pop(ROOM + name, None), getattr(package, name, None)) for name in FILES]
        for name in FILES:
            values = {"__name__": ROOM + name}
            exec(self._text if name == self._file else source(name), values)  # noqa: S102
            module = Space()
            for key, value in values.items():
                setattr(module, key, value)
            sys.modules[ROOM + name] = module
            setattr(package, name, module)
        return sys.modules[ROOM + "bytecode"]

    def __exit__(self, *error):
        import watch.apps.verifier as package

        for name, module, attribute in self._kept:
            sys.modules.pop(ROOM + name, None)
            if module is not None:
                sys.modules[ROOM + name] = module
                setattr(package, name, attribute)


def slips(verifier, cases):
    """The first forged module that is not refused as it should be."""
    for what, code, _ in cases:
        try:
            for _ in verifier.verify(code, MODULES, APP):
                pass
        except BytecodeError:
            continue
        except Exception as error:
            return "%s: %s" % (what, type(error).__name__)
        return what
    return ""


def mutants():
    """Each raise of each file left out: file, number of the line, text of the file."""
    for file in FILES:
        lines, place = source(file).split("\n"), ""
        for number, line in enumerate(lines):
            if line.lstrip().startswith("def "):
                place = file + ".py " + line.split("def ")[1].split("(")[0]
            if RAISE in line and place not in TWICE:
                changed = line.replace(RAISE, "BytecodeError(")
                yield file, number + 1, line.strip(), "\n".join(lines[:number] + [changed] + lines[number + 1 :])


def likely(line):
    """The cases, those first that this line speaks of."""
    words = line.split('"')
    said = words[1] if len(words) > 1 else ""
    first = [case for case in CASES if case[2] and case[2] in said]
    return first + [case for case in CASES if case not in first]


def test_the_copy_is_the_verifier():
    """Made anew without a change, it lets the good modules through and no other."""
    with Fresh() as verifier:
        for _, code in GOOD:
            for _ in verifier.verify(code, MODULES, APP):
                pass
        assert not slips(verifier, CASES)


def test_no_check_is_for_nothing():
    """Each `raise` that is left out is noticed."""
    count, unnoticed = 0, []
    for file, number, line, text in mutants():
        with Fresh(file, text) as verifier:
            count += 1
            if not slips(verifier, likely(line)):
                unnoticed.append("%s.py:%d %s" % (file, number, line))
    print("NOTE bytecode: %d checks left out one by one, %d not noticed" % (count, len(unnoticed)))
    assert not unnoticed, "\n".join(unnoticed)
