"""The Bluetooth pages of the settings: how the watch connects, which devices it knows, what may be done with one."""

from micropython import const

from watch.screens.marks import marked
from watch.screens.question import QuestionScreen
from watch.screens.rows import CHOSEN, OFF, ON, PLAIN, Row, RowsScreen
from watch.system.view import SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.storage.settings import Value
    from watch.system.devices import Known
    from watch.system.radio import Bluetooth
    from watch.system.services import Services
    from watch.system.view import View

_MODES = ("connected", "windows", "off")
"""Of the setting `radio`, the one that brings most first."""
_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes

_TITLE_BYTES = const(18)  # a longer name has no room in a headline; the row that was touched shows more of it


class BluetoothFlow:
    """Needs an open watch, as all settings do. The list follows devices that come and go.

    Args:
        view: where the pages come up.
        services: the settings.
        bluetooth: what the pages are about.
        pair: shows the choice of a role for a new device.
    """

    def __init__(self, view: "View", services: "Services", bluetooth: "Bluetooth", pair: "Callable[[], None]") -> None:
        self._view, self._settings, self._bluetooth, self._pair = view, services.settings, bluetooth, pair
        self._list: "Optional[RowsScreen]" = None
        self._seen = -1

    def open(self) -> None:
        """Show the devices and the settings."""
        title = self._view.ui.text.get("bluetooth.title")
        self._seen = self._bluetooth.changes
        self._list = RowsScreen(self._view.ui, "bluetooth", title, self._rows(), self._choose, self._view.back)
        self._view.deeper(self._list)

    def tick(self) -> None:
        """To be called about once a second: a device may have come or gone."""
        if self._list is not None and self._seen != self._bluetooth.changes and self._view.top is self._list:
            self._show()

    def _show(self) -> None:
        if self._list is not None:
            self._seen = self._bluetooth.changes
            self._list.show(self._rows())

    def _rows(self) -> "list[Row]":
        """Devices first: they are what one comes for."""
        text, get = self._view.ui.text.get, self._settings.get
        rows = [
            marked(str(one.number), self._named(one), text("bluetooth." + _how(one)), what="role-" + one.role)
            for one in self._bluetooth.devices.known()
        ]
        if self._bluetooth.present:
            rows.append(marked("pair", text("bluetooth.pair")))
        mode = "off" if get("airplane") else get("radio")
        rows.append(marked("mode", text("bluetooth.mode"), text("value." + mode)))
        rows.append(marked("airplane", text("bluetooth.airplane"), mark=ON if get("airplane") else OFF))
        return rows

    def _named(self, device: "Known") -> str:
        """The device's own name, or what it is."""
        return device.name or self._view.ui.text.get("role." + device.role)

    def _choose(self, key: str) -> None:
        if key == "pair":
            self._pair()
        elif key == "mode":
            self._modes()
        elif key == "airplane":
            if self._set("airplane", not self._settings.get("airplane")):
                self._show()
        else:
            self._device(int(key))

    def _modes(self) -> None:
        text, now = self._view.ui.text.get, self._settings.get("radio")
        rows = [
            Row(mode, text("value." + mode), text("mode." + mode), mark=CHOSEN if mode == now else PLAIN)
            for mode in _MODES
        ]

        def choose(mode: str) -> None:
            if self._set("radio", mode):
                self._view.play(SUCCESS)
                self._view.back()
                self._show()

        self._view.deeper(RowsScreen(self._view.ui, "radio", text("bluetooth.mode"), rows, choose, self._view.back))

    def _device(self, number: int) -> None:
        """One device: the main phone or not, and the way to forget it."""
        device = self._bluetooth.devices.find(number)
        if device is None:
            self._show()
            return
        text = self._view.ui.text.get
        rows = [marked("forget", text("bluetooth.forget"))]
        if device.primary:
            rows.insert(0, marked("main", text("bluetooth.main"), text("bluetooth." + _presence(device))))
        elif device.role == "phone":
            rows.insert(0, marked("make-main", text("bluetooth.make-main"), text("bluetooth.make-main-about")))

        def choose(key: str) -> None:
            if key == "forget":
                self._ask_forget(number)
            elif key == "make-main" and self._view.done(lambda: self._bluetooth.devices.choose_primary(number)):
                self._view.play(SUCCESS)
                self._view.back()
                self._show()

        title = self._named(device)
        if len(title.encode()) > _TITLE_BYTES:
            title = text("role." + device.role)
        self._view.deeper(RowsScreen(self._view.ui, "device", title, rows, choose, self._view.back))

    def _ask_forget(self, number: int) -> None:
        def forget() -> None:
            # A touch that came too soon was meant for the row that lay where the button is now.
            if self._view.age_ms() >= _READ_MS and self._view.done(lambda: self._bluetooth.devices.forget(number)):
                self._view.play(SUCCESS)
                self._view.back()  # the question, then the page of a device that is no more
                self._view.back()
                self._show()

        self._view.deeper(QuestionScreen(self._view.ui, "unpair", forget, self._view.back))

    def _set(self, name: str, value: "Value") -> bool:
        done = self._view.done(lambda: self._settings.set(name, value))
        self._bluetooth.follow()
        return done


def _presence(device: "Known") -> str:
    """Key of the text that says whether it is here."""
    return "here" if device.connected else "away"


def _how(device: "Known") -> str:
    """Key of the text beneath a device in the list."""
    return ("main-" if device.primary else "") + _presence(device)
