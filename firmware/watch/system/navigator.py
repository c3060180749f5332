"""Where one starts, what the side button does, and what the passing time changes. Flows have files of their own."""

from micropython import const

from watch.access import states
from watch.kernel.clock import MINUTES_1970_TO_2000
from watch.kernel.errors import WatchError
from watch.screens import message
from watch.screens.boot import BootScreen
from watch.system import light as lights
from watch.system.apps.apps import Apps
from watch.system.apps.background import Background
from watch.system.apps.care import AppCare
from watch.system.apps.developers import DevelopersFlow
from watch.system.apps.face_settings import FaceSettings
from watch.system.apps.glances import Glances
from watch.system.apps.install_flow import InstallFlow
from watch.system.apps.list import AppList
from watch.system.apps.payment_flow import AppPaymentFlow
from watch.system.arrivals import Arrivals
from watch.system.battery import BatteryNews
from watch.system.bluetooth_flow import BluetoothFlow
from watch.system.call_flow import CallFlow
from watch.system.card_faces import card_face
from watch.system.cards import Cards
from watch.system.consent import Consent
from watch.system.feel import Feel
from watch.system.looks import LOOKS, take_looks
from watch.system.notes import Notes
from watch.system.pairing_flow import PairingFlow
from watch.system.paying import Paying
from watch.system.presenting import Presenting
from watch.system.quick import Quick
from watch.system.radio import RADIO_SETTINGS
from watch.system.reminders import Reminders
from watch.system.security import Security
from watch.system.settings_flow import SettingsFlow
from watch.system.talk_flow import TalkFlow
from watch.system.terminals import Terminals
from watch.system.unlocking import Unlocking
from watch.system.updating.flow import UpdateFlow
from watch.system.view import TICK, View
from watch.system.voice.voice import Voice
from watch.system.wanted import Wanted
from watch.system.water import Water
from watch.system.way_flow import WayFlow
from watch.system.wipe_flow import WipeFlow

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Board
    from watch.kernel.log import Log
    from watch.payment.merchant_code import MerchantCode
    from watch.system.light import Light
    from watch.system.radio import Bluetooth
    from watch.system.services import Services
    from watch.system.taps import Taps
    from watch.system.unlocking import Spawn
    from watch.ui.context import Ui
    from watch.ui.screen import Screen
    from watch.ui.stack import Stack

_S_PER_MIN = const(60)
_LAST_LOOK_MS = const(1000)  # before a session ends by stillness: long enough for one tick of the screen task


