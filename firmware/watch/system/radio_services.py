"""What devices find on the watch over Bluetooth: the services, wired to what they are about."""

from micropython import const

from watch.access import states
from watch.ble.exchange_service import ExchangeService
from watch.ble.payment_service import PaymentService
from watch.ble.standard import BY_REFERENCE, BY_WEARER, ZONE_CHANGED, Battery, CurrentTime, DeviceInformation
from watch.ble.transfers import Transfers
from watch.exchange.permits import Desk
from watch.system.phone_radio import phone_link
from watch.system.transfer_hold import TransferHold

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from board.ports import Board
    from watch.ble.gatt import Service
    from watch.exchange.messages import Exchange
    from watch.system.radio import Bluetooth
    from watch.system.services import Services
    from watch.system.terminals import Terminals


class RadioServices:
    """Builds them; the stock image takes eight at most.

    Args:
        services: what they are about.
        board: its name, version and battery.
        exchange: answers messages of the bank.
        terminals: the card.
        bluetooth: who is there, and for how long the radio is on.
    """

    def __init__(
        self,
        services: "Services",
        board: "Board",
        exchange: "Exchange",
        terminals: "Terminals",
        bluetooth: "Bluetooth",
    ) -> None:
        clock, settings, power, info = services.clock, services.settings, board.power, board.info
        self._power = power
        self._transfers = Transfers(clock.ticks_ms)
        self._exchange = ExchangeService(self._transfers, Desk(exchange).answer, clock.ticks_ms)
        self._hold = TransferHold(self._transfers, clock.ticks_ms, bluetooth.hold)
        self._payment = PaymentService(terminals)
        self._phone = phone_link(
            services, info.version, lambda: (power.percent(), power.charging()), bluetooth.tell_iphone
        )
        self._hid = services.hid
        self._battery = Battery(power.percent())
        self._time = CurrentTime(clock, lambda: settings.get("utc_offset_min"))
        services.clock_set = self._clock_set
        services.guard.listen(self._state_changed)
        self.offered: "tuple[Service, ...]" = (
            self._exchange,
            self._payment,
            self._phone,
            self._hid,
            self._battery,
            DeviceInformation(info.name, info.version),
            self._time,
        )
        """For `Bluetooth.offer`."""

    def tick(self) -> None:
        """To be called now and then: the battery drains. Devices hear of it only when it has."""
        self._battery.set(self._power.percent())
        self._phone.look()

    def _clock_set(self, by_wearer: bool) -> None:
        """Tell phones of the time that the watch has now."""
        self._time.changed(BY_WEARER | ZONE_CHANGED if by_wearer else BY_REFERENCE)

    def _state_changed(self, old: str, new: str) -> None:
        """A watch that erases itself holds no message of the bank any more."""
        if new == states.WIPING:
            self._transfers.clear()

    def bodies(self) -> "tuple[tuple[str, Callable[[], Any]], ...]":
        """Names and bodies of the tasks in which services work; without devices each of them sleeps."""
        return (
            ("token exchange", self._exchange.serve),
            ("transfer hold", self._hold.serve),
            ("terminals", self._payment.serve),
            ("phone hears", self._phone.hear),
            ("phone speaks", self._phone.speak),
            ("gamepad", self._hid.run),
        )
