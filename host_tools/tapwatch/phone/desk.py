"""One run of `tapwatch phone`: the watch over Bluetooth, the bank over HTTP, and what the phone remembers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Self

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.phone.bank_client import BankClient
from tapwatch.phone.ble import bleak_client
from tapwatch.phone.ble.bumble_host import BumbleHost
from tapwatch.phone.ble.gatt import ExchangePipe
from tapwatch.phone.carrier import Carrier
from tapwatch.phone.customer import CustomerDesk
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import Phone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tapwatch.phone.bank_client import Registration

    Compare = Callable[[str], Awaitable[bool]]

HCI = "hci:"
"""Begin of a `--watch` that names a Bluetooth controller and not a watch."""
_BOOK = "phone.json"


class PhoneDesk:
    """Use it as an async context manager. Nothing is connected before something is asked."""

    def __init__(self, watch: str, bank: str, folder: Path) -> None:
        """`watch`: `hci:tcp:HOST:PORT` for the watch at that controller, else its address or name for this computer's.

        Raises UserError.
        """
        if watch.startswith(HCI) and not watch.startswith(HCI + "tcp:"):
            raise UserError(f"{watch} is no controller.", "Give hci:tcp:HOST:PORT.", EXIT_USAGE)
        self._watch = watch
        self._folder = folder
        self._exits = contextlib.AsyncExitStack()
        self._host: BumbleHost | None = None
        self._carrier = Carrier(self._connect)
        self.bank = BankClient(bank)
        self._memory = Memory.load(folder / _BOOK)
        self.phone = Phone(self._carrier.ask, self.bank, self._memory)

    async def __aenter__(self) -> Self:
        await self._exits.enter_async_context(self.bank)
        self._exits.push_async_callback(self._carrier.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    async def pair(self, compare: Compare) -> None:
        """Pair, with `compare(digits)` asking whether the watch shows the same. Raises UserError."""
        if self._watch.startswith(HCI):
            await (await self.controller()).pair(compare)
        else:
            await (await bleak_client.connect(self._watch, pair=True)).close()

    async def registration(self) -> Registration:
        """Make the watch known to the bank unless it is. Raises UserError, for a new watch without manufacturer too."""
        known = self._memory.registration
        hello = await self.phone.hello()
        if known is not None and known.device_id == hello.device_id:
            return known
        if hello.certificate is None:
            raise UserError("The watch has no manufacturer's certificate.", "Provision it over USB first.")
        return await self.phone.register(hello.certificate)

    async def desk(self) -> CustomerDesk:
        """The bank's desk for this watch, which is made known first."""
        return CustomerDesk(self.bank, await self.registration())

    def known_desk(self) -> CustomerDesk:
        """The same without asking the watch, which may be far away. Raises UserError if the phone has none."""
        return CustomerDesk(self.bank, self.known())

    def known(self) -> Registration:
        """The watch as this phone knows it already. Raises UserError if it knows none."""
        if self._memory.registration is None:
            raise UserError("This phone has brought no watch to the bank yet.", "Add a card first.")
        return self._memory.registration

    async def _connect(self) -> ExchangePipe:
        if self._watch.startswith(HCI):
            return await ExchangePipe.open(await (await self.controller()).connect())
        return await ExchangePipe.open(await bleak_client.connect(self._watch))

    async def controller(self) -> BumbleHost:
        """The Bluetooth host of a `--watch hci:...`, started the first time. Raises UserError."""
        if self._host is None:
            host = BumbleHost(self._folder, self._watch.removeprefix(HCI))
            self._host = await self._exits.enter_async_context(host)
        return self._host
