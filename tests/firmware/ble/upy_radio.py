"""Links, roles, levels and the way of writes and reads."""

import asyncio
import errno

from tests.firmware.ble.desk import Desk, Wearer
from tests.firmware.ble.fake_ble import MOST, Central
from watch.ble import gatt, roles
from watch.ble.connections import CLAIM_MS, SECURE_MS
from watch.ble.link import NOTIFY_MS
from watch.kernel import loop
from watch.kernel.errors import DeadlineError, LinkError


def both(story, **options):
    """Play a story with events inside calls and between them."""
    for nested in (True, False):
        Desk(nested, **options).run(story)


def test_each_role_reads_its_own_rows_and_no_other():
    async def story(desk):
        tried = 0
        for number, role in enumerate(roles.ROLES):
            central = await desk.bond(role, number + 1)
            for other in roles.ROLES:
                error, value = central.read(desk.row(other).handle)
                tried += 1
                expected = (0, b"value of " + role.encode()) if other == role else (8, None)
                assert (error, value) == expected, (role, other)
            assert central.read(desk.common.rows[0].handle) == (0, b"\x50")
            assert central.connected
        print(f"NOTE reads: {tried} of roles by rows, {tried - len(roles.ROLES)} answered 08")

    both(story)


def test_a_write_by_the_wrong_role_is_not_parsed_and_ends_the_link():
    async def story(desk):
        tried = 0
        for number, role in enumerate(roles.ROLES):
            for other in roles.ROLES:
                central = await desk.bond(role, 10 + number)
                before = len(desk.ble.calls)
                answer = central.write(desk.row(other).handle, b"abc")
                looked = [call for call in desk.ble.calls[before:] if call[0] == "gatts_read"]
                await desk.settle()
                wrong = role != other
                tried += wrong
                assert answer == (8 if wrong else 0), (role, other, answer)
                assert bool(looked) is not wrong, "what the wrong role wrote was looked at"
                assert central.connected is not wrong, (role, other)
                heard = [what for what in desk.all.heard if what[1] == b"abc"]
                assert len(heard) == (0 if wrong else 1), heard
                desk.all.heard.clear()
                desk.radio.forget(desk.bonds.list()[0].number)
                await desk.settle()
        print(f"NOTE writes of wrong roles: {tried} tried, 0 parsed, all links ended")

    both(story)


def test_an_unpaired_device_gets_nothing():
    async def story(desk):
        central = Central(desk.ble, 1).connect()
        for row in desk.all.rows + desk.common.rows:
            assert central.read(row.handle) == (5, None)
        assert central.write(desk.row(roles.PHONE).handle, b"x") == 5
        await desk.settle()
        assert not central.connected and desk.all.heard == [] and desk.radio.links == []

    both(story)


def test_a_read_is_answered_by_the_service_if_it_wants_to():
    async def story(desk):
        central = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        desk.all.answer = b"mine"
        assert central.read(row.handle) == (0, b"mine")
        desk.all.answer = None
        assert central.read(row.handle) == (0, b"value of phone"), "the answer for one device was kept"

        def fails(link, row):
            raise ValueError

        desk.all.read = fails
        assert central.read(row.handle) == (0x0E, None)
        assert desk.radio.interrupts.faults == 1

    both(story)


def test_levels_of_a_reconnection():
    """What the stack says of the link counts, not what the bond once had."""
    cases = (
        # role, (encrypted, authenticated, bonded, size), link
        (roles.PHONE, (True, True, True, 16), True),
        (roles.PHONE, (True, False, True, 16), False),
        (roles.PHONE, (True, True, True, 15), False),
        (roles.PHONE, (True, True, True, 7), False),
        (roles.PHONE, (True, True, False, 16), False),
        (roles.PHONE, (False, True, True, 16), False),
        (roles.TV, (True, False, True, 16), True),
        (roles.TV, (True, False, True, 7), True),
        (roles.TV, (True, False, False, 16), False),
        (roles.TV, (False, False, False, 0), False),
    )

    async def story(desk):
        for role, state, expected in cases:
            central = await desk.bond(role)
            central.drop()
            await desk.settle()
            central.connect()
            central.update(*state)
            await desk.settle()
            assert bool(desk.radio.links) is expected and central.connected is expected, (role, state)
            desk.radio.forget(0)
            await desk.settle()
            assert not central.connected and not desk.radio.links

    both(story)


def test_a_link_whose_level_falls_ends():
    async def story(desk):
        central = await desk.bond(roles.PHONE)
        central.update(True, False, True, 16)
        await desk.settle()
        assert not central.connected and desk.all.heard == [("joined", 0), ("left", 0)]

    both(story)


