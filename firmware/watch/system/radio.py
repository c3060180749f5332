"""Bluetooth as the rest of the watch knows it: whether the radio is on, for whom, and what that costs."""

from micropython import const

from watch.access import states
from watch.ble.advertising import name_of
from watch.ble.radio import Radio
from watch.ble.roles import TERMINAL, TV
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError, WatchError
from watch.kernel.loop import Flag, deadline
from watch.services.news import News
from watch.system.devices import Devices
from watch.system.greetings import Greetings
from watch.system.iphone import iphone
from watch.system.pairing_desk import PAIRED, PairingDesk
from watch.system.radio_plan import OFF, PAIRING, WINDOWS, RadioPlan

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Board
    from watch.ble.apple import Apple
    from watch.ble.gatt import Service
    from watch.kernel.log import Log
    from watch.kernel.power import Usage
    from watch.system.services import Services

OWNER = "bluetooth"
"""Who has used the radio, in the account of power."""
RADIO_SETTINGS = ("radio", "airplane", "radio_name")
"""Settings that `Bluetooth.follow` looks at."""
_GAMEPAD = "gamepad"
"""Who holds the radio while the wearer plays."""
_TERMINALS = "terminals"
"""Who holds the radio while a card is armed."""
_AGAIN_MS = const(60_000)
_AGAIN_MOST_MS = const(3_600_000)
"""A chip that did not start is tried again after a minute, then after twice as long each time, an hour at most."""


