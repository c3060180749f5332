"""Builds every service that needs no screen, in the order in which they depend on each other."""

from micropython import const

from watch.access import states
from watch.access.device import DeviceKeys
from watch.access.guard import Guard
from watch.access.identity import Identity
from watch.access.lock import PasscodeLock
from watch.access.lost import LostMode
from watch.access.receipt_key import ReceiptKey
from watch.access.records import DeviceRecords
from watch.access.session import WornSession
from watch.apps.app_log import AppLog
from watch.apps.shelf.file_tree import emptied
from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.apps.shelf.firmware_bundles import FirmwareBundles
from watch.apps.shelf.sealed_facts import SealedFacts
from watch.apps.shelf.shelf import Shelf
from watch.apps.shelf.shelf_parts import ShelfParts
from watch.ble.bonds import Bonds
from watch.ble.hid.service import HidService
from watch.crypto.random import Random
from watch.kernel.clock import MINUTES_1970_TO_2000, Clock
from watch.kernel.errors import WriteError
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
from watch.services.activity import Activity
from watch.services.alarms import Alarms
from watch.services.calendar import Calendar
from watch.services.companion import Companion
from watch.services.find_phone import FindPhone
from watch.services.loyalty import Loyalty
from watch.services.music import Music
from watch.services.notifications import Notifications
from watch.services.offers import Offers
from watch.services.outbox import Outbox
from watch.services.phone import Phone
from watch.services.timers import Timers
from watch.services.update_news import UpdateNews
from watch.services.weather import Weather
from watch.storage import records
from watch.storage.counters import Counter
from watch.storage.journal import Journal
from watch.storage.settings import Settings
from watch.system.apps.budgets import Written, budgets
from watch.system.apps.marks import Marks
from watch.system.apps.payment_records import AppPaymentRecords
from watch.system.apps.payments import AppPayments
from watch.system.art import CardArt
from watch.system.tag import Tag
from watch.system.voice.recorded import Recorded
from watch.system.wiping import Wiping
from watch.ui.theme import LARGE_FROM_PX
from watch.update.files import Places, remove

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Board

_MINUTE_MS = const(60_000)
_DAY_MIN = const(1440)
_LONGEST_REST_MS = const(86_400_000)  # security time and the steps of a chip want a look now and then