def test_a_tv_does_not_read_what_wants_more_than_encryption():
    strong = gatt.Characteristic(0x2A77, gatt.READ, 8, (roles.TV,), roles.AUTHENTICATED, b"secret")

    async def story(desk):
        central = await desk.bond(roles.TV)
        assert central.read(strong.handle) == (5, None)
        assert central.connected

    class Strong(gatt.Service):
        uuid = 0xFFF1
        rows = (strong,)

    both(story, services=(Strong(),))


def test_services_hear_of_devices_in_order():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        phone.drop()
        await desk.settle()
        desk.all.heard.clear()
        phone.connect()
        phone.encrypt()
        phone.write(row.handle, b"one")
        phone.write(row.handle, b"two")
        desk.ble.pump()
        await desk.settle()
        phone.write(row.handle, b"three")
        phone.drop()
        await desk.settle()
        written = [(row.uuid, data) for data in (b"one", b"two", b"three")]
        assert desk.all.heard == [("joined", 0)] + written + [("left", 0)], desk.all.heard

    both(story)


def test_a_device_that_comes_and_goes_while_the_watch_is_busy_is_counted():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        phone.drop()
        await desk.settle()
        desk.all.heard.clear()
        phone.connect()
        phone.encrypt()
        phone.write(desk.row(roles.PHONE).handle, b"lost")
        phone.drop()
        await desk.settle()
        assert desk.all.heard == [] and desk.radio.interrupts.dropped == 1

    both(story)


def test_a_device_that_does_not_secure_its_link_is_sent_away():
    async def story(desk):
        stranger = Central(desk.ble, 1).connect()
        await loop.sleep_ms(SECURE_MS - 100)
        assert stranger.connected
        await loop.sleep_ms(200)
        await desk.settle()
        assert not stranger.connected

    both(story)


def test_strangers_do_not_keep_the_phone_out():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        phone.drop()
        await desk.settle()
        tried = 0
        for number in range(20, 60):
            if len(desk.ble.centrals) < MOST:
                Central(desk.ble, number).connect()
                tried += 1
                desk.ble.pump()
        await desk.settle()
        assert len(desk.ble.centrals) == 1, "more than one stranger stayed"
        phone.connect()
        assert phone.encrypt()
        await desk.settle()
        assert [link.role for link in desk.radio.links] == [roles.PHONE]
        print(f"NOTE strangers: {tried} connected, 1 stayed, the phone came in")

    both(story)


def test_who_claims_a_bond_is_asked_for_its_key_and_has_less_time():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        phone.drop()
        await desk.settle()
        phone.connect()
        assert ("gap_pair", phone.conn) in desk.ble.calls, "the key was not asked for"
        assert phone.encrypt()
        await loop.sleep_ms(CLAIM_MS + SECURE_MS)
        assert phone.connected, "a link was sent away"
        phone.drop()
        await desk.settle()
        while len(desk.ble.centrals) < MOST:
            impostor = Central(desk.ble, 1).connect()
        await loop.sleep_ms(CLAIM_MS - 100)
        assert impostor.connected and desk.ble.advertising is None
        await loop.sleep_ms(200)
        await desk.settle()
        assert not desk.ble.centrals and desk.ble.advertising is not None
        phone.connect()
        assert phone.encrypt()
        print(f"NOTE claims: {MOST} under the address of a bond, the stack is free again after {CLAIM_MS} ms")

    both(story)


def test_an_impostor_does_not_break_the_link_of_a_phone():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        for attack in (Central.pair, Central.just_works, Central.encrypt, lambda one: one.update(True, False, True)):
            impostor = Central(desk.ble, 1).connect()
            attack(impostor)
            await desk.settle()
            assert phone.connected and not impostor.connected, attack
            assert phone.read(desk.row(roles.PHONE).handle)[0] == 0
        assert len(desk.radio.links) == len(desk.bonds.list()) == 1

    both(story)


def test_four_links_at_once_each_with_its_role():
    async def story(desk):
        centrals = []
        for number, role in enumerate(roles.ROLES):
            centrals.append(await desk.bond(role, number + 1))
        assert [link.role for link in desk.radio.links] == list(roles.ROLES)
        assert desk.ble.advertising is None, "it advertises without a place"
        for central, role in zip(centrals, roles.ROLES):
            central.write(desk.row(role).handle, role.encode())
        await desk.settle()
        assert [what[1] for what in desk.all.heard[-4:]] == [role.encode() for role in roles.ROLES]
        centrals[2].drop()
        await desk.settle()
        assert desk.ble.advertising is not None and len(desk.radio.links) == 3

    both(story)


