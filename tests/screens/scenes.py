"""One scene per state of every screen, with the data of an ordinary day."""

from tests.screens import (
    app_scenes,
    bluetooth_scenes,
    code_scenes,
    daily_scenes,
    example_scenes,
    face_scenes,
    gamepad_scenes,
    message_scenes,
    news_scenes,
    note_scenes,
    phone_scenes,
    place_scenes,
    settings_scenes,
    sheet_scenes,
    tool_scenes,
    voice_scenes,
)
from tests.screens.app_scenes import CARD
from watch.screens import amount, message
from watch.screens.armed import ArmedScreen
from watch.screens.boot import BootScreen
from watch.screens.cards import CardEntry, CardsScreen
from watch.screens.marks import marked
from watch.screens.passcode import NewPasscodeScreen, UnlockScreen
from watch.screens.question import QuestionScreen
from watch.screens.ringing import RingingScreen
from watch.screens.rows import RowsScreen
from watch.ui.card_art import CardFace

CNY, EUR, JPY = 156, 978, 392
OTHER = CardFace("Travel", "0119", 0x5B8CFF)


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def face(ui, locked=False, card=CARD, upcoming="14:30  Dentist", percent=82):
    """The face on an ordinary day."""
    desk = app_scenes.Desk()
    glance = desk.glance
    glance.percent, glance.locked, glance.card, glance.upcoming = percent, locked, card, upcoming
    return app_scenes.face(ui, "digital", desk)


def typed(screen, digits: str):
    """A passcode screen with some digits entered."""
    for digit in digits:
        for _ in range(2):
            here = [target for target in screen.targets() if target[0] == digit]
            if here:
                break
            turn = next(target for target in screen.targets() if target[0] == "turn")
            screen.tap(turn[1], turn[2])
        screen.tap(here[0][1] + 5, here[0][2] + 5)
    return screen


def unlock(ui, digits="", left=0, wait=0):
    """The unlock screen, after a wrong code if `left` is set."""
    ui.set_accent(CARD.colour)
    screen = UnlockScreen(ui, nothing, nothing, lambda: wait)
    if left:
        screen.wrong(left)
    return typed(screen, digits)


def armed(ui, card=CARD, seconds=47, again=False):
    """Armed, some seconds in."""
    ui.set_accent(card.colour)
    return ArmedScreen(ui, card, lambda: seconds, nothing, nothing, again)


def without_nfc(ui):
    """Armed, on a watch that no reader finds."""
    ui.taps = False
    try:
        return armed(ui)
    finally:
        ui.taps = True


def developed(ui, build):
    """A screen that pays, on a watch with a developer's key."""
    ui.developer_mark = True
    try:
        return build(ui)
    finally:
        ui.developer_mark = False


def boot(ui, key, percent):
    """The boot screen, partly done."""
    screen = BootScreen(ui, key)
    screen.show(key, percent)
    return screen


def cards(ui, index=0, state="active", left=10):
    """The carousel."""
    entries = [CardEntry(CARD, state, left, True, False), CardEntry(OTHER, "expired", 0, False, False)]
    return CardsScreen(ui, entries, index, nothing, nothing)


def payments(ui, rows=None):
    """The history."""
    if rows is None:
        rows = (
            marked("3", "Green Tea House", "12.34 CNY · 22 Nov", what="approved"),
            marked("2", "Old Harbour Bookshop and Stationery", "980 JPY · 21 Nov", what="declined"),
            marked("1", ui.text.get("history.unnamed"), "2,340.00 EUR", what="sent"),
            marked("0", "Metro", "2.00 CNY", what="approved"),
        )
    return RowsScreen(ui, "history", ui.text.get("history.title"), rows, nothing, nothing, ui.text.get("history.empty"))


def menu(ui, *keys):
    """A menu of texts."""
    rows = [marked(key.split(".")[1], ui.text.get(key)) for key in keys]
    return RowsScreen(ui, "menu", ui.text.get("security.title"), rows, nothing, nothing)


SCENES = (
    (
        ("boot", lambda ui: boot(ui, "boot.starting", 40)),
        ("setup", lambda ui: boot(ui, "setup.do", 100)),
        ("face", face),
        ("face-locked", lambda ui: face(ui, True, OTHER)),
        ("face-empty", lambda ui: face(ui, False, None, "", 8)),
        ("passcode-new", lambda ui: NewPasscodeScreen(ui, nothing, nothing)),
        ("passcode", unlock),
        ("passcode-typed", lambda ui: unlock(ui, "1470")),
        ("passcode-full", lambda ui: unlock(ui, "12345678")),
        ("passcode-wrong", lambda ui: unlock(ui, "", 7)),
        ("passcode-last", lambda ui: unlock(ui, "", 1)),
        ("passcode-wait", lambda ui: unlock(ui, "", 0, 30)),
        ("no-card", lambda ui: message.no_card(ui, nothing)),
        ("armed", armed),
        ("armed-developer", lambda ui: developed(ui, armed)),
        ("cards-developer", lambda ui: developed(ui, cards)),
        ("armed-no-nfc", without_nfc),
        ("armed-blue", lambda ui: armed(ui, OTHER, 12)),
        ("confirm", lambda ui: amount.confirm(ui, 123450, CNY, nothing)),
        ("sent", lambda ui: amount.sent(ui, 1234, CNY, nothing)),
        ("approved", lambda ui: amount.approved(ui, 1234, CNY, "Green Tea House", nothing)),
        ("declined", lambda ui: amount.declined(ui, 98000, JPY, "Green Tea House", "51", nothing)),
        ("unlock-first", lambda ui: message.unlock_first(ui, nothing)),
        ("wiped", lambda ui: message.wiped(ui, "passcode", nothing)),
        ("torn", lambda ui: armed(ui, again=True)),
        ("cards", cards),
        ("cards-low", lambda ui: cards(ui, 0, "keys-low", 3)),
        ("cards-expired", lambda ui: cards(ui, 1)),
        ("history", payments),
        ("history-empty", lambda ui: payments(ui, ())),
        (
            "payment",
            lambda ui: amount.past(ui, 1234, CNY, "approved", "Green Tea House", nothing, nothing),
        ),
        (
            "security",
            lambda ui: menu(ui, "security.lock", "security.ask", "security.change", "security.wipe"),
        ),
        ("wipe", lambda ui: QuestionScreen(ui, "wipe", nothing, nothing)),
        ("alarm", lambda ui: RingingScreen(ui, "ringing.alarm", "7:30", "Flight to Beijing", nothing, nothing)),
        ("timer", lambda ui: RingingScreen(ui, "ringing.timer", "3:00", "Tea", nothing, None)),
        ("lost", lambda ui: message.lost(ui, "Please call 555 0142")),
        ("error", lambda ui: message.error(ui, "no-keys", nothing)),
    )
    + code_scenes.SCENES
    + face_scenes.SCENES
    + app_scenes.SCENES
    + settings_scenes.SCENES
    + sheet_scenes.SCENES
    + bluetooth_scenes.SCENES
    + note_scenes.SCENES
    + phone_scenes.SCENES
    + news_scenes.SCENES
    + tool_scenes.SCENES
    + voice_scenes.SCENES
    + daily_scenes.SCENES
    + gamepad_scenes.SCENES
    + message_scenes.SCENES
    + example_scenes.SCENES
    + place_scenes.SCENES
)
"""Name and builder of every picture."""
ODD = daily_scenes.ODD + message_scenes.ODD + bluetooth_scenes.ODD + sheet_scenes.ODD + ("pairing-terminal",)
"""Pictures with characters that no font has: they are boxes, and counted."""
