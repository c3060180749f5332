"""Scenes of the screens with payment codes."""

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


def for_app(ui, payee, name, purpose, amount_minor=300):
    """An app asks to be paid."""
    asker = Asker(ui.text.get("merchant-code.app", name) + purpose, AppMark(icons.STORE, 0x3DDC84))
    return MerchantCodeScreen(ui, payee, amount_minor, 156, CARD, nothing, asker)


SCENES = (
    ("payment-code", payment_code),
    ("payment-code-bars", lambda ui: payment_code(ui, 1)),
    ("presented-code", presented),
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
