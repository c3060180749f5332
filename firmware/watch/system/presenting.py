"""Payment codes for a merchant to scan, and merchants' codes to agree to."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.merchant_code import MerchantCode
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View


class Presenting:
    """Both ways of paying without a reader."""

    def __init__(self, view: "View", services: "Services", unlocking: "Unlocking") -> None:
        self._view = view
        self._services = services
        self._unlocking = unlocking

    def tick(self) -> None:
        """Let time pass."""

    def show(self, token_id: bytes) -> None:
        """Show payment codes of a card."""

    def ask(self, text: str) -> "MerchantCode":
        """Show a merchant's code and ask. Raises InputError, StateError."""
        return self._services.merchants.stage(text)

    def agree(self) -> bool:
        """The wearer pressed twice: pay the merchant's code on the screen. False if there is none."""
        return False
