"""A watch from its flash image: `micropython -m board.simulator.virtual_esp32 FLASH.bin BOARD [FD | usb]`.

Does what the ESP32 port does after power-up: mounts the partition `vfs` of the image at `/`, runs `/boot.py`, then
`main.py` of the folder it was left in. Chips are those of board/simulator/wiring/BOARD.py; machine code in the image
must be `x64`. The image file is the flash chip: what the watch writes is in it afterwards.

Without FD the watch runs for five seconds of its own time, as fast as it can, and what the panel shows then is written
to FLASH.bin.picture (big-endian RGB565, the whole panel), its state to the standard output. FD is the watch's end of a
host link (frames.py): the panel and the radio go out, fingers and the button come in; else the radio works, and nobody
hears it. With `usb` its time passes as ours, standard
input and output are its cable, and behind a `main.py` that returns there is a REPL (esp32s3/repl.py).
Exit status 1: it never came to `main.py`; 3: the watch wanted to start anew.
"""

import json
import sys

import vfs
from micropython import const

from board.simulator.esp32s3 import hardware as esp32s3
from board.simulator.esp32s3 import time_module
from board.simulator.esp32s3.flash import FlashChip
from board.simulator.esp32s3.idle import Idle
from board.simulator.esp32s3.paced import Paced
from board.simulator.esp32s3.partition import Partition
from board.simulator.esp32s3.picture import Picture
from board.simulator.esp32s3.repl import Repl
from board.simulator.radio.alone import put_on_air

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

NO_SYSTEM, RESTARTED = const(1), const(3)
USB = "usb"
_RUN_US = const(5_000_000)
_KEPT = ("machine", "esp32", "network", "bluetooth", "time")
"""Modules that the port has; all others come from the image or are frozen."""
_PATH = ("", ".frozen", "/lib")
"""`sys.path` of the port."""


def main(flash_path: str, board: str, link: str = "") -> int:
    """Be the watch to its end; the exit status. Raises OSError or ValueError for an image that has no file system.

    `link`: empty, the number of a file descriptor, or `usb`.
    """
    with open(flash_path, "r+b") as store:
        hardware = esp32s3.Hardware(FlashChip(store))
        esp32s3.install(hardware)
        time_module.install(real=bool(link))
        put_on_air(hardware.unique_id)
        wiring = __import__("board.simulator.wiring." + board, None, None, ("Wiring", "WIDTH"))
        if link == USB:
            picture = Picture(wiring.WIDTH, wiring.HEIGHT)
            wiring.Wiring(hardware, picture.show, picture.light, picture.dark).pmu.plug(True)
            return _on_cable(hardware)
        if link:
            from board.simulator.esp32s3.host import Host  # only here: it brings asyncio, and nobody else needs it

            with open(int(link), "r+b") as stream:
                host = Host(stream, hardware, wiring)
                hardware.sleep.serve = host.serve
                return _boot(Idle(hardware, host.pause), hardware)[0]
        hardware.end_us = _RUN_US
        glass = Picture(wiring.WIDTH, wiring.HEIGHT)
        wiring.Wiring(hardware, glass.show, glass.light, glass.dark)
        with open(flash_path + ".picture", "wb") as picture:
            status, names = _boot(Idle(hardware), hardware)
            picture.write(glass.pixels)
        _tell(hardware, glass, names)
        return status


def _on_cable(hardware: esp32s3.Hardware) -> int:
    """Standard input is the cable: it is waited for in real time, and a REPL answers once `main.py` has returned."""
    source: "Any" = sys.stdin.buffer
    hardware.sleep.serve = paced = Paced(hardware)
    status, names = _boot(Idle(hardware, paced), hardware)
    if status:
        return status
    try:
        Repl(names, source, sys.stdout.buffer).serve()
    except esp32s3.Restart:
        return RESTARTED
    return 0


def _boot(idle: Idle, hardware: esp32s3.Hardware) -> "tuple[int, dict[str, Any]]":
    """Run boot.py and main.py as the port does, in one name space."""
    for name in _KEPT:
        __import__(name)
    idle.install()
    for name in list(sys.modules):
        if name not in _KEPT and not name.startswith("asyncio"):
            del sys.modules[name]
    vfs.umount("/")
    partition: "Any" = Partition("vfs")
    vfs.mount(vfs.VfsLfs2(partition), "/")
    sys.path[:] = _PATH
    names: "dict[str, Any]" = {"__name__": "__main__"}
    try:
        for path in ("/boot.py", "main.py"):
            with open(path) as file:
                code = compile(file.read(), path, "exec")
            exec(code, names)  # noqa: S102 # as the port does
    except esp32s3.Restart:
        return (0 if hardware.over else RESTARTED), names
    except KeyboardInterrupt:
        return NO_SYSTEM, names
    return 0, names


def _tell(hardware: esp32s3.Hardware, glass: Picture, names: "dict[str, Any]") -> None:
    """One line of JSON about how it went."""
    board = names.get("board")
    state = {
        "findings": board.findings if board else None,
        "misuse": hardware.misuse,
        "light": glass.level,
        "dark": glass.is_dark,
        "ms": hardware.time.now_us // 1000,
    }
    print(json.dumps(state))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""))
