"""The watch's side of a pairing, with the checks that NimBLE's ble_sm.c has and Bumble's session lacks."""

from __future__ import annotations

from bumble import smp


class WatchSession(smp.Session):
    """Ends with its first failure, takes no public key that is its own, gives no key before both checks are done."""

    _begun = False
    """A request has come: the watch is never the one that asks."""
    _checked = False
    """Our DHKey check is on its way: the other side's was right, and the wearer has agreed."""

    def send_command(self, command: smp.SMP_Command) -> None:
        """Send; after the word that it failed the session is over. Bumble would go on after an error of its own."""
        super().send_command(command)
        if isinstance(command, smp.SMP_Pairing_Failed_Command):
            self.on_pairing_failure(command.reason)

    def on_smp_command(self, command: smp.SMP_Command) -> None:
        """Take a message, unless the session is over; what comes before a request belongs to none, and is left alone.

        Such is the other side's check that crosses the word that the pairing failed.
        """
        self._begun = self._begun or isinstance(command, smp.SMP_Pairing_Request_Command)
        if not self._begun:
            self.manager.on_session_end(self)
        elif not self.completed:
            super().on_smp_command(command)

    def on_smp_pairing_public_key_command(self, command: smp.SMP_Pairing_Public_Key_Command) -> None:
        """Core 5.4 vol. 3 part H section 2.3.5.6.1; points beside the curve are refused where they are used."""
        if command.public_key_x == self.ecc_key.x[::-1]:
            self.send_pairing_failed(smp.ErrorCode.INVALID_PARAMETERS)
        else:
            super().on_smp_pairing_public_key_command(command)

    def send_pairing_dhkey_check_command(self) -> None:
        """Both checks are done."""
        self._checked = True
        super().send_pairing_dhkey_check_command()

    def get_long_term_key(self, rand: bytes, ediv: int) -> bytes | None:
        """The key of Secure Connections only now; a central that starts the encryption early gets none."""
        if self.sc and not self._checked:
            return None
        return super().get_long_term_key(rand, ediv)
