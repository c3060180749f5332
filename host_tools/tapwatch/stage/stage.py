"""Sets the stage: everything a payment needs, in one process, kept in one folder for the next time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Self

from tapwatch.acquiring.client import AcquirerClient
from tapwatch.bank.limits import Limits
from tapwatch.bank.service import Bank
from tapwatch.errors import UserError
from tapwatch.phone.bank_client import BankClient
from tapwatch.phone.memory import Memory
from tapwatch.phone.relay import Phone
from tapwatch.simulator.watch import SimulatedWatch
from tapwatch.stage.manufacturer import Manufacturer
from tapwatch.stage.pairing import over_bluetooth
from tapwatch.stage.traffic import Traffic
from tapwatch.stage.wearer import Wearer
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.scan import session
from tapwatch.terminal.session import TapSession
from tapwatch.terminal.state import TerminalState

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from tapwatch.simulator.options import WatchOptions
    from tapwatch.store.service import AppStore
    from tapwatch.terminal.receipt import Receipt
    from tapwatch.terminal.request import TapRequest
    from tapwatch.terminal.session import TapResult

LOOPBACK = "127.0.0.1"
PASSCODE = "246810"
CARDS = {"visa": "Harbour Blue", "mastercard": "Dune Amber"}
"""Card profiles of the stage, and what the cards are called."""
TRANSIT = {"closed-loop": "Metro Green"}
"""A card that can do express mode; for a watch whose wearer chooses, not for one that offers all it has."""
CONTACT = {"contact-test": "Contact Test"}
"""A card for tools that know contact cards only; on the watch where such tools can reach it."""
DEMO_PROGRAM = "board.simulator.demo_wallet"
"""The watch that keeps itself unlocked and armed."""
DEMO_LIMITS = Limits(per_day=100_000_000)
"""Of its cards: nobody who tries a terminal for a day runs into the limit of that day."""
_PCSC = "vpcd:"
CURRENCY = 156
"""CNY, ISO 4217."""
OPENING_MINOR = 1_000_000
SHOP = "Green Tea House"
"""A merchant who shows codes."""


class Stage:
    """Use it as an async context manager; `set_up` then brings the watch to the point where it can pay."""

    def __init__(self, folder: Path, options: WatchOptions, passcode: str = PASSCODE, bank_url: str = "") -> None:
        """Everything is kept in `folder`. `bank_url`: where watches find a new bank's mailbox. Raises UserError."""
        self._folder = folder
        self._cards = _cards_for(options)
        self._limits = DEMO_LIMITS if options.program == DEMO_PROGRAM else None
        self.manufacturer = Manufacturer(folder / "manufacturer")
        self.bank = self._open_bank(bank_url)
        self.watch = SimulatedWatch(folder / "watch", options)
        self.wearer = Wearer(self.watch, passcode)
        self.traffic = Traffic()
        """What the phone has carried over the air."""
        self._certificate = folder / "watch" / "certificate.cbor"
        self._shops = folder / "shops.json"
        self._exits = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Raises UserError; then whatever it had begun is ended, and the folder free for the next."""
        try:
            self._exits.push_async_callback(self.bank.stop)
            terminal_state = TerminalState(self._folder / "terminal.json")
            self._terminal_state = self._exits.enter_context(contextlib.closing(terminal_state))
            await self.bank.start()
            await self._exits.enter_async_context(self.watch)
            client = BankClient(f"http://{LOOPBACK}:{self.bank.http_port}")
            self._client = await self._exits.enter_async_context(client)
            self._memory = Memory.load(self._folder / "phone.json")
        except BaseException:
            await self._exits.aclose()
            raise
        self.phone = Phone(self.watch.message, self._client, self._memory)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exits.aclose()

    def app_store(self) -> AppStore:
        """The store beside the bank, made at the first time. Raises UserError."""
        from tapwatch.stage import app_store  # here: the packer behind it takes a while to import

        return app_store.opened(self.bank, self.manufacturer, self._folder / "store" / "keys")

    @property
    def issuer_keys(self) -> Path:
        """The file with the bank's issuer master keys, by profile: for people who recompute cryptograms."""
        return self._folder / "bank" / "keys" / "issuer-keys.json"

    async def set_up(self) -> None:
        """Certificate, clock, passcode, registration and cards: whatever is still missing."""
        await self.provision()
        await self.wearer.unlock()
        await self.provide()

    async def take_to_the_air(self) -> None:
        """From now on the phone speaks to the unlocked watch over Bluetooth, and not over USB."""
        carrier = await self._exits.enter_async_context(
            over_bluetooth(self.watch, self.wearer, self._folder / "phone", self.traffic)
        )
        self.phone = Phone(carrier.ask, self._client, self._memory)

    async def provide(self) -> None:
        """Registration, cards and notices, by the phone."""
        await self.refill(await self.register())
        await self.phone.deliver_notices()

    async def until_armed(self, seconds: float) -> None:
        """Wait, no longer than this, until a demo wallet offers all its cards."""
        with contextlib.suppress(UserError):
            await self.watch.wait_for(lambda now: now.get("access") == "armed" and self._has_cards(now), seconds)

    async def put_on(self, seconds: float) -> None:
        """The wearer puts it on, and waits no longer than this until the phone has brought all cards. Raises UserError.

        Somebody must look after the watch meanwhile (`companion`). A passcode that is not ours is tried once.
        """
        await self.watch.wait_for(lambda now: now["screen"] != "boot")
        await self.wearer.unlock()
        with contextlib.suppress(UserError):
            await self.watch.wait_for(self._has_cards, seconds)

    def _has_cards(self, state: dict) -> bool:
        there = {card["profile"] for card in state.get("cards", ()) if card["keys_left"]}
        return set(self._cards) <= there

    async def provision(self) -> None:
        """What a manufacturer gives a new watch: time, certificate, and a bank to trust. Nothing to one that has it."""
        hello = await self.phone.hello()
        if hello.provisioned:
            return
        await self.phone.set_clock(int(time.time()), time.localtime().tm_gmtoff // 60)
        certificate = self.manufacturer.certify(hello.identity, hello.secret_kind)
        self._certificate.write_bytes(certificate)
        await self.phone.provision(self.manufacturer.root.public, certificate)
        await self.phone.trust(self.bank.certificate)
        await self.watch.wait_for(lambda now: now["screen"] != "boot")

    async def register(self) -> bytes:
        """Make watch and bank known to each other, once a passcode is set. Returns the device id."""
        device_id = (await self.phone.hello()).device_id
        if not self._knows(device_id):
            await self.phone.register(self._certificate.read_bytes())
        return device_id

    async def bring_notices(self) -> None:
        """Carry the bank's notices to the watch, which takes them locked as well; none to a watch it does not know."""
        if self._knows((await self.phone.hello()).device_id):
            await self.phone.deliver_notices()

    async def refill(self, device_id: bytes) -> None:
        """Order missing cards, fetch keys for those that are new or want some, and bring card art."""
        issued = {token.profile: token.id for token in self.bank.tokens(device_id) if token.state == "active"}
        on_watch = {card.token_id: card for card in await self.phone.wallet()}
        for profile, label in self._cards.items():
            if profile not in issued:
                account = self.bank.open_account("Demo Wearer", CURRENCY, OPENING_MINOR)
                card_id = self.bank.order_card(account, profile, label)
                issued[profile] = self.bank.issue_token(card_id, device_id, self._limits)
            card = on_watch.get(issued[profile])
            if card is None or card.wants_refill:
                await self.phone.add_card(issued[profile])
        await self.phone.deliver_art()

    async def tap(self, request: TapRequest) -> TapResult:
        """Hold the watch to the terminal once. The terminal is a program of its own; it runs beside the event loop."""
        return await asyncio.to_thread(self._tap, request)

    def shop(self, name: str, currency: int = CURRENCY) -> int:
        """The account of a merchant at the bank, opened the first time."""
        accounts = json.loads(self._shops.read_text()) if self._shops.exists() else {}
        key = f"{name} {currency:03d}"
        if key not in accounts:
            accounts[key] = self.bank.open_merchant(name, currency)
            self._shops.write_text(json.dumps(accounts))
        return accounts[key]

    async def scan(self, text: str, request: TapRequest) -> Receipt:
        """Let the merchant's scanner read a code off the watch."""
        return await asyncio.to_thread(self._scan, text, request)

    def _knows(self, device_id: bytes) -> bool:
        registration = self._memory.registration
        return registration is not None and registration.device_id == device_id

    def _scan(self, text: str, request: TapRequest) -> Receipt:
        acquirer = AcquirerClient(LOOPBACK, self.bank.iso_port)
        return session.scan(text, request, acquirer, self._terminal_state)

    def _tap(self, request: TapRequest) -> TapResult:
        acquirer = AcquirerClient(LOOPBACK, self.bank.iso_port)
        return TapSession(open_reader(self.watch.nfc), acquirer, self._terminal_state).tap(request)

    def _open_bank(self, public_url: str) -> Bank:
        folder = self._folder / "bank"
        url = f"sqlite:///{folder / 'bank.db'}"
        if (folder / "keys").is_dir():
            return Bank(url, folder / "keys")
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return Bank.create(url, folder / "keys", self.manufacturer.root, public_url=public_url)
        except OSError as problem:
            raise UserError(f"The bank cannot be made in {folder}.", "Choose another folder.") from problem


def _cards_for(options: WatchOptions) -> dict[str, str]:
    """Which cards a watch gets, and what they are called."""
    cards = CARDS if options.program == DEMO_PROGRAM else CARDS | TRANSIT
    return cards | CONTACT if (options.nfc or "").startswith(_PCSC) else cards
