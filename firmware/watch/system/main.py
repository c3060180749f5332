"""The composition root: takes a board, builds everything, wires it, and runs the tasks."""

import asyncio

from micropython import const

from watch.access import states
from watch.exchange.mailbox import Mailbox
from watch.exchange.messages import Exchange
from watch.exchange.usb import UsbCarrier
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.log import Log
from watch.kernel.loop import Flag, deadline
from watch.kernel.rest import Pause
from watch.kernel.tasks import Supervisor
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router
from watch.nfc.session import FieldSession
from watch.payment.wallet import Wallet
from watch.screens.boot import BootScreen
from watch.system.answers import Answers
from watch.system.bank_post import BankPost
from watch.system.broken import BrokenWatch
from watch.system.describe import describe
from watch.system.diagnosis import Diagnosis
from watch.system.light import BUTTON, TOUCH, Light
from watch.system.navigator import Navigator
from watch.system.radio import Bluetooth
from watch.system.radio_services import RadioServices
from watch.system.services import Services
from watch.system.taps import Taps
from watch.ui.context import Ui
from watch.ui.gestures import Gestures
from watch.ui.presses import Presses
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Coroutine, Optional

    from board.ports import Board, Nfc

_UID_RANDOM = b"\x08"  # first byte of a UID that is drawn anew for each field, ISO/IEC 14443-3 section 6.5.4
_ATQA = b"\x04\x00"  # single-size UID, low byte first
_SAK = const(0x20)  # ISO/IEC 14443-4
_RADIO_TRIES = const(3)
"""How often the radio is switched again, a second apart, if that failed with a change of state; then it is broken."""
_BUSY_MS = const(50)  # while a finger or a button may still become a hold or a double press