def test_writes_that_find_no_room_are_told():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        desk.all.heard.clear()
        for number in range(300):
            phone.write(row.handle, bytes([number & 255]) * 64)
        await desk.settle()
        await desk.settle()
        kept = [what[1][0] for what in desk.all.heard if what[0] == row.uuid]
        dropped = desk.radio.interrupts.dropped
        assert dropped == 300 - len(kept) > 0
        assert kept == [number & 255 for number in range(len(kept))], "a gap inside"
        assert desk.all.heard[-1] == ("lost", 0) and desk.all.heard.count(("lost", 0)) == 1
        phone.write(row.handle, b"again")
        await desk.settle()
        assert desk.all.heard[-1] == (row.uuid, b"again"), "nothing goes on after a loss"
        assert phone.connected and desk.common.heard.count(("lost", 0)) == 0
        print(f"NOTE overflow: 300 writes of 64 bytes at once, {len(kept)} kept in order, {dropped} counted and told")

    both(story)


def test_a_write_longer_than_its_row_is_lost_not_cut():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        phone.write(row.handle, bytes(64))
        phone.write(row.handle, bytes(65))
        phone.write(row.handle, bytes(500))
        await desk.settle()
        assert desk.all.heard[-2:] == [(row.uuid, bytes(64)), ("lost", 0)], desk.all.heard

    both(story)


def test_notifications_wait_for_room():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row, link = desk.row(roles.PHONE), desk.radio.links[0]
        desk.ble.buffers = 2
        assert link.try_notify(row, b"1") and link.try_notify(row, b"2") and not link.try_notify(row, b"3")
        assert not link.try_notify(desk.row(roles.TV), b"x"), "a row of another role was notified"

        async def room_later():
            await loop.sleep_ms(200)
            desk.ble.buffers = 5

        task = asyncio.create_task(room_later())
        await link.notify(row, memoryview(bytearray(b"3")))
        await task
        assert [data for _, data in phone.notified] == [b"1", b"2", b"3"]
        desk.ble.buffers = 0
        before = desk.clock.ticks_ms()
        try:
            await link.notify(row, b"4")
        except DeadlineError:
            assert NOTIFY_MS <= desk.clock.ticks_ms() - before < NOTIFY_MS + 50
        else:
            raise AssertionError("it did not give up")

        async def gone():
            await loop.sleep_ms(100)
            phone.drop()
            desk.ble.pump()

        task = asyncio.create_task(gone())
        try:
            await link.notify(row, b"5")
        except LinkError:
            await task
        else:
            raise AssertionError("the link had gone")
        assert not link.try_notify(row, b"6")

    both(story)


def test_room_follows_the_mtu():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        assert desk.radio.links[0].room() == 20
        desk.ble.event(21, (phone.conn, 256))
        assert desk.radio.links[0].room() == 253

    both(story)


def test_airplane_mode_ends_everything_and_comes_back():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        link = desk.radio.links[0]
        desk.radio.pairing.open(roles.TV, Wearer(desk))
        desk.radio.stop()
        assert not link.alive and not desk.ble.on and not link.try_notify(desk.row(roles.PHONE), b"x")
        await desk.settle()
        assert desk.radio.links == [] and desk.all.heard == [("joined", 0), ("left", 0)]
        assert desk.radio.pairing.role == ""
        identity = desk.ble.identity
        await loop.sleep_ms(100_000)
        desk.radio.start()
        await desk.settle()
        assert desk.ble.advertising and desk.ble.identity == identity, "another address after airplane mode"
        phone.conn = None
        phone.connect()
        assert phone.encrypt()
        await desk.settle()
        assert len(desk.radio.links) == 1

    both(story)


def test_the_stack_refuses_to_start():
    desk = Desk()
    desk.radio.stop()

    def before(name):
        if name == "gatts_register_services":
            raise OSError(errno.ENOMEM)

    desk.ble.before = before
    try:
        desk.radio.start()
    except OSError:
        assert not desk.radio.on
    else:
        raise AssertionError("a failure of the stack was hidden")
    desk.ble.before = None
    desk.ble.on = False
    desk.radio.start()
    assert desk.radio.on


def test_a_stack_without_private_addresses_starts_all_the_same():
    desk = Desk()
    desk.radio.stop()
    plain = desk.ble.config

    def config(*name, **values):
        if "addr_mode" in values:
            raise OSError(errno.EINVAL)
        plain(*name, **values)

    desk.ble.config = config
    desk.radio.start()
    assert desk.radio.on and any("private addresses" in line for line in desk.log.lines())


def test_a_service_that_fails_takes_no_other_with_it():
    async def story(desk):
        def fails(link, row, data):
            raise ValueError

        desk.all.written = fails
        phone = await desk.bond(roles.PHONE)
        phone.write(desk.row(roles.PHONE).handle, b"x")
        await desk.settle()
        assert phone.connected and any("ValueError" in line for line in desk.log.lines())
        del desk.all.written
        phone.write(desk.row(roles.PHONE).handle, b"y")
        await desk.settle()
        assert desk.all.heard[-1][1] == b"y"

    both(story)