class Services:
    """Everything the watch knows and may do, without a screen or a radio."""

    def __init__(self, board: "Board", wallet: "type[Wallet]" = Wallet) -> None:
        """Open the vault flash and load what is on it. `wallet`: the simulator's demo brings its own kind.

        Raises StorageError, EntropyError.
        """
        self.random = Random(board.entropy, board.info.radio_address or b"")
        self.random.seed()
        self.journal = Journal(board.flash)
        self.journal.mount()
        self.sealed = DeviceRecords(self.journal, DeviceKeys(board.secret), self.random)
        self.clock = Clock(board.clock, board.info.built_s, self.sealed.read(records.CLOCK_FLOOR))
        self.settings = Settings(self.journal)
        self._build_access(board)
        self._build_payment(wallet, board.secret.kind == "software")
        self._build_shelf(board)
        self._motion = board.motion
        self.clock_set: "Callable[[bool], None]" = _nobody
        """Called when the wall clock says something else: True if the wearer has chosen another zone, else a device."""
        self._build_known()
        self._build_for_apps(board)
        self._slots = board.info.slots
        self.wiping = Wiping(board.free_blocks, self.guard, self._delete_files)
        self._load()
        large = board.display.width >= LARGE_FROM_PX
        self.art = CardArt(board.info.files, large, self.wallet.tokens)
        self.art.tidy()  # a wipe that the power cut short has left the pictures
        self.shelf.tidy()  # and apps; or an installation was cut short
        self.tag = Tag(self, board.info.radio_address)

    def acceleration(self, into: "list[int]") -> bool:
        """Store how the watch is held, as `ports.Motion.acceleration`; False if it cannot know. Allocates nothing."""
        return self._motion is not None and self._motion.acceleration(into)

    @property
    def counts_steps(self) -> bool:
        """True if the board has a step counter."""
        return self._motion is not None

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

    def set_clock(self, unix_s: int, offset_min: int) -> None:
        """Set the wall clock, as a phone or computer says it. Raises InputError, StorageError."""
        self.clock.set_display(unix_s)
        self.settings.set("utc_offset_min", offset_min)
        self.save_clock()
        self.clock_set(False)

    def set_goal(self, steps: int) -> None:
        """Take what the wearer wants to walk each day. Raises InputError, StorageError; then nothing changes."""
        self.settings.set("steps_goal", steps)
        self.activity.goal = steps

    def local_minutes(self) -> int:
        """Minutes since 1970 on the wearer's wall clock."""
        return self.clock.display_s() // 60 + self.settings.get("utc_offset_min")

    def _offset_min(self) -> int:
        return self.settings.get("utc_offset_min")

    def tick(self) -> None:
        """Let what the watch knows follow the time. To be called once a second while the watch is looked at."""
        self.notifications.tick()
        self.find_phone.tick()
        self.calendar.forget_past(self.clock.display_s() // 60)
        if self._motion is not None and self.guard.state != states.WIPING:  # whose steps would be written down?
            steps = self._motion.steps()
            self.activity.update(self.local_minutes(), steps)
            self.companion.feed.count(steps)
        self.companion.tick()
        if self.guard.state == states.WIPING:
            self.shelf.clear()  # after the vault, which goes first

    def rest_ms(self) -> int:
        """How long the watch may sleep before an alarm or a timer must ring, or the phone be quiet; a day at most."""
        rest_ms = _LONGEST_REST_MS
        if self.find_phone.ringing:
            rest_ms = self.find_phone.left_ms()
        timer_ms = self.timers.next_due_ms()
        if 0 <= timer_ms < rest_ms:
            rest_ms = timer_ms
        for other_ms in (self.companion.rest_ms(), self.app_marks.rest_ms(self.clock.display_s() % 60 * 1000)):
            if 0 <= other_ms < rest_ms:
                rest_ms = other_ms
        now = self.local_minutes()
        alarm = self.alarms.next_due(now)
        if 0 <= alarm < now + _LONGEST_REST_MS // _MINUTE_MS:
            alarm_ms = (alarm - now) * _MINUTE_MS - self.clock.display_s() % 60 * 1000
            rest_ms = min(rest_ms, max(0, alarm_ms))
        return rest_ms

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

    def _build_shelf(self, board: "Board") -> None:
        facts, info = SealedFacts(self.journal, self.sealed), board.info
        firmware = FirmwareBundles(info.apps, APPS, FACES, facts)
        self.shelf = Shelf(ShelfParts(facts, firmware, info.files, self.identity, self.clock.security_s))
        self.identity.expect_not_void = self.shelf.expect_valid

    def _build_known(self) -> None:
        self.outbox = Outbox()
        self.notifications = Notifications(self.clock, self.outbox)
        self.alarms = Alarms(self.journal)
        self.timers = Timers(self.clock)
        self.weather = Weather(self.clock)
        self.music = Music(self.clock, self.outbox)
        self.calendar = Calendar(self.outbox)
        self.find_phone = FindPhone(self.clock, self.outbox)
        self.activity = Activity(self.journal)
        self.loyalty = Loyalty(self.journal, self.sealed)
        self.offers = Offers(self.clock, self.guard.has_passcode)
        self.update_news = UpdateNews()
        self.companion = Companion(self.clock, self.outbox, self.sealed, self.activity, self.calendar, self._offset_min)
        if self._motion is not None:
            self.companion.feed.acceleration = self._motion.acceleration
        self.phone = Phone(self)
        self.recorded = Recorded(self.journal, self.sealed)
        self.hid = HidService()
        self.bonds = Bonds(self.sealed, self.journal)
        self.guard.listen(self._forget_known)

    def _build_for_apps(self, board: "Board") -> None:
        """What apps get besides: a speaker, and what they leave behind while they do not run."""
        self.speaker = board.speaker
        self.movements = 0
        """Counts up whenever the watch was found to have moved."""
        self.app_log = AppLog()
        """What apps write, and their tracebacks."""
        self.app_budgets = budgets(self.clock.ticks_ms, self._today)
        self.app_written = Written(self._today)
        self.files = board.info.files
        self.app_marks = Marks(lambda: self.local_minutes() - MINUTES_1970_TO_2000)
        kept = AppPaymentRecords(SealedFacts(self.journal, self.sealed))
        self.app_payments = AppPayments(self.random, self.history, self.app_budgets["payment"], kept)

    def _today(self) -> int:
        """A number that changes at midnight."""
        return self.local_minutes() // _DAY_MIN

    def _forget_known(self, old: str, new: str) -> None:
        """A watch that erases its flash forgets as well what was in RAM only."""
        if new == states.WIPING:
            self.phone.ignore()
            for known in (self.offers, self.update_news, self.outbox, self.notifications):
                known.clear()
            for known in (self.alarms, self.timers, self.weather, self.music):
                known.clear()
            for known in (self.app_marks, self.app_payments, self.app_log):
                known.clear()
            for known in (self.calendar, self.find_phone, self.activity, self.loyalty, self.companion):
                known.clear()
        elif new == states.LOCKED:
            self.activity.save()

    def _delete_files(self) -> None:
        """Everything but the systems. Raises WriteError."""
        self.shelf.clear()
        self.art.tidy()
        if self.files is not None and not emptied(self.files):
            raise WriteError("files cannot be deleted")
        if self._slots is not None:
            places = Places(self._slots)
            for path in (places.note, places.part, places.new):
                remove(path)

    def _load(self) -> None:
        self.guard.start()
        self.wiping.resume()
        self.identity.load()
        self.vault.load()
        self.history.load()
        self.wallet.load()
        self.express.load()
        self.settings.load()
        self.alarms.load()
        self.activity.load()
        self.activity.goal = self.settings.get("steps_goal")
        self.loyalty.load()
        self.companion.load()
        self.app_marks.load(self.journal)
        self.app_payments.load()


def _nobody(by_wearer: bool) -> None:
    """Nobody has to be told of the time."""


async def _breathe() -> None:
    """Let the other tasks run between slices of a long computation."""
    await sleep_ms(0)
