"""Bluetooth: its pages in the settings, pairing from the choice of a role to its end."""

from tests.screens.settings_scenes import Shown, Thing, services
from tests.screens.sheet_scenes import LONG, RTL, nothing
from tests.screens.touches import touch
from watch.screens import pairing_open
from watch.services.inputs import clean
from watch.system.bluetooth_flow import BluetoothFlow
from watch.system.devices import Known
from watch.system.pairing_flow import PairingFlow

NAME = "Tapwatch 17d5"
"""As long as a watch's name is."""
FEW = (Known(0, "phone", "Pixel 9", True, True), Known(1, "tv", "客厅的电视", False, False))
MANY = (
    Known(0, "phone", "Pixel 9", True, False),
    Known(1, "phone", LONG, False, True),
    Known(2, "loader", "", False, True),
    Known(3, "terminal", clean(RTL, 192), False, False),
    Known(4, "tv", "Living room", False, True),
    Known(5, "terminal", "", False, False),
    Known(6, "loader", "Workbench", False, False),
    Known(7, "tv", "", False, False),
)


def _bluetooth(devices, may=True):
    desk = Thing(open=nothing, left_ms=lambda: 90_000)
    return Thing(
        present=True,
        changes=0,
        name=NAME,
        devices=Thing(known=lambda: list(devices), find=lambda number: devices[number]),
        may_pair=lambda: may,
        pairing=desk,
    )


def pages(ui, *touched, devices=FEW, page=0, **changed):
    """The pages of the settings after some touches, turned to a page."""
    shown = Shown(ui)
    BluetoothFlow(shown, services(**changed), _bluetooth(devices), nothing).open()
    for key in touched:
        touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


def pair(ui, *touched, page=0, may=True):
    """The choice of a role, or what comes after it."""
    shown = Shown(ui)
    PairingFlow(shown, services(), _bluetooth(FEW, may=may)).choose()
    for key in touched:
        touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


def failed(ui, reason):
    """Why there is no new device."""
    return pairing_open.failed(ui, reason, nothing)


def paired(ui, role, primary=False):
    """A new device."""
    return pairing_open.paired(ui, role, primary, nothing)


REASONS = ("timeout", "refused", "left", "method", "other-role", "storage", "full", "radio-off", "error")

SCENES = (
    ("bluetooth", pages),
    ("bluetooth-none", lambda ui: pages(ui, devices=(), radio="off")),
    ("bluetooth-none-2", lambda ui: pages(ui, devices=(), page=1, airplane=True)),
    ("bluetooth-many", lambda ui: pages(ui, devices=MANY)),
    ("bluetooth-many-2", lambda ui: pages(ui, devices=MANY, page=1)),
    ("bluetooth-many-3", lambda ui: pages(ui, devices=MANY, page=2)),
    ("bluetooth-many-4", lambda ui: pages(ui, devices=MANY, page=3, radio="connected")),
    ("bluetooth-modes", lambda ui: pages(ui, "mode")),
    ("bluetooth-modes-2", lambda ui: pages(ui, "mode", page=1)),
    ("device-main", lambda ui: pages(ui, "0")),
    ("device-main-away", lambda ui: pages(ui, "0", devices=MANY)),
    ("device-phone", lambda ui: pages(ui, "1", devices=MANY)),
    ("device-terminal", lambda ui: pages(ui, "3", devices=MANY)),
    ("device-forget", lambda ui: pages(ui, "0", "forget")),
    ("roles", pair),
    ("roles-2", lambda ui: pair(ui, page=1)),
    ("pair-open", lambda ui: pair(ui, "phone")),
    ("pair-open-loader", lambda ui: pair(ui, "loader")),
    ("pair-open-terminal", lambda ui: pair(ui, "terminal")),
    ("pair-open-tv", lambda ui: pair(ui, "tv")),
    ("pair-airplane", lambda ui: pair(ui, may=False)),
    ("paired", lambda ui: paired(ui, "phone", True)),
    ("paired-phone", lambda ui: paired(ui, "phone")),
    ("paired-loader", lambda ui: paired(ui, "loader")),
    ("paired-terminal", lambda ui: paired(ui, "terminal")),
    ("paired-tv", lambda ui: paired(ui, "tv")),
) + tuple([("pair-failed-" + reason, lambda ui, reason=reason: failed(ui, reason)) for reason in REASONS])
"""Name and builder of every picture."""
ODD = ("bluetooth-many-2", "bluetooth-many-3", "bluetooth-many-4", "device-terminal")
"""Pictures with characters that no font has."""
