"""Builds every service that needs no screen, in the order in which they depend on each other."""

from micropython import const

from watch.access.device import DeviceKeys
from watch.access.guard import Guard
from watch.access.identity import Identity
from watch.access.lock import PasscodeLock
from watch.access.lost import LostMode
from watch.access.receipt_key import ReceiptKey
from watch.access.records import DeviceRecords
from watch.access.session import WornSession
from watch.crypto.random import Random
from watch.kernel.clock import Clock
from watch.kernel.loop import sleep_ms
from watch.payment.card import EmvCard
from watch.payment.codes import CodeBook, PaymentCodes
from watch.payment.express import Express
from watch.payment.history import History
from watch.payment.issuance import Issuance
from watch.payment.merchant_payment import MerchantPayments
from watch.payment.notices import Notices
from watch.payment.presented import PresentedCode
from watch.payment.vault import Vault
from watch.payment.wallet import Wallet
from watch.storage import records
from watch.storage.counters import Counter
from watch.storage.journal import Journal
from watch.storage.settings import Settings
from watch.system.art import CardArt
from watch.system.tag import Tag
from watch.ui.theme import LARGE_FROM_PX

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Board


class Services:
    """Everything the watch knows and may do, without a screen or a radio."""

    def __init__(self, board: "Board", wallet: "type[Wallet]" = Wallet) -> None:
        """Open the vault flash and load what is on it. `wallet`: the simulator's demo brings its own kind.

        Raises StorageError, EntropyError.
        """
        self.random = Random(board.entropy)
        self.random.seed()
        self.journal = Journal(board.flash)
        self.journal.mount()
        self.sealed = DeviceRecords(self.journal, DeviceKeys(board.secret), self.random)
        self.clock = Clock(board.clock, board.info.built_s, self.sealed.read(records.CLOCK_FLOOR))
        self.settings = Settings(self.journal)
        self._build_access(board)
        self._build_payment(wallet, board.secret.kind == "software")
        self._load()
        large = board.display.width >= LARGE_FROM_PX
        self.art = CardArt(board.info.files, large, self.wallet.tokens)
        self.art.tidy()  # a wipe that the power cut short has left the pictures
        self.tag = Tag(self, board.info.radio_address)

    def save_clock(self) -> None:
        """Keep the floor of security time for the next start. Raises StorageError."""
        self.sealed.write(records.CLOCK_FLOOR, list(self.clock.saved()))

    def unlocked(self) -> None:
        """What a correct passcode sets going: limits start anew, and what arrived while locked is opened."""
        self.vault.passcode_entered()
        self.open_kept()

    def open_kept(self) -> None:
        """Open packages that came while none could be installed; the bank's time in them is kept. Raises StorageError.

        Does nothing while none can be installed now either.
        """
        if self.issuance.open_kept():
            self.save_clock()

    def local_minutes(self) -> int:
        """Minutes since 1970 on the wearer's wall clock."""
        return self.clock.display_s() // 60 + self.settings.get("utc_offset_min")

    def _build_access(self, board: "Board") -> None:
        self.identity = Identity(self.sealed, self.random, self.clock)
        self.receipt_key = ReceiptKey(self.journal, self.sealed, self.random)
        tries = Counter(self.journal, records.TRIES)
        lock = PasscodeLock(self.journal, board.secret, self.random, self.clock, tries, _breathe)
        session = WornSession(DeviceKeys(board.secret), self.random, self.clock)
        self.guard = Guard(self.journal, lock, self.receipt_key, session, LostMode(self.sealed))

    def _build_payment(self, wallet: "type[Wallet]", allow_test_cards: bool) -> None:
        self.vault = Vault(self.journal, self.sealed, self.guard, self.random, self.clock, allow_test_cards)
        self.history = History(self.sealed)
        self.card = EmvCard(self.clock.display_s)
        self.wallet = wallet(self.guard, self.vault, self.history, self.sealed, self.card, self.clock)
        self.express = Express(self.guard, self.vault, self.history, self.sealed, self.card, self.clock)
        self.notices = Notices(self.sealed, self.identity, self.guard, self.vault, self.history, self.clock)
        book = CodeBook(self.journal, self.sealed, self.random)
        self.codes = PaymentCodes(book, self.vault, self.guard, self.clock)
        self.presented = PresentedCode(self.wallet, self.codes, self.random, self.clock)
        self.merchants = MerchantPayments(self.wallet, self.identity, self.clock)
        self.issuance = Issuance(
            self.journal,
            self.sealed,
            self.identity,
            self.receipt_key,
            self.guard,
            self.vault,
            self.random,
            self.clock,
            book,
        )

    def _load(self) -> None:
        self.guard.start()
        self.identity.load()
        self.vault.load()
        self.history.load()
        self.wallet.load()
        self.express.load()
        self.settings.load()


async def _breathe() -> None:
    """Let the other tasks run between slices of a long computation."""
    await sleep_ms(0)
