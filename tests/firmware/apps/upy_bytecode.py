"""The verifier of bytecode: built-in apps pass, and forged modules do not."""

import os

from support.forged import APP, CASES, GOOD, MODULES

from watch.apps.shelf.bundle import Bundle
from watch.apps.verifier import bytecode
from watch.kernel.errors import BytecodeError

BUILT = "build/apps"


def fault(code, modules=MODULES, app=APP):
    """What the verifier says of a module; empty if nothing. Anything it raises but BytecodeError fails the test."""
    try:
        for _ in bytecode.verify(code, modules, app):
            pass
    except BytecodeError as error:
        return str(error)
    return ""


def test_built_in_apps_pass():
    """Every module of every bundle that the firmware brings."""
    count = size = 0
    for file in sorted(os.listdir(BUILT)):
        if file.endswith(".twb"):
            bundle = Bundle(BUILT + "/" + file)
            for module in bundle.manifest.modules:
                code = bundle.read(module + ".mpy")
                found = fault(code, bundle.manifest.modules, bundle.manifest.id)
                assert not found, (file, module, found)
                count += 1
                size += len(code)
    print("NOTE bytecode: %d modules of built-in apps pass, %d bytes" % (count, size))
    assert count > 30


def test_good_modules_pass():
    """The forge makes what passes, so that what does not pass is wrong in one place."""
    for what, code in GOOD:
        assert not fault(code), (what, fault(code))


def test_forged_modules_do_not():
    """Each is refused, and for its own reason."""
    for what, code, said in CASES:
        found = fault(code)
        assert found and said in found, (what, said, found)
    print("NOTE bytecode: %d forged modules refused" % len(CASES))


def test_a_module_cut_anywhere():
    """No part of a module from its beginning is one."""
    for what, code in GOOD[:3]:
        for length in range(len(code)):
            assert fault(code[:length]), (what, length)
            assert fault(code + code[:1]), what
