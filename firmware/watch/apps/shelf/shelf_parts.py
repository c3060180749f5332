"""What the shelf is made of, in the order in which one part needs the other."""

from micropython import const

from watch.apps.shelf.bundle_folder import BundleFolder
from watch.apps.shelf.developers import Developers
from watch.apps.shelf.installed import InstalledApps
from watch.apps.shelf.licences import Licences
from watch.apps.shelf.revocations import Revocations
from watch.apps.shelf.trust import Trust

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    from watch.apps.shelf.firmware_bundles import FirmwareBundles
    from watch.apps.shelf.intake import Intake
    from watch.apps.shelf.sealed_facts import SealedFacts

    class Identity(Protocol):
        """Who this watch is; `access.Identity`."""

        root: bytes
        device_id: bytes


class ShelfParts:
    """One watch's own."""

    def __init__(
        self,
        facts: "SealedFacts",
        firmware: "FirmwareBundles",
        folder: "Optional[str]",
        identity: "Identity",
        now_s: "Callable[[], int]",
    ) -> None:
        """`folder`: where the board keeps files, None without; `now_s`: security time."""
        self.facts, self.firmware = facts, firmware
        self.folder = BundleFolder(folder)
        self.apps = InstalledApps(facts)
        self.developers = Developers(facts)
        self.revocations = Revocations(facts, lambda: identity.root)
        self.licences = Licences(facts, lambda: identity.root, lambda: identity.device_id, now_s, self.revocations)
        self.trust = Trust(lambda: identity.root, now_s, self.revocations, self.developers)

    def intake(self) -> "Intake":
        """What checks a bundle that is to be installed. Loaded with the verifier when one is, which is not often."""
        from watch.apps.shelf.intake import Intake

        return Intake(self.firmware, self.apps, self.folder, self.facts, self.trust)
