"""Power cuts while bonds are stored, replaced, ranked and forgotten: each is there as a whole or not at all."""

from tests.power.campaign import Campaign, Failed
from tests.power.stories import prepared
from watch.ble import roles
from watch.ble.bond import Bond
from watch.ble.bonds import Bonds
from watch.crypto import cbor

SHARE = "cuts and faults"
OURS, PEERS = bytes(range(80)), bytes(range(100, 180))


class Records:
    """Sealed records without the seal, whose nonces would make every run another one."""

    def __init__(self, journal):
        self._journal = journal

    def read(self, record):
        value = self._journal.get(record)
        return None if value is None else cbor.decode(value)

    def write(self, record, value):
        self.write_all({record: value})

    def write_all(self, values):
        self._journal.commit({record: cbor.encode(value) for record, value in values.items()})


def of(journal):
    """The bonds that a boot finds."""
    return Bonds(Records(journal), journal)


def bond(number, role, fill=0):
    """A bond with secrets of its own."""
    return Bond(number, bytes([1, number, 2, 3, 4, 5, 6]), role, 1_795_003_200, OURS, bytes([fill]) * 80)


def identity(journal):
    bonds = of(journal)
    assert bonds.set_identity(bytes(16))
    bonds.save()


STORY = (
    identity,
    lambda journal: of(journal).store(bond(0, roles.PHONE)),
    lambda journal: of(journal).store(bond(1, roles.PHONE)),
    lambda journal: of(journal).store(bond(2, roles.TV)),
    lambda journal: of(journal).set_primary(1),
    lambda journal: of(journal).rename(1, "a phone"),
    lambda journal: of(journal).store(bond(0, roles.PHONE, 9)),
    lambda journal: of(journal).forget(1),
)


class Reading(Campaign):
    """After each cut all bonds can be read, and at most one phone is primary."""

    def _mounted_state(self, journal, where):
        state = Campaign._mounted_state(self, journal, where)
        bonds = of(journal).list()
        if sum([one.primary for one in bonds]) > 1:
            raise Failed(f"{where}: two primary phones")
        for one in bonds:
            if len(one.secret(1)) != 80 or len(one.secret(2)) != 80:
                raise Failed(f"{where}: half a bond")
        return state


def test_cut_at_every_operation():
    campaign = Reading(prepared(4, []), STORY)
    campaign.run()
    print(f"NOTE bonds: {campaign.first_points} cuts, {campaign.second_points} more in the recovery, 0 half bonds")


def test_two_records_for_one_change_are_noticed():
    """The campaign can fail: a bond whose rank is written beside it is found in two parts."""

    def in_two(journal):
        bonds = of(journal)
        for one in bonds.list():
            journal.commit({0x0200 + one.number: cbor.encode(one.fields(one.name, one.number == 1))})

    try:
        Reading(prepared(4, []), STORY[:3] + (in_two,)).run()
    except Failed as error:
        print(f"NOTE bonds: a change in two parts was noticed: {str(error)[:60]}")
        return
    raise AssertionError("nobody noticed")
