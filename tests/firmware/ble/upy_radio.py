"""Links that come and go, and the radio going on and off."""

import errno

from tests.firmware.ble.desk import Desk, Wearer, both
from watch.ble import roles
from watch.kernel import loop


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