class Watch:
    """The running watch. `card` is what a card link talks to; `run` ends only by an error."""

    def __init__(self, board: "Board", ui: "Ui", stack: "Stack", services: "Services") -> None:
        """Wire what `start` has built, and show the first screen."""
        self._board = board
        self._ui = ui
        self.stack = stack
        self.services = services
        self.phone = services.phone
        self.log = Log(self.services.clock)
        self.supervisor = Supervisor(self.services.clock, self.log, self._critical_failed)
        self._wake = Flag()
        self._ui.set_language(self.services.settings.get("language"))
        self.light = Light(board.display, board.touch, stack, services.clock, services.settings)
        self.bluetooth = Bluetooth(services, board, self.light.usage, self.log)
        self.navigator = Navigator(
            self._ui, stack, services, board, self._spawn, self._wake.set, self.light, self.log, self.bluetooth
        )
        self.services.guard.listen(self._state_changed)
        self._radio_services: "Optional[RadioServices]" = None
        self._mailbox: "Optional[Mailbox]" = None
        self._build_inputs()
        self._build_card()
        self._build_exchange()
        self.pause = Pause(board.rest, self._quiet)
        """What the loop does while every task waits."""
        self.navigator.start()
        self.stack.render()

    def describe(self) -> "dict[str, Any]":
        """What scripts and tests may know of the watch, without a secret. A lit panel shows it by then."""
        self.navigator.tick()
        return describe(self)

    async def run(self) -> None:
        """Run every task until one ends the watch."""
        tasks = self.supervisor
        tasks.start("screen", self._serve_screen, critical=True)
        if self._session is not None:
            tasks.start("nfc", self._session.serve, critical=True)
        if self._usb is not None:
            tasks.start("usb", self._usb.serve)
        if self._radio_services is not None:
            for name, body in self.bluetooth.bodies() + self._radio_services.bodies():
                tasks.start(name, body)
        if self._mailbox is not None:
            tasks.start("mailbox", self._mailbox.serve)
        for name, body in self.navigator.update_flow.bodies():
            tasks.start(name, body)
        try:
            await Flag().wait()  # nobody sets it: the tasks are the watch
        finally:
            await tasks.cancel_all()

    def _quiet(self) -> bool:
        """True while nobody looks, and neither radio serves anybody: Bluetooth does not survive the sleep."""
        reader = self._session is not None and self._session.in_field
        return self.light.dark and not self.bluetooth.on and not reader

    def _build_inputs(self) -> None:
        board, ticks_ms = self._board, self.services.clock.ticks_ms
        self._gestures = Gestures(self.stack, board.touch, self._ui, ticks_ms, ticks_diff)
        self._presses = Presses(board.buttons, self._pressed, ticks_ms, ticks_diff, self._second_pressed, self._held)
        for device in (board.touch, board.buttons, board.power):
            device.listen(self._wake.set)
        if board.motion is not None:
            board.motion.listen(self._wake.set)

    def _build_card(self) -> None:
        services, board = self.services, self._board
        ndef = NdefTag(services.tag.message)
        services.tag.listen(ndef.deselect)
        router = Router(services.card.applications + (ndef,))
        self.card = Taps(
            services.guard, services.wallet, services.express, services.card, router, self.navigator.paying
        )
        self._session = None
        self._radio_on, self._radio_tries = False, _RADIO_TRIES
        if board.nfc is not None:
            self._session = FieldSession(board.nfc, self.card, services.clock, self._tap_served)
            self.stack.interrupt_by(self._session.look_in)
            self._start_radio(board.nfc)

    def _start_radio(self, nfc: "Nfc") -> None:
        """Answer readers, unless the watch wipes itself. A chip that does not start leaves everything else to work."""
        if self._silent():
            return
        try:
            self._take_uid(nfc)
            self._radio_on, self._radio_tries = True, _RADIO_TRIES
        except OSError as error:
            self.log.fault("nfc", error)

    def _stop_radio(self, nfc: "Nfc") -> None:
        """Answer no reader. Raises OSError."""
        nfc.disarm()
        self._radio_on, self._radio_tries = False, _RADIO_TRIES

    def _follow_radio(self) -> None:
        """Do what could not be done when the state changed. The guard lets no foreign code run beside a radio."""
        nfc = self._board.nfc
        if nfc is None or self._radio_on != self._silent() or not self._radio_tries:
            return
        self._radio_tries -= 1
        if self._radio_on:
            self._stop_radio(nfc)
        else:
            self._start_radio(nfc)

    def _silent(self) -> bool:
        """True while no reader is to be answered."""
        return states.TABLE[self.services.guard.state].nfc == states.NFC_SILENT

    def _tap_served(self) -> None:
        """After each synchronous run of the radio; once the reader has gone the next one gets another UID."""
        if self._session is not None:
            self.light.usage.served("nfc", self._session.take_busy_ms())
        self.card.served()
        nfc = self._board.nfc
        if nfc is not None and not self._silent() and not nfc.field():
            self._take_uid(nfc)

    def _take_uid(self, nfc: "Nfc") -> None:
        nfc.arm(_UID_RANDOM + self.services.random.bytes(3), _ATQA, _SAK)

    def _build_exchange(self) -> None:
        board = self._board
        more = self.navigator.install_flow.handlers()
        more.update(self.navigator.update_flow.handlers())
        more.update(Diagnosis(board, self.services.clock).handlers())
        answers = Answers(board.info, board.secret.kind, self.services, self.navigator, more)
        exchange = Exchange(answers.handlers())
        self._usb = UsbCarrier(board.usb, exchange) if board.usb is not None else None
        if board.ble is not None:
            terminals = self.navigator.serve_terminals(self.card, self.bluetooth.devices.name_of)
            self._radio_services = RadioServices(self.services, board, exchange, terminals, self.bluetooth)
            self.bluetooth.offer(self._radio_services.offered)
            post = BankPost(self.services, exchange, self.bluetooth.devices.primary_here)
            self._mailbox = Mailbox(self.services.companion.web, post, self.services.clock.ticks_ms)

    async def _serve_screen(self) -> None:
        while True:
            started_us = self.services.clock.ticks_us()
            self._take_input()
            self.navigator.tick()
            self._follow_radio()
            if self._radio_services is not None:
                self._radio_services.tick()
            if self._mailbox is not None:
                self._mailbox.look()
            busy = self._gestures.busy or self._presses.busy
            self.light.usage.worked(self.stack.top.name, ticks_diff(self.services.clock.ticks_us(), started_us))
            try:
                await deadline(_BUSY_MS if busy else self.navigator.wait_ms(), self._wake.wait())
            except DeadlineError:
                continue  # nothing happened: look at the time again

    def _take_input(self) -> None:
        """Fingers and buttons; what finds the screen dark wakes it."""
        if self.light.deaf:
            if self._gestures.drop():
                self.light.wake(TOUCH)
                self.navigator.touched_deaf()
        else:
            self._gestures.poll()
            if self._gestures.busy:
                self.light.wake(TOUCH)
        self._presses.poll()
        if self._presses.busy:
            self.light.wake(BUTTON)

    def _pressed(self, kind: str) -> None:
        """A press of the side button."""
        self.light.wake(BUTTON)
        if self.light.pressed(kind):
            self.navigator.button(kind)

    def _held(self) -> bool:
        """The side button is held: the wearer may want to speak."""
        self.light.wake(BUTTON)
        listens = self.navigator.held()
        if listens:
            self.light.pressed("hold")  # it was more than a press that wakes, and the next one is another
        return listens

    def _second_pressed(self, down: bool) -> None:
        """The second button is for the app in front."""
        if not self.light.dark:
            self.stack.top.second_button(down)

    def _state_changed(self, old: str, new: str) -> None:
        """Silence the radio where the state says so; open what came while a card was armed; keep the time at a lock."""
        nfc = self._board.nfc
        if nfc is not None and states.TABLE[new].nfc == states.NFC_SILENT:
            self._stop_radio(nfc)
        elif nfc is not None and states.TABLE[old].nfc == states.NFC_SILENT:
            self._start_radio(nfc)
        if new == states.WORN and old != states.LOCKED:
            self._spawn(self._open_kept())
        elif new == states.LOCKED:
            self._spawn(self._save_clock())

    async def _save_clock(self) -> None:
        self.services.save_clock()

    async def _open_kept(self) -> None:
        self.services.open_kept()

    def _spawn(self, work: "Coroutine[Any, Any, None]") -> None:
        """Run something once beside the tasks; what it raises is logged."""
        asyncio.create_task(self._logged(work))

    async def _logged(self, work: "Coroutine[Any, Any, None]") -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001
            # Nobody awaits this task: the log is where its failure is seen.
            self.log.fault("navigator", error)

    def _critical_failed(self, name: str, error: Exception) -> None:
        """A critical task died: lock, so that nothing can be spent with the watch in an unknown state."""
        try:
            self.services.guard.lock()
        except Exception as failed:  # noqa: BLE001
            # It is locked and its keys are zeroed whatever a listener raised; the task must start again.
            self.log.fault("lock", failed)


def build(board: "Board", wallet: "type[Wallet]" = Wallet, kind: "type[Watch]" = Watch) -> "Watch | BrokenWatch":
    """Show the boot screen, then build the watch; or the one that says why there is none.

    The simulator's demo brings its own wallet and its own kind of watch.
    """
    test_mark = board.info.development or board.secret.kind == "software"
    ui = Ui(board.display, board.info.assets, test_mark=test_mark)
    ui.taps = board.info.taps
    brand = board.info.brand
    if brand is not None:
        ui.product = brand.product
        ui.set_accent(brand.accent)
    stack = Stack(ui, Renderer(ui, board.display), BootScreen(ui))
    stack.render()
    try:
        services = Services(board, wallet)
        if brand is not None:
            services.settings.prefer("language", brand.language)
    except WatchError as error:
        return BrokenWatch(board, ui, stack, error)
    return kind(board, ui, stack, services)


def start(board: "Board", options: "dict[str, Any]") -> "Watch | BrokenWatch":
    """The program of every board. `options` are for programs that need some; this one needs none."""
    return build(board)
