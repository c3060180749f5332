"""A payment that waits for its wearer: what came, what was read from it, and what the screen shows of it."""

from micropython import const

from watch.crypto.hashes import equal, sha256

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.payment.armed import ArmedCard
    from watch.screens.terminal_payment import TerminalPaymentSheet


class AskedPayment:
    """The command of a terminal, from the moment its amount is drawn to the press. The command itself lies elsewhere.

    Between showing and signing other tasks run. So nothing that is held here is taken on trust: `agreed` compares all
    of it, and the card reads the amount anew from the command.
    """

    def __init__(self, card: "ArmedCard", command: memoryview, sheet: "TerminalPaymentSheet", since_ms: int) -> None:
        """`sheet` shows what the card has read from `command`; `since_ms` is when it came up."""
        self.card, self.sheet, self.since_ms = card, sheet, since_ms
        self.asked = (card.outcome.amount, card.outcome.currency)
        self.device, self.terminal = sheet.drawn[:2]
        self.length = len(command)
        self._digest = sha256(command)

    def agreed(self, command: memoryview) -> bool:
        """True if `command` and all that was shown of it are what they were."""
        drawn = self.sheet.drawn
        same = equal(sha256(command), self._digest)
        return same and drawn == (self.device, self.terminal) + self.asked
