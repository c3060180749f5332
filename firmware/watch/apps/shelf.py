"""All apps of the watch: those of its firmware and those that were installed."""

from micropython import const

from watch.apps.firmware_bundles import FirmwareBundles
from watch.apps.shelved import SYSTEM, SYSTEM_MAKER, Shelved
from watch.kernel.errors import AppError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.bundle import Bundle
    from watch.apps.manifest import Manifest


class Shelf:
    """Finds, opens, installs and removes apps."""

    def __init__(self, firmware: FirmwareBundles) -> None:
        self._firmware = firmware
        self._strikes: "dict[str, int]" = {}

    @property
    def system(self) -> "tuple[str, ...]":
        """Ids of the apps of the firmware, in the order of the launcher, then of its faces."""
        return self._firmware.ids

    def all(self) -> "list[Shelved]":
        """Every app; those of the firmware first."""
        return [self._of_firmware(app) for app in self.system]

    def find(self, app: str) -> "Optional[Shelved]":
        """One app, or None if there is none of this id."""
        return self._of_firmware(app) if app in self.system else None

    def manifest(self, app: str) -> "Manifest":
        """What an app says of itself, for lists: its file is read, and not checked. Raises AppError, CorruptError."""
        if app not in self.system:
            raise AppError("there is no app " + app)
        return self._firmware.peek(app).manifest

    def open(self, app: str) -> "Bundle":
        """A bundle that may run: compared with what was checked, or checked now. Raises AppError, StorageError."""
        if app not in self.system:
            raise AppError("there is no app " + app)
        return self._firmware.open(app)

    def strike(self, app: str) -> int:
        """Count a failure; how many there were."""
        self._strikes[app] = self._strikes.get(app, 0) + 1
        return self._strikes[app]

    def pardon(self, app: str) -> None:
        """Forget the failures of an app."""
        self._strikes.pop(app, None)

    def _of_firmware(self, app: str) -> "Shelved":
        bundle = self._firmware.peek(app)
        found = Shelved(app, bundle.manifest.kind, SYSTEM, SYSTEM_MAKER)
        found.version, found.bytes = bundle.manifest.version, bundle.size
        found.strikes = self._strikes.get(app, 0)
        return found
