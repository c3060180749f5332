"""A radio on a fake stack, in virtual time, with services that note what they hear."""

import asyncio

from tests.firmware.ble.fake_ble import Central, FakeBle
from watch.ble import gatt, roles
from watch.ble.bonds import Bonds
from watch.ble.radio import Radio
from watch.kernel import loop
from watch.kernel.clock import Clock
from watch.kernel.log import Log
from watch.kernel.virtual import VirtualTime
from watch.storage import records

UNIX_S = 1_795_003_200


class Records:
    """The seal of `DeviceRecords` is not this room's; here values are kept as they are."""

    def __init__(self):
        self.kept, self.writes, self.error = {}, 0, None

    def read(self, record):
        return self.kept.get(record)

    def write(self, record, value):
        self.write_all({record: value})

    def write_all(self, values):
        self.writes += 1
        if self.error is not None:
            raise self.error
        self.kept.update(values)

    def commit(self, changes):
        if self.error is not None:
            raise self.error
        for record in changes:
            self.kept.pop(record, None)


class Noting(gatt.Service):
    """Notes every call."""

    def __init__(self, uuid, rows):
        self.uuid, self.rows = uuid, rows
        self.heard = []
        self.answer = None

    def joined(self, link):
        assert link.alive, "it joins alive"
        self.heard.append(("joined", link.bond))

    def left(self, link):
        assert not link.alive, "it is gone by then"
        self.heard.append(("left", link.bond))

    def written(self, link, row, data):
        self.heard.append((row.uuid, bytes(data)))

    def lost(self, link):
        self.heard.append(("lost", link.bond))

    def forgotten(self, bond):
        self.heard.append(("forgotten", bond))

    def read(self, link, row):
        return self.answer


class Wearer:
    """Notes what pairing says; answers the digits with `says` at once, unless that is None."""

    def __init__(self, desk, says=True):
        self.desk, self.says, self.told = desk, says, []

    def asked(self, digits):
        self.told.append(("asked", digits))
        if self.says is not None:
            self.desk.radio.pairing.answer(self.says)

    def paired(self, bond):
        self.told.append(("paired", bond.role))

    def failed(self, reason):
        self.told.append(("failed", reason))


def rows_for_all():
    """One row for each role with its level, and one for all."""
    level = {roles.TV: roles.ENCRYPTED}
    properties = gatt.READ | gatt.WRITE | gatt.NOTIFY
    rows = [
        gatt.Characteristic(0x2A00 + place, properties, 64, (role,), level.get(role, roles.AUTHENTICATED))
        for place, role in enumerate(roles.ROLES)
    ]
    for row in rows:
        row.value = b"value of " + row.allowed[0].encode()
    return tuple(rows)


class Desk:
    """The radio is on; `run` plays a story in virtual time."""

    def __init__(self, nested=True, records=None, services=None):
        self.time = VirtualTime(UNIX_S)
        self.clock = Clock(self.time, UNIX_S)
        self.ble = FakeBle(nested)
        self.log = Log(self.clock)
        self.records = records or Records()
        self.bonds = Bonds(self.records, self.records)
        common = gatt.Characteristic(0x2A19, gatt.READ | gatt.NOTIFY, 1, roles.ROLES, roles.ENCRYPTED, b"\x50")
        self.all = Noting(0xFFF0, rows_for_all())
        self.common = Noting(0x180F, (common,))
        self.services = services or (self.all, self.common)
        self.radio = Radio(self.ble, self.bonds, self.clock, self.log, self.services, "Tapwatch 1a2b")
        self.radio.start()

    def run(self, story):
        """Run the coroutine function `story(self)` beside the radio's task."""
        return loop.run(self._run(story), self.time)

    async def _run(self, story):
        self.task = asyncio.create_task(self.radio.serve())
        try:
            await self.settle()
            return await story(self)
        finally:
            await loop.stop(self.task)

    async def settle(self):
        """Let the radio's task do what it has to do now."""
        for _ in range(6):
            self.ble.pump()
            await loop.sleep_ms(0)
            await loop.sleep_ms(1)

    def row(self, role):
        """The row for a role."""
        return self.all.rows[roles.ROLES.index(role)]

    async def bond(self, role, number=1, identity=None, server=None):
        """Pair a new central for `role`; it stays connected. `server(central)` makes what its services are."""
        central = Central(self.ble, number)
        central.server = server and server(central)
        central.identity = identity
        wearer = Wearer(self)
        self.radio.pairing.open(role, wearer)
        self.radio.wake()
        central.connect()
        if role == roles.TV:
            central.just_works()
        else:
            central.pair()
        await self.settle()
        assert wearer.told[-1] == ("paired", role), wearer.told
        return central


def both(story, **options):
    """Play a story with events inside calls and between them."""
    for nested in (True, False):
        Desk(nested, **options).run(story)


def opened(desk, role=roles.PHONE, says=True):
    """A window and its wearer."""
    wearer = Wearer(desk, says)
    desk.radio.pairing.open(role, wearer)
    desk.radio.wake()
    return wearer


def nothing_kept(desk):
    """No bond, in RAM or storage."""
    kept = [record for record in desk.records.kept if record != records.RADIO_IDENTITY]
    return kept == [] and desk.bonds.list() == []


def refused(error, call, *arguments):
    """Assert that it raises."""
    try:
        call(*arguments)
    except error:
        return
    raise AssertionError(f"no {error.__name__}")
