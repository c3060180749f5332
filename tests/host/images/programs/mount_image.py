"""Mounts a system image with the class that mounts it on a watch, and starts the watch that is in it; prints JSON.

Argument: the folder that holds `a.twi`. `boot` is on the path.
"""

import json
import sys

import vfs

PORT = ("machine", "esp32", "bluetooth")
"""Modules of the port that are imported, but not used here."""
OURS = ("watch", "drivers", "board", "facts")


def mount(folder: str) -> None:
    """Leave only the image and what is frozen to import from."""
    for name in PORT:
        sys.modules[name] = object()
    import boot

    vfs.umount("/")
    vfs.mount(vfs.VfsPosix(folder), "/")
    vfs.mount(boot._Image(bytearray(boot._NEW), 0), "/slot")
    sys.path[:] = ("/slot", ".frozen")


def main() -> None:
    """Start the watch as the image's `main.py` does, and say where its modules came from and what it drew."""
    mount(sys.argv[1])
    import facts

    import watch.system.main

    board = __import__("board.%s.board" % facts.BOARD, None, None, ("build",)).build(facts)
    running = watch.system.main.start(board, {})
    places = {name: getattr(module, "__file__", "") for name, module in sys.modules.items()}
    told = {
        "kind": type(running).__name__,
        "version": facts.VERSION,
        "places": {name: place for name, place in places.items() if name.split(".")[0] in OURS and place},
        "windows": board.display.windows,
    }
    print(json.dumps(told))


main()
