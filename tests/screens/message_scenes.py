"""What happens seldom: every error in words, every reason of a bank, menus of cards, passcodes, texts of strangers."""

from tests.screens.settings_scenes import TOKEN, Shown, Thing
from tests.screens.touches import touch
from watch.screens import amount, message
from watch.screens.app_news import enrolled, installed
from watch.screens.armed import ArmedScreen
from watch.screens.cards import CardEntry, CardsScreen
from watch.screens.passcode import NewPasscodeScreen, ReplacePasscodeScreen, UnlockScreen
from watch.screens.ringing import RingingScreen
from watch.system.apps.care import AppCare
from watch.system.apps.developers import DevelopersFlow
from watch.system.cards import Cards
from watch.system.security import Security
from watch.ui.card_art import CardFace
from watch.ui.languages import en

CNY, EUR, KWD = 156, 978, 414
LONG = "The Greengrocer & Sons of Upper Market St"
RTL = "\u202e\u0645\u0637\u0639\u0645 \u0627\u0644\u0646\u064a\u0644\u202c\x1b[2J"
"""A right-to-left name with an order to turn the line round, and one to clear the screen."""
BROKEN = "\x00\u200b\U0001f600\ud7a3"
WIDE = "W" * 64


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def typed(screen, *codes):
    """A passcode screen with whole codes entered."""
    screen.shown = True
    for code in codes:
        for key in code + "\n":
            _press(screen, "done" if key == "\n" else key)
    return screen


