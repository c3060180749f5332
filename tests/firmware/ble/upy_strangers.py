"""Devices that are not known, or not who they say: they hold no place for long and end no true link."""

from tests.firmware.ble.desk import both
from tests.firmware.ble.fake_ble import MOST, Central
from watch.ble import roles
from watch.ble.connections import CLAIM_MS, SECURE_MS
from watch.kernel import loop


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
