"""Pairing: windows, methods and roles."""

from tests.firmware.ble.desk import both, nothing_kept, opened, refused
from tests.firmware.ble.fake_ble import Central
from watch.ble import pairing, roles
from watch.kernel import loop
from watch.kernel.errors import InputError, StateError
from watch.storage import records


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
