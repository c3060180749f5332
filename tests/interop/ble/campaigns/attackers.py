"""Devices that pair in ways they should not: each is a session of Bumble's security manager with something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bumble import smp
from bumble.hci import HCI_LE_Enable_Encryption_Command
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.utils import AsyncRunner
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Callable

    from bumble.device import Device

IO = PairingDelegate.IoCapability
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
"""Prime of the curve, FIPS 186-4 section D.1.2.3."""
_KEY_BYTES = 32


class Delegate(PairingDelegate):
    """Who holds the device: `same` is what he says to the digits, `key_bytes` the longest key of the device."""

    def __init__(self, io: int = IO.DISPLAY_OUTPUT_AND_YES_NO_INPUT, same: bool = True, key_bytes: int = 16) -> None:
        super().__init__(PairingDelegate.IoCapability(io))
        self.maximum_encryption_key_size = key_bytes
        self._same = same

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Say what was decided before."""
        return self._same

    async def get_number(self) -> int | None:
        """Guess."""
        return 123456


def arm(
    device: Device, session: type[smp.Session] = smp.Session, delegate: Delegate | None = None, **config: bool
) -> None:
    """Let a device pair like this from now on. `config`: of PairingConfig."""
    holder = delegate or Delegate()
    device.smp_manager.session_proxy = session
    device.pairing_config_factory = lambda _: PairingConfig(**config, delegate=holder)


def with_point(choose: Callable[[smp.Session], tuple[bytes, bytes]], stubborn: bool = False) -> type[smp.Session]:
    """A device whose public key is `choose(session)`, least significant byte first.

    It knows no private key; `stubborn` goes on after a refusal, with a shared secret of no bytes, as if the watch had
    gone on too.
    """

    class Session(smp.Session):
        def send_public_key_command(self) -> None:
            x, y = choose(self)
            self.send_command(smp.SMP_Pairing_Public_Key_Command(public_key_x=x, public_key_y=y))

        def on_smp_pairing_failed_command(self, command: smp.SMP_Pairing_Failed_Command) -> None:
            if not stubborn:
                super().on_smp_pairing_failed_command(command)
                return
            self.r = bytes(16)
            self.send_pairing_random_command()
            super().on_smp_pairing_failed_command(command)

    return Session


def remembering() -> tuple[type[smp.Session], list[tuple[bytes, bytes]]]:
    """A device that writes down the public keys it is shown."""
    seen: list[tuple[bytes, bytes]] = []

    class Session(smp.Session):
        def on_smp_pairing_public_key_command(self, command: smp.SMP_Pairing_Public_Key_Command) -> None:
            seen.append((command.public_key_x, command.public_key_y))
            super().on_smp_pairing_public_key_command(command)

    return Session, seen


class Hasty(smp.Session):
    """Starts the encryption with the key that the digits have yet to prove, without a DHKey check."""

    def send_pairing_dhkey_check_command(self) -> None:
        """Encrypt instead."""
        command = HCI_LE_Enable_Encryption_Command(
            connection_handle=self.connection.handle,
            random_number=bytes(8),
            encrypted_diversifier=0,
            long_term_key=self.ltk,
        )
        AsyncRunner.spawn(self.manager.device.host.send_async_command(command))


class Flood(smp.Session):
    """Sends the request many times."""

    TIMES = 200

    def send_pairing_request_command(self) -> None:
        """Send it so often."""
        for _ in range(self.TIMES):
            super().send_pairing_request_command()


def leaving(at: int) -> tuple[type[smp.Session], list[int]]:
    """A device that hangs up before message number `at`, its own and the watch's counted from 1; and the count."""
    count = [0]

    class Session(smp.Session):
        def _goes(self) -> bool:
            count[0] += 1
            if count[0] == at:
                AsyncRunner.spawn(self.connection.disconnect())
            return count[0] >= at

        def send_command(self, command: smp.SMP_Command) -> None:
            if not self._goes():
                super().send_command(command)

        def on_smp_command(self, command: smp.SMP_Command) -> None:
            if not self._goes():
                super().on_smp_command(command)

    return Session, count


def points() -> dict[str, Callable[[smp.Session], tuple[bytes, bytes]]]:
    """Public keys that are none, by what is wrong with them."""
    own = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()

    def point(x: int, y: int) -> Callable[[smp.Session], tuple[bytes, bytes]]:
        return lambda _: (x.to_bytes(_KEY_BYTES, "little"), y.to_bytes(_KEY_BYTES, "little"))

    return {
        "no point": point(0, 0),
        "y is 0, of order 2 on another curve": point(own.x, 0),
        "beside the curve": point(own.x, own.y ^ 1),
        "x and y exchanged": point(own.y, own.x),
        "x beyond the prime": point(P + 5, own.y),
        "all ones": point(2**256 - 1, 2**256 - 1),
    }
