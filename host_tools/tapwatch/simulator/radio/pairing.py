"""How the watch pairs: its wearer answers through the firmware, and what came of it is judged by the method."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble import smp
from bumble.pairing import PairingConfig, PairingDelegate

INPUT, DISPLAY, NUMERIC_COMPARISON = 2, 3, 4
"""Actions of MicroPython's passkey event: BLE_SM_IOACT_INPUT, _DISP and _NUMCMP of NimBLE."""
_ANSWER_S = 30.0
"""Longest wait for the wearer: the timeout of the security manager, Core 5.4 vol. 3 part H section 3.4."""
_KEY_SIZE_AT = 4
"""Place of the maximum key size in a pairing request or response, Core 5.4 vol. 3 part H section 3.5.1."""

Ask = Callable[[int, int], Awaitable[int]]
"""(action, passkey) to what the firmware answers."""


@dataclass(frozen=True)
class Security:
    """What the firmware configured."""

    bond: bool = False
    mitm: bool = False
    le_secure: bool = False
    io: int = PairingDelegate.NO_OUTPUT_NO_INPUT

    def config(self, delegate: PairingDelegate) -> PairingConfig:
        """The same in Bumble's words."""
        kind = PairingConfig.AddressType.RANDOM
        return PairingConfig(self.le_secure, self.mitm, self.bond, delegate, kind)


class WatchDelegate(PairingDelegate):
    """Brings the questions of a pairing to the firmware."""

    def __init__(self, io: int, before: Callable[[], Awaitable[None]], ask: Ask) -> None:
        """`before` is awaited when a pairing begins."""
        super().__init__(PairingDelegate.IoCapability(io))
        self._before = before
        self._ask = ask

    async def accept(self) -> bool:
        """NimBLE takes every request; the firmware closes links that it does not want."""
        await self._before()
        return True

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Both sides show the number."""
        return await self._answer(NUMERIC_COMPARISON, number) == 1

    async def get_number(self) -> int | None:
        """The other side shows a passkey."""
        return await self._answer(INPUT, 0)

    async def generate_passkey(self) -> int:
        """The watch shows a passkey, which the firmware draws."""
        return await self._answer(DISPLAY, 0) or 0

    async def _answer(self, action: int, number: int) -> int | None:
        try:
            async with asyncio.timeout(_ANSWER_S):
                return await self._ask(action, number)
        except TimeoutError:
            return None


def authenticated(session: smp.Session) -> bool:
    """True if the method of this pairing keeps a third party out, whatever Bumble says of the link."""
    return session.pairing_method in (smp.PairingMethod.NUMERIC_COMPARISON, smp.PairingMethod.PASSKEY)


def key_bytes(session: smp.Session) -> int:
    """Length of the key that both sides agreed on."""
    request, response = session.preq or b"", session.pres or b""
    return min(request[_KEY_SIZE_AT], response[_KEY_SIZE_AT])
