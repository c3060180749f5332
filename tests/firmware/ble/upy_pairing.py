"""Pairing: windows, methods, roles, and what is kept."""

from tests.firmware.ble.desk import Desk, Records, Wearer
from tests.firmware.ble.fake_ble import OURS, PEERS, Central
from watch.ble import pairing, roles
from watch.kernel import loop
from watch.kernel.errors import FullError, InputError, StateError, WriteError
from watch.storage import records


def both(story):
    """Play a story with events inside calls and between them."""
    for nested in (True, False):
        Desk(nested).run(story)


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


def test_numeric_comparison_shows_six_digits_and_makes_a_bond():
    async def story(desk):
        wearer = opened(desk, says=None)
        phone = Central(desk.ble, 1).connect()
        phone.pair(42)
        await desk.settle()
        assert wearer.told == [("asked", "000042")] and nothing_kept(desk)
        desk.radio.pairing.answer(True)
        await desk.settle()
        assert phone.answer == (4, 1) and wearer.told[-1] == ("paired", roles.PHONE)
        assert desk.records.kept[records.BOND][0] == phone.key()
        bond = desk.bonds.list()[0]
        assert bond.primary and bond.role == roles.PHONE and desk.radio.links[0].primary
        assert desk.radio.pairing.role == ""
        phone.drop()
        desk.ble.pump()
        phone.connect()
        assert phone.encrypt()

    both(story)


def test_who_says_no_bonds_nobody():
    async def story(desk):
        wearer = opened(desk, says=False)
        phone = Central(desk.ble, 1).connect()
        phone.pair()
        await desk.settle()
        assert phone.answer == (4, 0) and wearer.told[-1] == ("failed", pairing.REFUSED)
        assert not phone.connected and nothing_kept(desk) and desk.radio.pairing.role == ""

    both(story)


def test_without_a_window_nobody_pairs():
    async def story(desk):
        ways = ("pair", "just_works", "finish", "display", "input", "secrets")
        for number, way in enumerate(ways):
            central = Central(desk.ble, number).connect()
            if way == "display":
                central.pair(action=3)
            elif way == "input":
                central.pair(action=2)
            elif way == "secrets":
                assert central.distribute() == [False, False]
                central.update(True, True, True, 16)
            else:
                getattr(central, way)()
            await desk.settle()
            assert not central.connected and nothing_kept(desk) and desk.radio.links == [], way
        print(f"NOTE pairing without a window: {len(ways)} ways tried, 0 bonds, all links ended")

    both(story)


def test_wrong_methods_in_a_window():
    async def story(desk):
        tried = 0
        for role in roles.ROLES:
            for action in (2, 3):
                tried += await wrong(desk, role, lambda central: central.pair(action=action))
            tried += await wrong(desk, role, lambda central: central.finish(True))  # no digits were compared
            tried += await wrong(desk, role, lambda central: central.finish(True, secrets_first=True))
            if role != roles.TV:
                tried += await wrong(desk, role, lambda central: central.just_works())
                tried += await wrong(desk, role, lambda central: central.finish(False, secrets_first=True))
        print(f"NOTE wrong methods: {tried} of roles by methods tried, 0 bonds")

    async def wrong(desk, role, act):
        wearer = opened(desk, role)
        central = Central(desk.ble, 1).connect()
        act(central)
        await desk.settle()
        assert wearer.told == [("failed", pairing.METHOD)], (role, wearer.told)
        assert not central.connected and nothing_kept(desk)
        return 1

    both(story)


def test_digits_compared_with_a_short_key_are_not_enough():
    async def story(desk):
        for size in (7, 15):
            wearer = opened(desk)
            central = Central(desk.ble, 1).connect()
            central.answered = lambda action, passkey: central.finish(True, size)
            central.pair()
            await desk.settle()
            assert wearer.told[-1] == ("failed", pairing.METHOD) and nothing_kept(desk)

    both(story)


def test_a_tv_pairs_without_digits_or_with_them():
    async def story(desk):
        await desk.bond(roles.TV, 1)
        assert desk.ble.settings["mitm"] is False
        wearer = opened(desk, roles.TV)
        other = Central(desk.ble, 2).connect()
        other.pair()
        await desk.settle()
        assert wearer.told[-1] == ("paired", roles.TV)
        opened(desk, roles.PHONE)
        assert desk.ble.settings["mitm"] is True

    both(story)


