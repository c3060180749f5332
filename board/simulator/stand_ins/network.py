"""MicroPython's `network`, for its unix port: the receiver of Wi-Fi, as far as it feeds the random generator."""

from board.simulator.esp32s3.hardware import current

STA_IF = 0


class WLAN:
    """The station. It never joins anything."""

    PM_NONE = 0

    def __init__(self, interface_id: int = STA_IF) -> None:
        self._hardware = current()

    def active(self, is_active: "bool | None" = None) -> bool:
        """Switch the receiver, or ask."""
        if is_active is not None:
            self._hardware.random_noise = bool(is_active)
        return self._hardware.random_noise

    def config(self, *, pm: int = PM_NONE) -> None:
        """Whether it sleeps between beacons."""
