"""What the watch knows of one app without opening its bundle."""

from micropython import const

STRIKES = const(3)
"""An app that has failed this often is off, until the wearer switches it on."""


class Shelved:
    """One app on the shelf."""

    def __init__(self, app: str, kind: str, level: str, maker: str) -> None:
        self.id, self.kind, self.level, self.maker = app, kind, level, maker
        self.strikes = 0
        """How often it has failed: since the last start if it came with the firmware, else since it was installed."""
        self.licensed = True
        """False if it was not bought for this watch."""

    @property
    def off(self) -> bool:
        """True if it has failed too often to run."""
        return self.strikes >= STRIKES
