"""Damages modules of built-in apps and runs what the verifier lets through: `run_mutants.py SEED COUNT FOLDER`.

A process of its own: what it shows is that it ends, and not by a signal. It writes the number of each mutant before it
runs, and at the end how many it made, refused and ran, and the longest check in ms.
"""

import os
import random
import sys
import time

from watch.apps import fuel
from watch.apps.owner import Place
from watch.apps.shelf.bundle import Bundle
from watch.apps.verifier import bytecode
from watch.kernel.errors import BytecodeError

BUILT = "build/apps"
UNITS = 2000
MOST_MS = 50
PREFIX = "mutant_"
DONE = [0]
"""Calls that came to their end."""


def modules():
    """App, module, its bytes and the names of all its modules, of every built-in bundle."""
    for file in sorted(os.listdir(BUILT)):
        if file.endswith(".twb"):
            bundle = Bundle(BUILT + "/" + file)
            manifest = bundle.manifest
            for module in manifest.modules:
                yield manifest.id, module, bundle.read(module + ".mpy"), manifest.modules


def damaged(code):
    """One bit turned, or one byte set."""
    out = bytearray(code)
    at = random.randrange(len(out))
    if random.randrange(2):
        out[at] ^= 1 << random.randrange(8)
    else:
        out[at] = random.randrange(256)
    return bytes(out)


def accepted(code, names, app):
    """Whether the verifier lets it through, and the processor's time that it took in ms."""
    began = time.clock()
    try:
        for _ in bytecode.verify(code, names, app):
            pass
    except BytecodeError:
        return False, (time.clock() - began) * 1000
    return True, (time.clock() - began) * 1000


def guarded(work):
    """Do something of the app with little fuel; what it raises is its own business."""
    tank = fuel.Tank(UNITS, 1000)
    tank.open(0)
    try:
        result = work()
        DONE[0] += 1
        return result
    except (Exception, fuel.OutOfFuel):
        return None
    finally:
        tank.shut()


def write(path, data):
    """A file."""
    with open(path, "wb") as file:
        file.write(data)


def run(package, module, code):
    """Load a module among those of its app, and call everything in it with this and that."""
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]
    write("%s/%s/%s.mpy" % (sys.path[0], package, module), code)
    loaded = guarded(lambda: __import__("%s.%s" % (package, module), None, None, ("n0",)))
    for name in dir(loaded) if loaded else ():
        thing = getattr(loaded, name)
        if name[0] == "n" and name[1:].isdigit() and callable(thing):
            call(thing)


def call(thing):
    """A function with several arguments; a class, and what its objects can do."""
    for arguments in ((), (1,), (Place(1),), ("a", 2), ([1, 2], 3, "b"), (1, 2, 3, 4), (1, 2, 3, 4, 5)):
        made = guarded(lambda: thing(*arguments))
        if isinstance(thing, type) and made is not None:
            for name in guarded(lambda: dir(made)) or ():
                method = guarded(lambda: getattr(made, name))
                if name[:2] != "__" and callable(method):
                    for others in ((), (1,), (1, 2), (True, 3, 4)):
                        guarded(lambda: method(*others))


def main(seed, count, folder):
    """So many mutants that were accepted are run."""
    random.seed(seed)
    sys.path.insert(0, folder)
    found = list(modules())
    for app, module, code, _ in found:
        if PREFIX + app not in os.listdir(folder):
            os.mkdir("%s/%s%s" % (folder, PREFIX, app))
        write("%s/%s%s/%s.mpy" % (folder, PREFIX, app, module), code)
    made = ran = 0
    slowest = 0.0
    while ran < count:
        app, module, good, names = found[random.randrange(len(found))]
        code = damaged(good)
        made += 1
        passed, took = accepted(code, names, app)
        if took > MOST_MS:
            # The collector may have been at work.
            took = min(took, accepted(code, names, app)[1], accepted(code, names, app)[1])
        slowest = max(slowest, took)
        if passed:
            ran += 1
            print("mutant", made, app, module)
            run(PREFIX + app, module, code)
            write("%s/%s%s/%s.mpy" % (folder, PREFIX, app, module), good)
    print("made %d refused %d ran %d calls %d slowest_ms %d" % (made, made - ran, ran, DONE[0], slowest))


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
