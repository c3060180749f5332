"""How a card looks on any screen."""

from micropython import const

from watch.ui.card_art import CardFace

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.token import Token
    from watch.system.services import Services


def card_face(services: "Services", token: "Token") -> CardFace:
    """Label, digits, colour, and the bank's picture if the watch has it."""
    return CardFace(token.label, token.last_four, token.accent, services.art.picture(token.art))
