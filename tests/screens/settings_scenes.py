"""Settings, quick settings and receipts, as their flows build them."""

from tests.screens.touches import touch
from watch.payment.history import Payment
from watch.storage.settings import TABLE
from watch.system.quick import Quick
from watch.system.receipts import Receipts
from watch.system.settings_flow import SettingsFlow

TOKEN = b"token-01"
LONG = "The Greengrocer and Sons of Upper Market"


class Thing:
    """Has the attributes it is given."""

    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)


class Shown:
    """A view that keeps the screen that came up last."""

    def __init__(self, ui):
        self.ui = ui
        self.screen = None

    def front(self, screen):
        self.screen = screen

    deeper = result = result_above = front

    def done(self, work):
        """Nothing fails here."""
        work()
        return True

    def home(self):
        """Nowhere to go."""

    back = close_result = home


def services(**changed):
    """As much of the watch's services as these screens ask."""
    values = {name: default for name, default, _ in TABLE}
    values.update(changed)
    payments = [
        Payment([1, 1_795_341_900, TOKEN, 7, 1234, 156, "Green Tea House", "approved", "", ""]),
        Payment([2, 1_795_345_500, TOKEN, 8, 98000, 392, LONG, "declined", "51", ""]),
    ]
    token = Thing(token_id=TOKEN, label="Everyday Debit", last_four="4242")
    return Thing(
        settings=Thing(get=values.get),
        guard=Thing(unlocked=lambda: True, listen=lambda listener: None),
        tag=Thing(pairing=lambda on, name: None),
        identity=Thing(device_id=bytes.fromhex("C0FFEE42AB0117D5")),
        history=Thing(payments=payments),
        wallet=Thing(tokens=lambda: [token]),
        notifications=Thing(unread=3),
    )


def settings(ui, *touched, page=0, key_in="software", maker="", **changed):
    """The settings after some touches, turned to a page; `maker` is whoever has given the watch a brand."""
    brand = Thing(maker=maker) if maker else None
    info = Thing(version="0.4.0", name="lilygo_twatch_ultra", brand=brand)
    board = Thing(info=info, secret=Thing(kind=key_in), microphone=Thing())
    shown = Shown(ui)
    SettingsFlow(shown, services(**changed), None, board, {}, None).open()
    for key in touched:
        touch(shown.screen, key)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


def quick(ui, page=0, **changed):
    """The tiles."""
    shown = Shown(ui)
    Quick(shown, services(**changed), dict.fromkeys(("notes", "settings", "security", "lock")), None).open()
    for _ in range(page):
        shown.screen.swipe("left")
    return shown.screen


def receipt(ui, at=0, page=0, gone=False):
    """A receipt, the newest payment first. `gone`: the bank has taken the card away since."""
    shown, known = Shown(ui), services()
    if gone:
        known.wallet = Thing(tokens=list)
    rows = Receipts(shown, known).history(None)
    touch(rows, str(at))
    shown.screen.tap(5, 5)
    for _ in range(page):
        shown.screen.swipe("up")
    return shown.screen


SCENES = (
    ("settings", settings),
    ("settings-2", lambda ui: settings(ui, page=1)),
    ("settings-3", lambda ui: settings(ui, page=2)),
    ("settings-4", lambda ui: settings(ui, page=3)),
    ("settings-display", lambda ui: settings(ui, "display")),
    ("settings-display-2", lambda ui: settings(ui, "display", page=1, always_on=True)),
    ("settings-display-3", lambda ui: settings(ui, "display", page=2)),
    ("settings-display-4", lambda ui: settings(ui, "display", page=3)),
    ("settings-sound", lambda ui: settings(ui, "sound")),
    ("settings-phone", lambda ui: settings(ui, "phone")),
    ("settings-time", lambda ui: settings(ui, "time", utc_offset_min=480)),
    ("choices-language", lambda ui: settings(ui, "language")),
    ("choices-brightness", lambda ui: settings(ui, "display", "brightness_percent")),
    ("choices-name", lambda ui: settings(ui, "phone", "radio_name")),
    ("choices-zone", lambda ui: settings(ui, "time", "utc_offset_min", utc_offset_min=337)),
    ("about", lambda ui: settings(ui, "about")),
    ("about-maker", lambda ui: settings(ui, "about", maker="Uhrenwerkstatt 手表工坊")),
    ("about-2", lambda ui: settings(ui, "about", page=1)),
    ("about-3", lambda ui: settings(ui, "about", page=2)),
    ("about-sealed", lambda ui: settings(ui, "about", page=1, key_in="efuse")),
    ("quick", quick),
    ("quick-2", lambda ui: quick(ui, 1, silent=True, radio="off", water_mode=True)),
    ("quick-3", lambda ui: quick(ui, 2)),
    ("quick-airplane", lambda ui: quick(ui, 1, airplane=True)),
    ("receipt", receipt),
    ("receipt-2", lambda ui: receipt(ui, page=1)),
    ("receipt-approved", lambda ui: receipt(ui, 1)),
    ("receipt-gone", lambda ui: receipt(ui, page=1, gone=True)),
    ("receipt-3", lambda ui: receipt(ui, 1, 2)),
)
"""Name and builder of every picture."""
