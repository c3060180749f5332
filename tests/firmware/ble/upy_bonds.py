"""What is kept of a device: its bond comes back, is replaced, ranked, forgotten."""

from tests.firmware.ble.desk import Desk, Records, Wearer, both, nothing_kept, opened, refused
from tests.firmware.ble.fake_ble import OURS, PEERS, Central
from watch.ble import pairing, roles
from watch.kernel.errors import FullError, InputError, WriteError
from watch.storage import records


def test_a_bonded_device_comes_back_while_the_window_is_open():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        phone.drop()
        await desk.settle()
        wearer = opened(desk, roles.TV)
        phone.connect()
        assert phone.encrypt()
        tv = Central(desk.ble, 2).connect()
        tv.just_works()
        await desk.settle()
        assert wearer.told == [("paired", roles.TV)]
        assert sorted([link.role for link in desk.radio.links]) == [roles.PHONE, roles.TV]

    both(story)


def test_who_takes_the_address_of_a_bond_gets_nothing():
    """A device with the address of a bonded one, which it cannot have the keys of."""

    async def story(desk):
        ways = ("pair", "just_works", "finish", "encrypt", "secrets-first")
        for role in (roles.PHONE, roles.TV):
            real = await desk.bond(role, 1)
            real.drop()
            await desk.settle()
            for way in ways:
                thief = Central(desk.ble, 1).connect()
                if way == "secrets-first":
                    thief.finish(False, secrets_first=True)
                else:
                    getattr(thief, way)()
                await desk.settle()
                assert not thief.connected and desk.radio.links == [], (role, way)
            real.connect()
            assert real.encrypt(authenticated=role != roles.TV), "the bond was lost"
            await desk.settle()
            desk.radio.forget(0)
            await desk.settle()
        print(f"NOTE address of a bond taken: {2 * len(ways)} tries, 0 links, 0 bonds lost")

    both(story)


def test_pairing_again_replaces_the_bond_once_the_new_one_is_there():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        phone.drop()
        await desk.settle()
        before = desk.records.kept[records.BOND]
        opened(desk, says=False)
        phone.connect()
        phone.pair()
        assert desk.ble.event(29, (OURS, 0, phone.key())) is None or not desk.radio.pairing.role
        await desk.settle()
        assert desk.records.kept[records.BOND] == before, "the old bond went before the new one was there"
        phone.connect()
        assert phone.encrypt()
        phone.drop()
        await desk.settle()
        wearer = opened(desk)
        phone.connect()
        phone.keys = None
        phone.pair()
        await desk.settle()
        assert wearer.told[-1] == ("paired", roles.PHONE) and len(desk.bonds.list()) == 1
        assert desk.bonds.list()[0].primary
        phone.drop()
        await desk.settle()
        wearer = opened(desk, roles.LOADER)
        phone.connect()
        phone.pair()
        await desk.settle()
        assert wearer.told[-1] == ("failed", pairing.OTHER_ROLE) and len(desk.bonds.list()) == 1

    both(story)


def test_a_ninth_bond_is_refused_before_pairing():
    async def story(desk):
        for number in range(records.BONDS):
            central = await desk.bond(roles.TERMINAL, number)
            central.drop()
            await desk.settle()
        refused(FullError, desk.radio.pairing.open, roles.PHONE, Wearer(desk))
        assert desk.radio.pairing.role == ""
        desk.radio.forget(3)
        await desk.bond(roles.PHONE, 99)
        assert desk.bonds.list()[3].role == roles.PHONE

    both(story)


def test_a_bond_that_cannot_be_stored_is_none():
    async def story(desk):
        wearer = opened(desk)
        phone = Central(desk.ble, 1).connect()
        desk.records.error = WriteError()
        phone.pair()
        await desk.settle()
        assert wearer.told[-1] == ("failed", pairing.STORAGE)
        assert not phone.connected and nothing_kept(desk) and desk.radio.links == []
        assert desk.all.heard == [], "a service heard of a device without a bond"
        desk.records.error = None

    both(story)


def test_forgetting_ends_the_link_and_the_next_try_ends_cleanly():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        desk.radio.forget(0)
        await desk.settle()
        assert not phone.connected and nothing_kept(desk)
        assert desk.all.heard == [("joined", 0), ("left", 0), ("forgotten", 0)]
        phone.connect()
        assert not phone.encrypt()
        await desk.settle()
        assert not phone.connected
        refused(InputError, desk.radio.forget, 0)
        refused(InputError, desk.radio.forget, 8)

    both(story)


def test_one_phone_is_primary():
    async def story(desk):
        await desk.bond(roles.LOADER, 1)
        await desk.bond(roles.PHONE, 2)
        await desk.bond(roles.PHONE, 3)
        bonds = desk.bonds
        assert [bond.primary for bond in bonds.list()] == [False, True, False]
        links = {link.bond: link for link in desk.radio.links}
        writes = desk.records.writes
        bonds.set_primary(2)
        assert desk.records.writes == writes + 1, "two records, one change"
        assert [bond.primary for bond in bonds.list()] == [False, False, True]
        assert links[2].primary and not links[1].primary
        refused(InputError, bonds.set_primary, 0)
        bonds.rename(2, "Anna's phone")
        refused(InputError, bonds.rename, 2, "x" * 41)
        again = Desk(records=desk.records).bonds
        assert [bond.primary for bond in again.list()] == [False, False, True]
        assert again.get(2).name == "Anna's phone"
        desk.radio.forget(2)
        assert not any(bond.primary for bond in bonds.list()), "who carries requests is the wearer's choice"

    both(story)


def test_bonds_survive_a_restart():
    records_kept = Records()
    desk = Desk(records=records_kept)
    central = desk.run(lambda desk: desk.bond(roles.PHONE, 1))
    again = Desk(records=records_kept)
    assert again.ble.identity == desk.ble.identity

    async def back(desk):
        central.ble = desk.ble
        central.connect()
        assert central.encrypt()
        await desk.settle()
        assert len(desk.radio.links) == 1
        assert desk.ble.event(29, (PEERS, 0, None)) is not None and desk.ble.event(29, (PEERS, 1, None)) is None

    again.run(back)


def test_listeners_hear_of_links_and_bonds():
    async def story(desk):
        heard = []
        desk.radio.listen(lambda: heard.append((len(desk.radio.links), len(desk.bonds.list()))))
        phone = await desk.bond(roles.PHONE, 1)
        phone.drop()
        await desk.settle()
        desk.radio.forget(0)
        await desk.settle()
        assert heard == [(1, 1), (0, 1), (0, 0)], heard

    both(story)