class Navigator:
    """Holds the flows together. Screens only show and ask; decisions are made here and in the flows."""

    def __init__(
        self,
        ui: "Ui",
        stack: "Stack",
        services: "Services",
        board: "Board",
        spawn: "Spawn",
        wake: "Callable[[], None]",
        light: "Light",
        log: "Log",
        bluetooth: "Bluetooth",
    ) -> None:
        """Build on a stack and services.

        `spawn` starts a coroutine as a task; `wake` lets the screen task run soon.
        """
        self._ui = ui
        self._services = services
        self._power = board.power
        self._motion = board.motion
        self._wake = wake
        self._light = light
        self._bluetooth = bluetooth
        stack.listen(wake)
        feel = Feel(board.haptics, services.settings) if board.haptics is not None else None
        view = self._view = View(ui, stack, services.clock, light, feel)
        self._unlocking = Unlocking(view, services, spawn)
        self.paying = Paying(view, services, self._unlocking, self._show_active_card)
        """The witness of taps."""
        self._presenting = Presenting(view, services, self._unlocking)
        self._reminders = Reminders(view, services, light, wake)
        self.apps = Apps(view, services, log, self._swiped, self._unlocking, board.watchdog)
        self._care = AppCare(services, self.apps)
        self._app_payment_flow = AppPaymentFlow(view, services, self._presenting, self.apps.open, self.apps.mark_by_id)
        services.app_payments.listen(wake)
        self._background = Background(view, services, self.apps.runner, log)
        self._glances = Glances(self.apps.glance, services, self.apps.complications, board.motion is not None)
        notes = Notes(view, services, self._unlocking, self.apps.mark_by_id)
        self.voice = Voice(view, services, light, spawn, board, self.apps.open)
        """What listens while the side button is held."""
        self._ways = self._build_ways(board, notes)
        """Where a swipe on the face leads."""
        self._build_news(board, notes)
        self.install_flow = InstallFlow(view, services, self.apps, self._care, spawn, board.info.files)
        """What the messages about apps lead to."""
        self.update_flow = UpdateFlow(board, services, log)
        """What those about updates lead to."""
        self._terminals: "Optional[Terminals]" = None
        self._above: "Optional[Screen]" = None
        self._wipe_flow = WipeFlow(ui, services, spawn, self._say_above)
        self._open = False
        """The session was alive when the state changed last."""
        services.vault.listen(self._show_active_card)
        services.guard.listen(self._state_changed)

    def _build_news(self, board: "Board", notes: Notes) -> None:
        """The flows that begin by themselves: what the phone says, and the watch's own news."""
        view, services, light, wake = self._view, self._services, self._light, self._wake
        self._battery = BatteryNews(view, services.clock)
        self._consent = Consent(view, services, self._unlocking, board.power, wake)
        self._water = Water(view, services, light)
        self._arrivals = Arrivals(view, services, light, notes.read, self.apps.mark_by_id)
        self._calls = CallFlow(view, services, light, wake)
        self._talk = TalkFlow(view, services)
        self._way = WayFlow(view, services, wake)
        self._wanted = Wanted(view, services, lambda: self.apps.open("phone"))

    def _build_ways(self, board: "Board", notes: Notes) -> "dict[str, Callable[[], None]]":
        """The flows that begin on the face, by direction, and the ways between them. Voice gets those by word."""
        view, services = self._view, self._services
        cards = Cards(view, services, self._unlocking, self.paying, self._presenting)
        self._pairing = PairingFlow(view, services, self._bluetooth)
        self._devices = BluetoothFlow(view, services, self._bluetooth, self._pairing.choose)
        self.apps.arrange = FaceSettings(view, services, self.apps, board.motion is not None).open
        developers = DevelopersFlow(view, services, self._care, self._mark)
        security = Security(view, services, self._unlocking, self._lock, developers)
        places = {
            "security": security.open,
            "cards": cards.browse,
            "apps": AppList(view, self._care).open,
            "face": self.apps.arrange,
            "voice": self.voice.open,
        }
        places["bluetooth"] = self._devices.open
        settings = SettingsFlow(view, services, self._unlocking, board, places, self._setting_changed)
        places.update(notes=notes.open, settings=settings.open, lock=self._lock)
        self.voice.ways.update(payment=cards.show_default, wallet=cards.browse, balance=cards.balance)
        self.voice.ways.update(history=cards.payments, settings=settings.open)
        quick = Quick(view, services, places, self._setting_changed)
        return {"left": cards.browse, "right": cards.payments, "up": self.apps.launcher, "down": quick.open}

    def start(self) -> None:
        """Show the face, or what has to be done before there can be one."""
        self._show_active_card()
        self._update_status()
        take_looks(self._ui, self._services.settings)
        self.apps.start()
        state = self._services.guard.state
        if state in states.BARRED:
            self._state_changed(states.LOCKED, state)
        if state != states.WIPING:
            self._set_up()
            self.apps.own_up()

    def tick(self) -> None:
        """To be called at least once a second."""
        self._update_status()
        services = self._services
        if self._view.name == "boot" and services.identity.provisioned():
            self._set_up()
        if self._motion is not None and self._motion.moving():
            services.movements += 1
            services.guard.moved()
        if self._motion is not None and self._motion.raised():
            self._light.wake(lights.RAISE, locked=not services.guard.unlocked())
        services.guard.check_session()
        self.apps.foreign.tick()
        self.paying.tick()
        if self._terminals is not None:
            self._terminals.tick()
        self._presenting.tick()
        self._app_payment_flow.tick()
        self._background.tick()
        services.tag.tick()
        self._reminders.tick()
        self._calls.tick()
        self._talk.tick()
        self._way.tick()
        self._arrivals.tick()
        self._wanted.tick()
        self._consent.tick()
        self.install_flow.tick()
        self._bluetooth.tick()
        self._pairing.tick()
        self._devices.tick()
        if not services.wallet.armed:  # what it shows would cover an armed card, or the question about its amount
            self._battery.tick(self.apps.glance.percent, self.apps.glance.charging)
        self._water.tick()
        self.voice.tick()
        if self._view.name == "face":
            self._enter_express()
        if self._light.left_open() and self._view.name != "face" and services.guard.has_passcode():
            self._view.home()
        self._view.tick()
        self._light.tick()
        self.update_flow.tick()

    def wait_ms(self) -> int:
        """How long nothing needs a tick."""
        wait_ms = min(self._light.wait_ms(), self._reminders.rest_ms(), self._calls.rest_ms())
        wait_ms = min(wait_ms, self._services.offers.rest_ms())
        if not self._light.dark:
            wait_ms = min(wait_ms, self._view.top.tick_ms)
        if self._services.guard.unlocked():
            left_ms = self._services.guard.session_left_ms()
            # Once more just before the end: a wearer who has moved since the last look stays logged in.
            wait_ms = min(wait_ms, left_ms - _LAST_LOOK_MS if left_ms > _LAST_LOOK_MS else left_ms)
        return wait_ms

    def button(self, kind: str) -> None:
        """The side button: a double press pays from anywhere, holding it locks; else the screen decides."""
        if self._above is not None:
            return  # lost or wiped: there is nothing to do here
        if self._water.pressed(kind) or self.voice.pressed(kind):
            pass  # it told or ended water mode, or nobody listens any more
        elif kind == "double" and not self._services.wallet.armed:
            self._pay()
        elif kind == "long" and self._services.guard.unlocked():
            self._lock()
        elif self._view.name == "face":
            self.apps.unlock()
        else:
            self._view.top.button(kind)
        self._view.render()

    def held(self) -> bool:
        """The side button is held: True if the watch listens now, and holding it longer is what locks."""
        listens = self._above is None and self.voice.held()
        if listens:
            self._view.render()
        return listens

    def touched_deaf(self) -> None:
        """A finger was on a glass that does not listen."""
        self._water.touched()

    def notice(self, data: bytes) -> None:
        """A message signed by the bank. Raises what `Notices.receive` raises."""
        self.paying.notice(data)
        self._view.render()

    def merchant_code(self, text: str) -> "MerchantCode":
        """A merchant's code that the phone has read. Raises InputError, StateError."""
        code = self._presenting.ask(text)
        self._view.render()
        return code

    def serve_terminals(self, taps: "Taps", name_of: "Callable[[int], str]") -> Terminals:
        """The card of `taps` for terminals by Bluetooth. `name_of`: what the watch calls the device of a bond."""
        self._terminals = Terminals(self._view, self._services, taps, self.paying, name_of)
        return self._terminals

    def _pay(self) -> None:
        """A double press agrees to the merchant's code on the screen; otherwise it arms the card.

        What lies above all else gives way first: it would hide that the passcode is asked for.
        """
        if not self._presenting.agree():
            self._consent.give_way()
            self._reminders.give_way()
            self._calls.give_way()
            self.paying.pay()

    def _swiped(self, direction: str) -> None:
        way = self._ways.get(direction)
        if way is not None and self._services.guard.has_passcode():
            way()

    def _enter_express(self) -> None:
        try:
            self._services.express.enter()
        except WatchError as error:
            self._view.error(error.code)

    def _set_up(self) -> None:
        """Ask for what is still missing on a new watch: a manufacturer's certificate, then a passcode."""
        if not self._services.identity.provisioned():
            self._view.front(BootScreen(self._ui, "setup.do"))
        elif not self._services.guard.has_passcode():
            self._unlocking.first(self._set_up)
        else:
            self._view.home()

    def _update_status(self) -> None:
        services, status, time = self._services, self.apps.glance, self.apps.time
        time.minutes = services.local_minutes() - MINUTES_1970_TO_2000
        time.second = services.clock.display_s() % _S_PER_MIN
        status.percent = self._power.percent()
        charging = self._power.charging()
        if charging != status.charging:
            self._light.wake(lights.CHARGER)
        status.charging = charging
        services.guard.charger(status.charging)
        status.locked = not services.guard.unlocked()
        status.upcoming = self._reminders.upcoming()
        self._glances.tick()

    def _lock(self) -> None:
        """End the worn session by hand."""
        if self._services.guard.unlocked():
            self._view.play(TICK)
            self._services.guard.lock()

    def _state_changed(self, old: str, new: str) -> None:
        """Back to the face when a session ends; say above all else that the watch is lost or wiped."""
        self._light.hold("payment", new in states.PAYING)
        was_open, self._open = self._open, self._services.guard.unlocked()
        if was_open and not self._open and not self.apps.foreign.ends_session:
            self._view.home()
        self._say_above(None)
        if new == states.LOST:
            self._say_above(message.lost(self._ui, self._services.guard.lost() or ""))
        elif new == states.WIPING:
            self._services.art.tidy()
            self._wipe_flow.begin()

    def _say_above(self, screen: "Optional[Screen]") -> None:
        """Show this above all else, in the place of what was there; None for nothing more."""
        if self._above is not None:
            self._view.close(self._above)
        self._above = screen
        if screen is not None:
            self._view.home()
            self._view.modal(screen)

    def _setting_changed(self, name: str) -> None:
        """What the settings look like is taken over here; all else reads them when it needs them."""
        if name in RADIO_SETTINGS:
            self._bluetooth.follow()
        elif name == "utc_offset_min":
            self._services.clock_set(True)
        if name in LOOKS:
            take_looks(self._ui, self._services.settings)
            self.apps.start()

    def _mark(self) -> None:
        """A developer's key has gone."""
        self.install_flow.mark()

    def _show_active_card(self) -> None:
        token = self._services.wallet.active()
        self.apps.glance.card = None if token is None else card_face(self._services, token)
        if token is not None:
            self._ui.set_accent(token.accent)
        self._wake()