class Bluetooth(News):
    """Follows settings, state and time. `changes` counts devices that come, go, are renamed or forgotten."""

    def __init__(self, services: "Services", board: "Board", usage: "Usage", log: "Log") -> None:
        """The radio is off, and stays so on a board without one."""
        super().__init__()
        self._services, self._board, self._usage, self._log = services, board, usage, log
        self._bonds = services.bonds
        self.devices = Devices(services.bonds, self._changed)
        """Who may come."""
        self.plan = RadioPlan(services.clock, services.settings, services.guard, board.power.charging)
        self.pairing: "Optional[PairingDesk]" = None
        """Lets new devices in; None without a radio."""
        self._radio: "Optional[Radio]" = None
        self._iphone: "Optional[Apple]" = None
        self._news = Flag()
        self._again_ms = 0
        """Since the latest try, which failed, so long nobody tries again; 0 if it did not fail."""
        self._tried_ms = self._since_ms = 0
        self._asked = services.outbox.changes
        services.guard.listen(self._state_changed)
        if self._bonds.damaged:
            log.warning(OWNER, "damaged bonds left out", self._bonds.damaged)
        if self._bonds.identity_damaged:
            log.warning(OWNER, "identity key damaged: every device has to pair again")

    @property
    def present(self) -> bool:
        """True on a board with a radio."""
        return self._radio is not None

    @property
    def on(self) -> bool:
        """True while the radio is on."""
        return self._radio is not None and self._radio.on

    @property
    def name(self) -> str:
        """What other devices show when they look for the watch."""
        return name_of(self._board.info.radio_address or bytes(6), self._services.settings.get("radio_name") != "own")

    def offer(self, offered: "tuple[Service, ...]") -> None:
        """What devices find on the watch; once, before the tasks start. Nothing without a radio."""
        ble = self._board.ble
        if ble is None:
            return
        services = self._services
        self._radio = self.devices.radio = Radio(ble, self._bonds, services.clock, self._log, offered, self.name)
        self._radio.listen(self._links_changed)
        self._iphone = iphone(self._radio, services.phone, self._log)
        services.hid.paired = lambda: self.devices.have(TV)
        services.hid.hold = lambda on: self.hold(_GAMEPAD, on)
        self._greetings = Greetings(self._radio, services, self._log)
        self.pairing = PairingDesk(self._radio, services.offers, services.clock, self._hold_for_pairing)

    def bodies(self) -> "tuple[tuple[str, Callable[[], Any]], ...]":
        """Names and bodies of the tasks it needs."""
        if self._radio is None or self._iphone is None or self.pairing is None:
            return ()
        return (
            ("radio", self._radio.serve),
            ("radio plan", self.serve),
            ("iphone", self._iphone.serve),
            ("greetings", self._greetings.serve),
            ("pairing", self.pairing.serve),
        )

    async def serve(self) -> None:
        """A task: switch the radio on and off when it is time."""
        while True:
            self._hold_for_terminals()
            self._switch()
            try:
                await deadline(self._again_in_ms() or self.plan.wait_ms(), self._news.wait())
            except DeadlineError:
                continue  # a window opens or closes, or it is time for another try

    def tick(self) -> None:
        """To be called about once a second while somebody looks: what the wearer wants of the phone opens a window."""
        asked = self._services.outbox.changes
        if asked != self._asked and not self._services.phone.connected:
            self.plan.open_window()
        self._asked = asked
        if self.plan.on() != self.on and not self._again_in_ms():
            self._news.set()

    def follow(self) -> None:
        """A setting has changed: a chip that did not start is tried at once."""
        self._rename()
        self._switch(True)
        self._news.set()

    def may_pair(self) -> bool:
        """True if the wearer may let a new device in now."""
        return self.present and self.plan.may_pair()

    def tell_iphone(self, message: "dict[str, Any]") -> bool:
        """Do on an iPhone what the wearer wants of the phone. False if none is there that can."""
        return self._iphone is not None and self._iphone.take(message)

    def hold(self, owner: str, on: bool) -> None:
        """The owner needs the radio beyond its window, or no longer; saying it twice changes nothing."""
        if self.plan.locks.holds(owner) != on:
            (self.plan.locks.acquire if on else self.plan.locks.release)(owner)
            self._switch(on)
            self._news.set()

    def describe(self) -> "dict[str, Any]":
        """For scripts: no secret and no address."""
        self._account()
        settings, radio = self._services.settings, self._radio
        return {
            "mode": settings.get("radio"),
            "airplane": settings.get("airplane"),
            "on": self.on,
            "advertising": radio is not None and radio.advertiser.advertising,
            "name": self.name,
            "pairing": self.pairing.role if self.pairing is not None else "",
            "held_ms": self.plan.locks.held_ms(),
            "bonds": self.devices.describe(),
        }

    def _hold_for_terminals(self) -> None:
        """An armed card is for terminals too, if the watch knows any: the radio stays on for as long.

        A window follows: what ends an arming is also an answer, and the terminal has to hear it.
        """
        locks, paying = self.plan.locks, self._services.guard.state in states.PAYING
        wanted = paying and self.devices.have(TERMINAL)
        if wanted != locks.holds(_TERMINALS):
            (locks.acquire if wanted else locks.release)(_TERMINALS)
            if not wanted:
                self.plan.open_window()

    def _hold_for_pairing(self, on: bool) -> None:
        """The radio goes on for whoever may pair, and has to stay on for whoever has."""
        if not on and self.pairing is not None and self.pairing.outcome == PAIRED:
            self._switched_on_by_pairing()
            self.plan.open_window()
        self.hold(PAIRING, on)

    def _switched_on_by_pairing(self) -> None:
        """Whoever pairs a device wants it to be able to come back."""
        settings = self._services.settings
        if settings.get("radio") == OFF:
            try:
                settings.set("radio", WINDOWS)
            except WatchError as error:  # it is paired all the same, and the wearer can switch it on
                self._log.fault(OWNER, error)

    def _again_in_ms(self) -> int:
        """How long nobody tries again to switch the radio; 0 if that may be now. Ticks that go back end it."""
        passed_ms = ticks_diff(self._services.clock.ticks_ms(), self._tried_ms)
        return self._again_ms - passed_ms if 0 <= passed_ms < self._again_ms else 0

    def _switch(self, now: bool = False) -> None:
        """Bring the radio to what the plan wants. Raises nothing: a chip that fails is tried again.

        `now`: somebody wants it who should not wait for that.
        """
        radio = self._radio
        if radio is None:
            return
        wanted = self.plan.on()
        radio.advertiser.want(wanted and bool(self.plan.served()))
        if wanted == radio.on:
            self._send_away()
        elif now or not wanted or not self._again_in_ms():
            self._account()
            self._try(radio, wanted)
            self._since_ms = self._services.clock.ticks_ms()

    def _try(self, radio: Radio, on: bool) -> None:
        """Switch it. The log has a line when that begins to fail and one when it works again, not one for each try."""
        self._tried_ms = self._services.clock.ticks_ms()
        try:
            (radio.start if on else radio.stop)()
        except OSError as error:
            if not self._again_ms:
                self._log.error(OWNER, "does not start" if on else "does not stop", error.errno or 0)
            self._again_ms = min(2 * self._again_ms, _AGAIN_MOST_MS) or _AGAIN_MS
            return
        if self._again_ms:
            self._again_ms = 0
            self._log.info(OWNER, "works again")

    def _send_away(self) -> None:
        """Devices whose role is not served in this state have to go."""
        radio, served = self._radio, self.plan.served()
        if radio is not None:
            for link in radio.links:
                if link.role not in served and not self.plan.locks.holds(PAIRING):
                    link.close()
            radio.wake()

    def _rename(self) -> None:
        """The wearer may want another name."""
        radio, name = self._radio, self.name
        if radio is not None and radio.advertiser.name != name:
            try:
                radio.advertiser.rename(name)
            except OSError as error:
                self._log.fault(OWNER, error)

    def _account(self) -> None:
        """Write down how long the radio has been on."""
        now_ms = self._services.clock.ticks_ms()
        if self.on:
            self._usage.aired(OWNER, ticks_diff(now_ms, self._since_ms))
        self._since_ms = now_ms

    def _links_changed(self) -> None:
        """Called by the radio's task."""
        self._send_away()
        self._changed()

    def _state_changed(self, old: str, new: str) -> None:
        """A watch that wipes itself is silent at once and knows nobody. Any other state is the task's matter.

        A reader's command may have changed the state, and its answer is due: between armed and tapping nothing is done.
        """
        if new == states.WIPING:
            self._switch()
            self._bonds.clear()
            self._changed()
        if not (old in states.PAYING and new in states.PAYING):
            self._news.set()