def test_secrets_before_encryption_are_as_good():
    async def story(desk):
        wearer = opened(desk)
        central = Central(desk.ble, 1).connect()
        central.answered = lambda action, passkey: central.finish(secrets_first=True)
        central.pair()
        await desk.settle()
        assert wearer.told[-1] == ("paired", roles.PHONE) and len(desk.radio.links) == 1

    both(story)


def test_a_private_address_gives_way_to_the_identity():
    async def story(desk):
        identity = (0, b"\x00\x11\x22\x33\x44\x55")
        phone = await desk.bond(roles.PHONE, 1, identity)
        assert desk.bonds.list()[0].address == b"\x00\x55\x44\x33\x22\x11\x00"
        phone.drop()
        desk.ble.pump()
        phone.kind, phone.address = 2, identity[1]  # resolved: the stack marks the kind
        phone.connect()
        assert phone.encrypt()
        await desk.settle()
        assert len(desk.radio.links) == 1

    both(story)


def test_a_window_ends():
    async def story(desk):
        wearer = opened(desk)
        await loop.sleep_ms(pairing.WINDOW_MS - 100)
        assert wearer.told == []
        await loop.sleep_ms(200)
        await desk.settle()
        assert wearer.told == [("failed", pairing.LATE)] and desk.radio.pairing.role == ""
        wearer = opened(desk, says=None)
        phone = Central(desk.ble, 1).connect()
        phone.pair()
        await desk.settle()
        await loop.sleep_ms(pairing.QUESTION_MS + 100)
        await desk.settle()
        assert wearer.told[-1] == ("failed", pairing.LATE) and not phone.connected
        desk.radio.pairing.answer(True)
        assert nothing_kept(desk)

    both(story)


def test_the_question_is_withdrawn_when_the_device_goes():
    async def story(desk):
        wearer = opened(desk, says=None)
        phone = Central(desk.ble, 1).connect()
        phone.pair()
        await desk.settle()
        phone.drop()
        await desk.settle()
        assert wearer.told[-1] == ("failed", pairing.LEFT)
        desk.radio.pairing.answer(True)
        assert phone.answer is None and nothing_kept(desk)

    both(story)


def test_closing_the_window_withdraws_everything():
    async def story(desk):
        for stage in ("open", "connected", "asked", "keys"):
            wearer = opened(desk, says=None)
            phone = Central(desk.ble, 1)
            if stage != "open":
                phone.connect()
            if stage == "asked":
                phone.pair()
                await desk.settle()
            if stage == "keys":
                assert phone.distribute() == [True, True]
            desk.radio.pairing.close()
            desk.radio.pairing.answer(True)
            phone.update(True, True, True, 16)
            await desk.settle()
            assert nothing_kept(desk) and not phone.connected, stage
            assert [what for what in wearer.told if what[0] != "asked"] == []

    both(story)


def test_one_pairing_at_a_time():
    async def story(desk):
        wearer = opened(desk, says=None)
        first, second = Central(desk.ble, 1).connect(), Central(desk.ble, 2).connect()
        desk.ble.pump()
        assert not second.connected, "two strangers"
        first.pair(111111)
        await desk.settle()
        third = Central(desk.ble, 3).connect()
        if third.connected:
            third.pair(222222)
        await desk.settle()
        assert not third.connected and wearer.told == [("asked", "111111")]
        refused(StateError, desk.radio.pairing.open, roles.TV, wearer)
        refused(InputError, desk.radio.pairing.open, "friend", wearer)
        desk.radio.pairing.answer(True)
        await desk.settle()
        assert first.connected and len(desk.bonds.list()) == 1

    both(story)


def test_a_bonded_device_that_pairs_in_the_background_of_a_question_is_sent_away():
    async def story(desk):
        tv = await desk.bond(roles.TV, 5)
        tv.drop()
        await desk.settle()
        wearer = opened(desk, says=None)
        phone = Central(desk.ble, 1).connect()
        phone.pair()
        tv.connect()
        tv.pair(999999)
        await desk.settle()
        assert not tv.connected and wearer.told == [("asked", "123456")]
        desk.radio.pairing.answer(True)
        await desk.settle()
        assert sorted([bond.role for bond in desk.bonds.list()]) == [roles.PHONE, roles.TV]

    both(story)


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
