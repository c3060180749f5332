"""Scenes of the screens with payment codes."""

from watch.screens.amount_entry import AmountEntryScreen
from watch.screens.merchant_code import Asker, MerchantCodeScreen
from watch.screens.payment_code import PaymentCodeScreen, PresentedCodeScreen
from watch.ui import icons
from watch.ui.app_mark import AppMark
from watch.ui.card_art import CardFace

CARD = CardFace("Everyday Debit", "4242", 0xFF6B4A)
DIGITS = "281234567800123456"
CPM = (
    "hQVDUFYwMWEZTwegAAAAAxAQUAlURVNUIFZJU0FihlcPR2FzkAEBABDTASIBAAAPXzQBAZ8ZBgQAEAMCc58kHTVUVFRUVFRUVFRUVFRUVFRUVFRU"
    "VFRUVFRUVFSfJQIAEGRAnyYIESIzRFVmd4ifJwGAnxAgH0MBUaQAAAAAAAAAAAZDEAEAAAAAAAAAAAAAAAAAAACfNgIAAZ83BKGyw9SCAgAA"
)
"""As long as a card's payload gets."""


LONG_NAME = "The Greengrocer & Sons of Upper Market St"


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def payment_code(ui, page=0, left_s=47):
    """Some seconds in, on one of its pages."""
    ui.set_accent(CARD.colour)
    screen = PaymentCodeScreen(ui, CARD, DIGITS, 0, nothing, nothing, nothing)
    screen.tick((60 - left_s) * 1000)
    for _ in range(page):
        screen.swipe("left")
    return screen


def presented(ui):
    """Just made."""
    ui.set_accent(CARD.colour)
    return PresentedCodeScreen(ui, CARD, CPM, 0, nothing, nothing)


def entry(ui, amount_minor=0, name="Green Tea House", currency=156, page=0, more=False):
    """So much was entered; `more`: and one digit too many."""
    screen = AmountEntryScreen(ui, name, currency, nothing, nothing)
    for digit in str(amount_minor) if amount_minor else "":
        screen._add(int(digit))
    if more:
        screen._add(1)
    if page:
        screen._turn()
    return screen


def for_app(ui, payee, name, purpose, amount_minor=300):
    """An app asks to be paid."""
    asker = Asker(ui.text.get("merchant-code.app", name) + purpose, AppMark(icons.STORE, 0x3DDC84))
    return MerchantCodeScreen(ui, payee, amount_minor, 156, CARD, nothing, asker)


SCENES = (
    ("payment-code", payment_code),
    ("payment-code-bars", lambda ui: payment_code(ui, 1)),
    ("presented-code", presented),
    ("merchant-amount", entry),
    ("merchant-amount-entered", lambda ui: entry(ui, 3580)),
    ("merchant-amount-turned", lambda ui: entry(ui, 128050, page=1)),
    ("merchant-amount-yen", lambda ui: entry(ui, 98000, "Schwarzwald Spielefabrik", 392)),
    ("merchant-amount-most", lambda ui: entry(ui, 999999999999, LONG_NAME, 978, more=True)),
    ("merchant-amount-long", lambda ui: entry(ui, 1250, LONG_NAME, 414)),
    ("merchant-amount-han", lambda ui: entry(ui, 1250, "醇香麒麟茶馆（西湖店）")),
    ("merchant-code", lambda ui: MerchantCodeScreen(ui, "Green Tea House", 123450, 156, CARD, nothing)),
    ("merchant-code-app", lambda ui: for_app(ui, "Green Tea House", "Tea Garden", "20 golden leaves")),
    (
        "merchant-code-app-long",
        lambda ui: for_app(ui, "Schwarzwald Spielefabrik", "Gardener of Tea", "25 golden leaves a day", 123450),
    ),
    ("merchant-code-app-han", lambda ui: for_app(ui, "醇香麒麟茶馆", "茶园", "二十片金叶子")),
    ("merchant-code-long", lambda ui: MerchantCodeScreen(ui, LONG_NAME, 98000, 392, CARD, nothing)),
    ("merchant-code-han", lambda ui: MerchantCodeScreen(ui, "醇香麒麟茶馆（西湖店）", 123450, 156, CARD, nothing)),
    ("merchant-code-cyrillic", lambda ui: MerchantCodeScreen(ui, "Чайный дом №5", 98000, 978, CARD, nothing)),
    ("merchant-code-greek", lambda ui: MerchantCodeScreen(ui, "Καφενείο Ωδή", 1250, 978, CARD, nothing)),
)
