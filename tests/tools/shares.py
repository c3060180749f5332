"""How much processor time each part of the test run may take, and who takes it.

The shares are those of the speed target of the project: the whole run stays under ten minutes on two cores.
A test belongs to the share named by its marker `share`, else to the first row of PATHS that its path matches.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatch

LIMIT_S = {
    "unit": 60,
    "vectors": 60,
    "cuts and faults": 120,
    "NFC interop": 90,
    "BLE": 90,
    "browser": 60,
    "gallery": 90,
    "fuzz": 60,
    "mutants": 60,
    "boards": 60,
    "flash and update": 60,
    "store and keys": 60,
    "apps": 60,
    "voice": 75,
    "rules": 120,
    "system": 120,
}
"""Core-seconds per share.

Vectors are published ones and other libraries' answers. Boards are drivers over models of their chips, and whole boards
on virtual hardware. Flash and update are system images, and how they get onto a watch. The last two rows are lint and
types, and runs of whole programs or servers.
"""

NEARLY = 0.8
"""Part of a share from which on its dearest files are named."""
DEAREST = 6
"""How many are named."""

PATHS = (
    ("tests/interop/*ble*", "BLE"),
    ("tests/interop/*", "NFC interop"),
    ("tests/firmware/drivers/*pn532*", "NFC interop"),
    ("tests/firmware/drivers/upy_st25r3916_*", "NFC interop"),
    ("tests/*vector*", "vectors"),
    ("tests/*wycheproof*", "vectors"),
    ("tests/*cut*", "cuts and faults"),
    ("tests/*fault*", "cuts and faults"),
    ("tests/fuzz/*", "fuzz"),
    ("tests/mutants/*", "mutants"),
    ("tests/host/crypto/test_word_size.py", "vectors"),
    ("tests/host/crypto/test_public_key.py", "vectors"),
    ("tests/host/crypto/test_symmetric.py", "vectors"),
    ("tests/host/test_cli.py", "system"),
    ("tests/host/phone/test_relay.py", "system"),
    ("tests/host/bank/test_servers.py", "system"),
    ("tests/host/stage/*", "system"),
    ("tests/host/simulator/*", "system"),
    ("tests/host/bank/*postgresql*", "system"),
    ("tests/host/apps/test_almanac.py", "vectors"),
    ("tests/host/apps/test_calculator.py", "vectors"),
    ("tests/host/apps/test_loyalty_codes.py", "vectors"),
    ("tests/firmware/apps/upy_bundle.py", "vectors"),
    ("tests/firmware/apps/upy_bytecode_guards.py", "mutants"),
    ("tests/host/apps/test_bytecode_mutants.py", "mutants"),
    ("tests/firmware/apps/upy_faces.py", "gallery"),
    ("tests/host/terminal/*pcsc*", "NFC interop"),
    ("tests/host/terminal/*nfcpy*", "NFC interop"),
    ("tests/firmware/board/upy_i2c_bus.py", "boards"),
    ("tests/firmware/board/upy_power_parts.py", "boards"),
    ("tests/firmware/board/upy_motion*", "boards"),
    ("tests/firmware/drivers/upy_pdm_microphone.py", "voice"),
    ("tests/firmware/drivers/upy_speaker.py", "voice"),
    ("tests/firmware/drivers/*", "boards"),
    ("tests/firmware/board/upy_virtual*", "boards"),
    ("tests/firmware/board/*", "fuzz"),
    ("tests/*fuzz*", "fuzz"),
    ("tests/*/ble/*", "BLE"),
    ("tests/*browser*", "browser"),
    ("tests/screens/*", "gallery"),
    ("tests/firmware/screens/*", "gallery"),
    ("tests/host/update/test_end_to_end.py", "boards"),
    ("tests/*/update/*", "flash and update"),
    ("tests/host/flashing/test_virtual_esp32.py", "boards"),
    ("tests/host/flashing/test_other_boards.py", "boards"),
    ("tests/host/flashing/test_release_posture.py", "boards"),
    ("tests/host/flashing/test_boot_from_flash.py", "boards"),
    ("tests/host/device/test_bench.py", "boards"),
    ("tests/host/device/test_live_watch.py", "boards"),
    ("tests/*/flashing/*", "flash and update"),
    ("tests/host/images/*", "flash and update"),
    ("tests/host/device/*", "flash and update"),
    ("tests/*/apps/*", "apps"),
    ("tests/host/store/*", "store and keys"),
    ("tests/host/signing/*", "store and keys"),
    ("tests/*/voice/*", "voice"),
    ("tests/rules/*", "rules"),
    ("tests/system/*", "system"),
    ("tests/power/*", "system"),
    ("tests/firmware/system/*", "system"),
    ("tests/bench/*", "system"),
    ("*", "unit"),
)


@dataclass
class Share:
    """Time used by one share."""

    tests: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    files: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Processor time by test file."""


def share_of(path: str, marker: "str | None" = None) -> str:
    """Name of the share a test belongs to. Raises KeyError for a marker that names none."""
    if marker is not None:
        if marker not in LIMIT_S:
            raise KeyError(f"no time share is called {marker!r}; there are {', '.join(LIMIT_S)}")
        return marker
    return next(name for pattern, name in PATHS if fnmatch(path, pattern))


class Ledger:
    """Adds up the time of every test by share."""

    def __init__(self, limit_s: "dict[str, int]" = LIMIT_S) -> None:
        """Start with nothing used."""
        self._limit_s = limit_s
        self._used: dict[str, Share] = defaultdict(Share)

    def add(self, name: str, path: str, cpu_s: float, wall_s: float) -> None:
        """Count one test of the file `path`."""
        share = self._used[name]
        share.files[path] += cpu_s
        share.tests += 1
        share.cpu_s += cpu_s
        share.wall_s += wall_s

    def exceeded(self) -> list[str]:
        """Shares that used more processor time than they may."""
        return [name for name, share in self._used.items() if share.cpu_s > self._limit_s[name]]

    def table(self) -> list[str]:
        """One printable line per share in use."""
        lines = [f"{'share':<18}{'tests':>7}{'core s':>9}{'limit':>7}{'used':>7}{'wall s':>9}"]
        for name, limit in self._limit_s.items():
            if name in self._used:
                share = self._used[name]
                part = f"{100 * share.cpu_s / limit:.0f} %"
                lines.append(f"{name:<18}{share.tests:>7}{share.cpu_s:>9.1f}{limit:>7}{part:>7}{share.wall_s:>9.1f}")
        return lines

    def dearest(self) -> list[str]:
        """One printable line per file that takes much of a share that is nearly used up."""
        return [
            f"{name:<18}{cpu_s:>9.1f} core s  {path}"
            for name, limit in self._limit_s.items()
            if name in self._used and self._used[name].cpu_s > NEARLY * limit
            for path, cpu_s in sorted(self._used[name].files.items(), key=lambda pair: -pair[1])[:DEAREST]
        ]