def _press(screen, name):
    for _ in range(2):
        for label, x, y, w, h in screen.targets():
            if label == name:
                screen.tap(x + w // 2, y + h // 2)
                return
        _press(screen, "turn")


def card_menu(ui, express=None, chosen=None, codes=None, other=False):
    """The menu of a card."""
    token = Thing(token_id=TOKEN, label="Everyday Debit", last_four="4242", express=express)
    services = Thing(
        vault=Thing(find=lambda token_id: (0, Thing(token=token))),
        codes=Thing(codes_left=lambda token_id: codes),
        wallet=Thing(active=lambda: Thing(token_id=b"" if other else TOKEN)),
        express=Thing(chosen=lambda: chosen),
        guard=Thing(unlocked=lambda: True),
    )
    shown = Shown(ui)
    Cards(shown, services, None, None, None)._open(TOKEN)
    return shown.screen


def security(ui, units, *touched):
    """The security menu, after some touches."""
    services = Thing(
        guard=Thing(unlocked=lambda: True),
        wallet=Thing(own_limit=Thing(units=units)),
        tag=Thing(pairing=nothing),
    )
    shown = Shown(ui)
    Security(shown, services, Thing(change=nothing), nothing, Thing(open=nothing, count=lambda: 0)).open()
    for name in touched:
        touch(shown.screen, name)
    return shown.screen


def developers(ui, *touched, names=("Ada Meer", "W" * 40)):
    """Whom the watch trusts, after some touches. The first one has signed two apps."""
    keys = [Thing(name=name, public=b"", key_id=bytes((place, 0xB2) * 4)) for place, name in enumerate(names)]
    for one in keys:
        one.maker = one.key_id.hex()
    made = [Thing(id=app, level="developer", maker=keys[0].maker) for app in ("tides", "tally") if keys]
    shelf = Thing(developers=Thing(all=lambda: keys), installed=lambda: made)
    shown = Shown(ui)
    services = Thing(shelf=shelf)
    DevelopersFlow(shown, services, AppCare(services, nothing), nothing).open()
    for name in touched:
        touch(shown.screen, keys[0].maker if name == "first" else name)
    return shown.screen


def carousel(ui, face, state="active", left=10, express=False):
    """One card alone."""
    return CardsScreen(ui, [CardEntry(face, state, left, False, express)], 0, nothing, nothing)


def _named(prefix, build):
    """A scene for each text whose key begins like this."""
    keys = sorted(key[len(prefix) + 1 :] for key in en.TEXT if key.startswith(prefix + "."))
    return tuple((prefix + "-" + key, lambda ui, key=key: build(ui, key)) for key in keys if key not in _NO_CODES)


_NO_CODES = ("title", "do", "other")
"""Ends of keys that are no code of an error, nor of a bank."""

SCENES = (
    _named("error", lambda ui, code: message.error(ui, code, nothing))
    + _named("reason", lambda ui, code: amount.declined(ui, 1234, CNY, "Green Tea House", code, nothing))
    + (
        ("declined-unknown", lambda ui: amount.declined(ui, 1234, CNY, LONG, "ZZ", nothing)),
        ("wiped-asked", lambda ui: message.wiped(ui, "asked", None)),
        ("lost-silent", lambda ui: message.lost(ui, "")),
        ("water", message.water),
        ("passcode-changed", lambda ui: message.passcode_changed(ui, nothing)),
        ("not-paid", lambda ui: message.not_paid(ui, nothing)),
        ("stays-locked", lambda ui: message.stays_locked(ui, nothing)),
        ("passcode-repeat", lambda ui: typed(NewPasscodeScreen(ui, nothing, nothing), "1470")),
        ("passcode-differ", lambda ui: typed(NewPasscodeScreen(ui, nothing, nothing), "1470", "1471")),
        ("passcode-checking", lambda ui: typed(NewPasscodeScreen(ui, nothing, nothing), "1470", "1470")),
        ("passcode-old", lambda ui: UnlockScreen(ui, nothing, nothing, lambda: 0, "passcode.old")),
        ("passcode-replace", lambda ui: ReplacePasscodeScreen(ui, bytearray(b"1470"), nothing, nothing)),
        ("card-menu", card_menu),
        ("card-menu-codes", lambda ui: card_menu(ui, codes=47, other=True)),
        ("card-menu-express", lambda ui: card_menu(ui, express=1)),
        ("card-menu-chosen", lambda ui: card_menu(ui, express=1, chosen=TOKEN)),
        ("security-always", lambda ui: security(ui, 0)),
        ("security-card", lambda ui: security(ui, None)),
        ("developers", developers),
        ("developers-none", lambda ui: developers(ui, names=())),
        ("developer", lambda ui: developers(ui, "first")),
        ("developer-long", lambda ui: developers(ui, "first", names=("W" * 40,))),
        ("developer-dismiss", lambda ui: developers(ui, "first", "forget")),
        ("installed", lambda ui: installed(ui, "app", "Tides", nothing)),
        ("installed-face", lambda ui: installed(ui, "face", "W" * 24, nothing)),
        ("enrolled", lambda ui: enrolled(ui, nothing)),
        ("security-ask", lambda ui: security(ui, 50, "ask")),
        ("cards-suspended", lambda ui: carousel(ui, CardFace("Travel", "0119", 0x5B8CFF), "suspended")),
        ("cards-no-keys", lambda ui: carousel(ui, CardFace("Travel", "0119", 0x5B8CFF), "no-keys", 0)),
        ("cards-express", lambda ui: carousel(ui, CardFace("地铁卡", "0119", 0x32D26A), express=True)),
        ("cards-wide", lambda ui: carousel(ui, CardFace(WIDE, "0119", 0xFFFFFF))),
        ("cards-hostile", lambda ui: carousel(ui, CardFace(RTL, BROKEN, 0x000000))),
        ("armed-wide", lambda ui: ArmedScreen(ui, CardFace(WIDE, "9999", 0xFFFFFF), lambda: 60, nothing, nothing)),
        ("armed-hostile", lambda ui: ArmedScreen(ui, CardFace(RTL, BROKEN, 0), lambda: 0, nothing, nothing)),
        ("confirm-longest", lambda ui: amount.confirm(ui, 999_999_999_999, EUR, nothing)),
        ("confirm-thousandths", lambda ui: amount.confirm(ui, 999_999_999_999, KWD, nothing)),
        ("confirm-whole", lambda ui: amount.confirm(ui, 999_999_999_999, 392, nothing)),
        ("confirm-none", lambda ui: amount.confirm(ui, 0, 7, nothing)),
        ("approved-long", lambda ui: amount.approved(ui, 999_999_999_999, EUR, LONG[:40], nothing)),
        ("approved-hostile", lambda ui: amount.approved(ui, 1, KWD, RTL, nothing)),
        ("approved-broken", lambda ui: amount.approved(ui, 1234, CNY, BROKEN, nothing)),
        ("approved-unnamed", lambda ui: amount.approved(ui, 1234, CNY, "", nothing)),
        ("lost-hostile", lambda ui: message.lost(ui, RTL + WIDE)),
        ("alarm-long", lambda ui: RingingScreen(ui, "ringing.alarm", "23:59", WIDE, nothing, nothing)),
        ("alarm-hostile", lambda ui: RingingScreen(ui, "ringing.alarm", "0:00", RTL + BROKEN, nothing, nothing)),
    )
)
"""Name and builder of every picture."""
ODD = (
    "alarm-long",
    "cards-hostile",
    "armed-hostile",
    "approved-hostile",
    "approved-broken",
    "lost-hostile",
    "alarm-hostile",
)
"""Those with characters that no font has."""
