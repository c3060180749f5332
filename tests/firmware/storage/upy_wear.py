"""Ten years of a busy watch, extrapolated from some days: how often each sector is erased, what a payment programs."""

from tests.firmware.storage.norflash import NorFlash
from watch.storage import records
from watch.storage.journal import Journal
from watch.storage.sealed import OVERHEAD_BYTES

TIMEOUT_S = 120
DAYS = 40
TEN_YEARS_DAYS = 3653
ENDURANCE_ERASES = 100000  # SPI NOR data sheets, for example Winbond W25Q128JV section 1
LIMIT = 0.2
PAYMENT_LIMIT_BYTES = 4096

TOKEN_BYTES = OVERHEAD_BYTES + 260  # CBOR of the token map without keys, docs/formats.md
KEYS_BYTES = OVERHEAD_BYTES + 10 * 21  # ten [ATC, key]
ATC_BYTES = OVERHEAD_BYTES + 10 * 6
SPENDING_BYTES = OVERHEAD_BYTES + 30
PAYMENT_BYTES = OVERHEAD_BYTES + 120  # merchant name of 40 bytes
NOTICE_BYTES = OVERHEAD_BYTES + 5
REQUEST_BYTES = OVERHEAD_BYTES + 400  # the signed request is kept, so that asking twice gives the same bytes
RECEIPT_BYTES = OVERHEAD_BYTES + 330
TRIES_BYTES = 24

PAY = (
    {records.TOKEN_ATC: ATC_BYTES, records.SPENDING: SPENDING_BYTES},  # arming reserves
    {records.TOKEN_ATC: ATC_BYTES, records.SPENDING: SPENDING_BYTES, records.HISTORY: PAYMENT_BYTES},  # disarm
    {records.HISTORY: PAYMENT_BYTES, records.NOTICE_NUMBER: NOTICE_BYTES},  # the bank's notice
)
REFILL = (
    {records.REQUEST: REQUEST_BYTES},
    {
        records.TOKEN: TOKEN_BYTES,
        records.TOKEN_KEYS: KEYS_BYTES,
        records.TOKEN_ATC: ATC_BYTES,
        records.SPENDING: SPENDING_BYTES,
        records.RECEIPT: RECEIPT_BYTES,
        records.REQUEST: None,
    },
    {records.RECEIPT: None},
)
UNLOCK = (
    {records.TRIES: TRIES_BYTES},  # counted before the passcode is looked at
    {records.TRIES: TRIES_BYTES},  # right: start anew
    {records.SPENDING: SPENDING_BYTES, records.SPENDING + 1: SPENDING_BYTES},
)
SYNC = ({records.CLOCK_FLOOR: 12},)
NOTIFICATION = ()
"""Notifications live in RAM: nothing of theirs goes to the vault."""
DAY = (("payment", 30, PAY), ("unlock", 30, UNLOCK), ("notification", 200, NOTIFICATION), ("sync", 96, SYNC))
PAYMENTS_PER_REFILL = 6  # ten keys, refilled at four
KEPT = {
    records.IDENTITY: 140,
    records.DEVICE_CERTIFICATE: 400,
    records.ROOT: 100,
    records.ISSUERS: 800,
    records.PASSCODE: 120,
    records.RECEIPT_PUBLIC: 100,
    records.RECEIPT_PRIVATE: 70,
    records.SETTINGS: 120,
}


class Watch:
    """A journal that is used as the tables say."""

    def __init__(self):
        self.flash = NorFlash(64)
        self.journal = Journal(self.flash)
        self.journal.mount()
        self.payments = 0
        self.programmed = {}
        for record, size in KEPT.items():
            self.journal.commit({record: bytes(size)})
        for slot in range(records.SLOTS):
            self._commit(REFILL[1], slot)

    def day(self):
        for name, times, commits in DAY:
            for _ in range(times):
                self._do(name, commits)

    def _do(self, name, commits):
        before = self.flash.bytes_programmed
        for sizes in commits:
            self._commit(sizes, self.payments % 2)
        if name == "payment":
            self.payments += 1
            if self.payments % PAYMENTS_PER_REFILL == 0:
                for sizes in REFILL:
                    self._commit(sizes, self.payments % 2)
        self.programmed[name] = self.programmed.get(name, 0) + self.flash.bytes_programmed - before

    def _commit(self, sizes, slot):
        change = {}
        for record, size in sizes.items():
            change[self._place(record, slot)] = None if size is None else bytes([self.payments & 255]) * size
        self.journal.commit(change)

    def _place(self, record, slot):
        if record == records.HISTORY:
            return record + self.payments % records.HISTORY_PLACES
        return record + slot if record >= records.TOKEN else record


def test_ten_years():
    watch = Watch()
    for _ in range(2):
        watch.day()  # until the history ring is full
    watch.programmed = {}
    before = list(watch.flash.erases)
    for _ in range(DAYS):
        watch.day()
    erased = [after - start for after, start in zip(watch.flash.erases, before)]
    years = max(erased) * TEN_YEARS_DAYS // DAYS
    per_payment = watch.programmed["payment"] // (30 * DAYS)
    print(f"NOTE ten years: {years} erases of the worst sector, {100 * years / ENDURANCE_ERASES:.1f} % of its life")
    print(f"NOTE spread over {DAYS} days: {min(erased)} to {max(erased)} erases of a sector")
    print(f"NOTE bytes programmed per payment, refills and copies included: {per_payment}")
    for name, times, _ in DAY:
        print(f"NOTE bytes programmed per {name}: {watch.programmed[name] // (times * DAYS)}")
    assert years <= LIMIT * ENDURANCE_ERASES
    assert per_payment <= PAYMENT_LIMIT_BYTES


def test_a_mount_of_a_watch_in_use():
    watch = Watch()
    for _ in range(3):
        watch.day()
    boot = watch.flash.restored()
    Journal(boot).mount()
    facts = len(watch.journal.keys())
    print(f"NOTE mount of a watch with 8 cards: {facts} facts, {boot.reads} reads, {boot.bytes_read} bytes")
    assert boot.reads <= 64 + 24
