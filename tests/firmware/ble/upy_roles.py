"""Who reads and writes what: roles, levels, and the answers of services."""

from tests.firmware.ble.desk import both
from tests.firmware.ble.fake_ble import Central
from watch.ble import gatt, roles


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
