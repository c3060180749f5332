"""Ten years of a busy watch: how often each sector of the vault is erased, what a payment programs (R4).

In the short form some days stand for all of them; the sectors take turns, so the worst one is at most one erase ahead.
"""

import os

from tests.firmware.storage.norflash import NorFlash
from watch.storage import records
from watch.storage.journal import Journal
from watch.storage.sealed import OVERHEAD_BYTES

TIMEOUT_S = 240
TEN_YEARS_DAYS = 3653
LONG = bool(os.getenv("TAPWATCH_LONG"))
DAYS = TEN_YEARS_DAYS if LONG else 24
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


class InPlace:
    """What the journal must not be: each record has its sector, which is erased when it changes."""

    def __init__(self, flash):
        self._flash = flash

    def mount(self):
        """Nothing to do."""

    def commit(self, change):
        for record, value in change.items():
            address = record * 7919 % 64 * self._flash.sector
            self._flash.erase(address)
            if value:
                self._flash.program(address, value[: self._flash.sector])


class Watch:
    """A journal that is used as the tables say."""

    def __init__(self, kind=Journal):
        self.flash = NorFlash(64)
        self.journal = kind(self.flash)
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


def worn(kind, days):
    """A watch after so many days in use, and the erases of each sector in them."""
    watch = Watch(kind)
    for _ in range(2):
        watch.day()  # until the history ring is full
    watch.programmed = {}
    before = list(watch.flash.erases)
    for _ in range(days):
        watch.day()
    return watch, [after - start for after, start in zip(watch.flash.erases, before)]


def ten_years(erased, days):
    """At most: erases of the worst sector in ten years."""
    most = max(erased) if days == TEN_YEARS_DAYS else max(erased) + 1
    return most * TEN_YEARS_DAYS // days


def test_ten_years():
    watch, erased = worn(Journal, DAYS)
    years = ten_years(erased, DAYS)
    per_payment = watch.programmed["payment"] // (30 * DAYS)
    mean = sum(erased) * TEN_YEARS_DAYS // DAYS // len(erased)
    print(f"NOTE R4 ten years from {DAYS} days: {mean} erases of a sector of the vault on average, {years} at most")
    part = 100 * years / ENDURANCE_ERASES
    print(f"NOTE R4 that is {part:.1f} % of its life; in {DAYS} days there were {min(erased)} to {max(erased)}")
    print(f"NOTE R4 bytes programmed per payment, refills and copies included: {per_payment}")
    for name, times, _ in DAY:
        print(f"NOTE bytes programmed per {name}: {watch.programmed[name] // (times * DAYS)}")
    assert max(erased) - min(erased) <= (1 if not LONG else DAYS // 100), "the sectors do not take turns"
    assert years <= LIMIT * ENDURANCE_ERASES
    assert per_payment <= PAYMENT_LIMIT_BYTES


def test_records_that_are_written_in_place_wear_their_sectors_out():
    _, erased = worn(InPlace, 3)
    assert ten_years(erased, 3) > LIMIT * ENDURANCE_ERASES, erased


def test_a_mount_of_a_watch_in_use():
    watch = Watch()
    for _ in range(3):
        watch.day()
    boot = watch.flash.restored()
    Journal(boot).mount()
    facts = len(watch.journal.keys())
    print(f"NOTE mount of a watch with 8 cards: {facts} facts, {boot.reads} reads, {boot.bytes_read} bytes")
    assert boot.reads <= 64 + 24
