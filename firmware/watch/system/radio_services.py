"""What devices find on the watch over Bluetooth: the services, wired to what they are about."""

from micropython import const

from watch.ble.exchange_service import ExchangeService
from watch.ble.payment_service import PaymentService
from watch.ble.standard import Battery, CurrentTime, DeviceInformation
from watch.ble.transfers import Transfers
from watch.exchange.permits import Desk
from watch.system.phone_radio import phone_link

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from board.ports import Board
    from watch.ble.gatt import Service
    from watch.exchange.messages import Exchange
    from watch.system.services import Services
    from watch.system.terminals import Terminals


class RadioServices:
    """Builds them; the stock image takes eight at most.

    Args:
        services: what they are about.
        board: its name, version and battery.
        exchange: answers messages of the bank.
        terminals: the card.
    """

    def __init__(self, services: "Services", board: "Board", exchange: "Exchange", terminals: "Terminals") -> None:
        clock, settings, power, info = services.clock, services.settings, board.power, board.info
        self._power = power
        self._exchange = ExchangeService(Transfers(clock.ticks_ms), Desk(exchange).answer, clock.ticks_ms)
        self._payment = PaymentService(terminals)
        self._phone = phone_link(services, info.version, lambda: (power.percent(), power.charging()))
        self._hid = services.hid
        self._battery = Battery(power.percent())
        self.offered: "tuple[Service, ...]" = (
            self._exchange,
            self._payment,
            self._phone,
            self._hid,
            self._battery,
            DeviceInformation(info.name, info.version),
            CurrentTime(clock, lambda: settings.get("utc_offset_min")),
        )
        """For `Bluetooth.offer`."""

    def tick(self) -> None:
        """To be called now and then: the battery drains. Devices hear of it only when it has."""
        self._battery.set(self._power.percent())
        self._phone.look()

    def bodies(self) -> "tuple[tuple[str, Callable[[], Any]], ...]":
        """Names and bodies of the tasks in which services work; without devices each of them sleeps."""
        return (
            ("token exchange", self._exchange.serve),
            ("terminals", self._payment.serve),
            ("phone hears", self._phone.hear),
            ("phone speaks", self._phone.speak),
            ("gamepad", self._hid.run),
        )
