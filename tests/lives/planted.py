"""Mistakes put into the watch on purpose: the random lives must find each of them."""

from watch.access.lost import LostMode
from watch.payment import vault as vault_room
from watch.payment.armed import ArmedCard
from watch.payment.atc import FREE, RESERVED, AtcState
from watch.payment.history import History
from watch.payment.notices import Notices
from watch.payment.spending import Spending
from watch.payment.vault import Vault
from watch.storage import records
from watch.storage.counters import Counter


def _free_after_a_cut():
    def from_fields(cls, fields):
        return cls(fields[0], [[atc, FREE if mark == RESERVED else mark] for atc, mark in fields[1]])

    AtcState.from_fields = classmethod(from_fields)


def _free_after_use():
    plain = AtcState.settle
    AtcState.settle = lambda self, used: plain(self, [])


def _not_written_first():
    def reserve(self, number, slot, vault_key):
        return self.keys.open(number, slot.atc.reserve(3), vault_key)

    Vault._reserve = reserve


def _spending_forgotten():
    Spending.from_fields = classmethod(lambda cls, fields: cls(fields[0]))


def _taps_not_counted():
    def add(self, amount, cdcvm):
        self.today += amount

    Spending.add = add


def _wrong_for_nothing():
    Counter.increment = lambda self: None


def _numbers_forgotten():
    Notices._last = lambda self, issuer: 0


def _old_keys():
    vault_room.expect_usable = lambda token, now_s: None


def _short_memory():
    History.change = lambda self, payment: {}


def _found_by_itself():
    LostMode.load = lambda self: None


def _request_for_ever():
    plain = Vault.install

    def install(self, number, package, issuer, vault_key, changes):
        kept = {record: value for record, value in changes.items() if record != records.REQUEST + number}
        plain(self, number, package, issuer, vault_key, kept)

    Vault.install = install


def _confirmed_for_ever():
    plain = ArmedCard.confirm
    ArmedCard.confirm = lambda self, confirmed, shown: plain(self, confirmed, shown) if confirmed else None


BUGS = {
    "a reserved key is free after a cut": _free_after_a_cut,
    "a used key is free": _free_after_use,
    "a key is loaded before that is written down": _not_written_first,
    "spending is forgotten at a restart": _spending_forgotten,
    "taps without passcode are not counted": _taps_not_counted,
    "a wrong passcode costs nothing": _wrong_for_nothing,
    "an old notice is new": _numbers_forgotten,
    "keys never expire": _old_keys,
    "the history is in RAM only": _short_memory,
    "a lost watch is found by a restart": _found_by_itself,
    "a request stays open": _request_for_ever,
    "a confirmation is good for ever": _confirmed_for_ever,
}


def plant(name):
    """Put one into this process."""
    BUGS[name]()
