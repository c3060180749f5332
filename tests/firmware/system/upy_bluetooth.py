"""Pairing and its ends, devices in the settings, and what the states of the watch do to them."""

from support import scrubbing

from tests.firmware.ble.fake_ble import Central
from tests.firmware.system.radio_kit import Worn

scrubbing.leave_out()


def test_a_phone_pairs_and_becomes_the_main_one():
    async def story(worn):
        worn.open_pairing()
        await worn.pause(50)
        assert worn.screen == "pair-open" and "Tapwatch 17d5" in worn.texts(), worn.texts()
        assert b"Tapwatch 17d5" in worn.services.tag.message(), "the tag leads to the watch"
        assert worn.ble.advertising, "the watch can be found"
        central = Central(worn.ble, 1).connect()
        central.pair(42)
        await worn.pause()
        assert worn.screen == "pairing" and "000 042" in worn.texts(), worn.texts()
        worn.touch("yes")
        await worn.pause()
        assert worn.screen == "paired" and central.connected and worn.services.phone.connected
        known = worn.bluetooth.devices.known()
        assert [(one.role, one.primary, one.connected) for one in known] == [("phone", True, True)]
        assert b"Tapwatch 17d5" not in worn.services.tag.message()
        worn.press()
        worn.settings("bluetooth")
        assert "Main, connected" in worn.texts()
        central.drop()
        await worn.pause()
        assert "Main, away" in worn.texts(), "the list follows"

    Worn().run(story)


def test_ends_of_a_pairing_and_what_the_wearer_is_told():
    async def refused(worn, central):
        await worn.pause()
        worn.touch("no")
        await worn.pause()
        assert not central.connected, "refused and still there"

    async def late(worn, central):
        await worn.pause(31_000)

    async def lost(worn, central):
        await worn.pause()
        central.drop()

    async def cannot_compare(worn, central):
        await worn.pause(10)

    for ending, reason, method in (
        (refused, "One side said no", 4),
        (late, "No device came", 4),
        (lost, "went away", 4),
        (cannot_compare, "cannot pair safely", 2),
    ):

        async def story(worn):
            worn.open_pairing()
            await worn.pause(50)
            central = Central(worn.ble, 1).connect()
            central.pair(action=method)
            await ending(worn, central)
            await worn.pause()
            assert worn.screen == "pair-failed" and reason in worn.texts(), worn.screen + worn.texts()
            assert not worn.bluetooth.devices.known() and not len(worn.services.offers)
            assert not worn.bluetooth.pairing.role
            worn.press()
            assert worn.screen == "bluetooth", "back to where it began"
            worn.press()
            assert worn.screen == "settings"
            await worn.pair("phone", 2)
            worn.press()
            await worn.pause()
            assert worn.screen == "bluetooth" and "Main, connected" in worn.texts()

        Worn().run(story)


def test_nobody_comes():
    async def story(worn):
        worn.open_pairing()
        await worn.pause(100_000)
        assert worn.screen == "pair-open" and worn.watch.light.state == "full", "it stays readable"
        await worn.pause(21_000)
        assert worn.screen == "pair-failed" and "No device came" in worn.texts()

    Worn().run(story)


def _lock(worn):
    worn.press("long")


def _pay(worn):
    worn.press("double")


def _lose(worn):
    worn.services.guard.lose(b"issuer", "", {})


ABOVE_ALL = ((_lock, "face"), (_pay, "armed"), (_lose, "lost"))
"""What the wearer, the time or the bank may do at any moment, and the screen that follows."""
AWAY = (
    (lambda worn: worn.press(), "roles"),
    (lambda worn: worn.touch("cancel"), "roles"),
    (lambda worn: worn.watch.stack.home(), "face"),
)
"""Ways from the screen itself."""


async def _expect_closed(worn, screen):
    await worn.pause()
    assert worn.screen == screen, worn.screen
    assert not worn.bluetooth.pairing.role and not len(worn.services.offers)
    assert not worn.bluetooth.devices.known()
    assert b"Tapwatch 17d5" not in worn.services.tag.message()


def test_another_screen_a_lock_or_a_payment_ends_it():
    for leave, screen in AWAY + ABOVE_ALL:

        async def story(worn):
            worn.open_pairing()
            await worn.pause(50)
            central = Central(worn.ble, 1).connect()
            leave(worn)
            await _expect_closed(worn, screen)
            central.pair()
            await worn.pause()
            assert not central.connected and worn.screen == screen, "a device paired without a screen"

        Worn().run(story)


def test_a_lock_or_a_payment_ends_it_while_the_digits_are_shown():
    for leave, screen in ABOVE_ALL:

        async def story(worn):
            worn.open_pairing()
            await worn.pause(50)
            central = Central(worn.ble, 1).connect()
            central.pair()
            await worn.pause()
            assert worn.screen == "pairing"
            leave(worn)
            await _expect_closed(worn, screen)
            assert not central.connected and central.answer != (4, 1)

        Worn().run(story)


def test_a_locked_or_lost_watch_opens_nothing():
    async def story(worn):
        worn.open_pairing()
        worn.press()
        rows = worn.watch.stack.top
        worn.services.guard.lock()
        for _, x, y, _, _ in rows.targets():
            rows.tap(x + 5, y + 5)
        assert not worn.bluetooth.pairing.role and not worn.bluetooth.may_pair()

    Worn().run(story)


def test_airplane_mode_is_silent_until_it_ends():
    async def story(worn):
        central = await worn.pair()
        worn.watch.stack.home()
        worn.swipe("down")
        worn.touch("airplane")
        await worn.pause()
        assert not worn.ble.on and not central.connected and not worn.services.phone.connected
        worn.touch("radio")
        assert worn.services.settings.get("radio") == "windows", "the other tile keeps it off"
        worn.settings("bluetooth", "pair")
        assert worn.screen == "pair-failed" and "Airplane" in worn.texts()
        worn.press()
        assert worn.screen == "bluetooth"
        worn.swipe("up")
        assert "At times" not in worn.texts(), "what is off is not on at times"
        worn.swipe("down")
        worn.settings("bluetooth", "airplane")
        await worn.pause()
        assert worn.ble.on and central.connect().encrypt()
        await worn.pause()
        assert worn.services.phone.connected

    Worn().run(story)


def test_forgetting_a_device():
    async def story(worn):
        central = await worn.pair()
        worn.press()
        worn.settings("bluetooth", "0", "forget")
        worn.touch("yes")
        assert worn.bluetooth.devices.known(), "a touch that came too soon was no answer"
        await worn.pause()
        worn.touch("yes")
        await worn.pause()
        assert worn.screen == "bluetooth" and not worn.bluetooth.devices.known() and not central.connected
        assert not central.connect().encrypt()

    Worn().run(story)


def test_another_phone_becomes_the_main_one_only_by_hand():
    async def story(worn):
        first = await worn.pair(number=1)
        worn.press()
        await worn.pair(number=2)
        assert "not your main phone" in worn.texts()
        worn.press()
        assert [one.primary for one in worn.bluetooth.devices.known()] == [True, False]
        worn.settings("bluetooth", "1", "make-main")
        assert worn.screen == "bluetooth"
        assert [one.primary for one in worn.bluetooth.devices.known()] == [False, True]
        assert first.connected
        shown = worn.watch.describe()["bluetooth"]
        assert [(one["role"], one["main"], one["connected"]) for one in shown["bonds"]] == [
            ("phone", False, True),
            ("phone", True, True),
        ], shown
        assert "17d5" in shown["name"] and not any(key in str(shown) for key in ("c0ffee", "secret"))

    Worn().run(story)


def test_eight_are_the_most():
    async def story(worn):
        for number in range(8):
            central = await worn.pair("tv", number + 1)
            central.drop()
            await worn.pause(50)
            worn.press()
        worn.open_pairing()
        await worn.pause()
        assert worn.screen == "pair-failed" and "Eight" in worn.texts()

    Worn().run(story)


def test_a_radio_that_does_not_start():
    async def story(worn):
        def broken(name):
            if name == "active":
                raise OSError(5)

        worn.ble.before = broken
        worn.open_pairing()
        await worn.pause()
        assert worn.screen == "pair-failed" and "chip" in worn.texts(), worn.texts()
        worn.press()
        worn.ble.before = None
        await worn.pair()

    Worn(radio="off").run(story)


def test_pairing_switches_a_radio_on_that_was_off():
    async def story(worn):
        assert not worn.ble.on
        central = await worn.pair()
        assert worn.services.settings.get("radio") == "windows" and worn.ble.on and central.connected

    Worn(radio="off").run(story)


def test_lost_serves_what_may_bring_the_word_that_it_is_found():
    async def story(worn):
        phone = await worn.pair("phone", 1)
        worn.press()
        screen = await worn.pair("tv", 2)
        worn.press()
        worn.services.guard.lose(b"issuer", "", {})
        await worn.pause()
        assert phone.connected and not screen.connected
        screen.connect().encrypt(authenticated=False)
        await worn.pause()
        assert not screen.connected, "a television has no business with a lost watch"
        worn.services.guard.found(b"issuer", {})
        screen.connect().encrypt(authenticated=False)
        await worn.pause()
        assert screen.connected and phone.connected

    Worn(radio="connected").run(story)


def test_wiping_is_silent_and_leaves_no_bond():
    async def story(worn):
        central = await worn.pair()
        keys = bytes(central.keys)
        worn.services.guard.wipe()
        await worn.pause()
        assert not worn.ble.on and not central.connected and not worn.bluetooth.devices.known()
        assert keys not in worn.board.flash._image
        await worn.pause(1_000_000)
        assert not worn.ble.on, "a window opened on a wiped watch"

    Worn(radio="connected").run(story)


def test_bonds_outlive_a_restart():
    kept = []

    async def before(worn):
        kept.append(await worn.pair())

    async def after(worn):
        assert [one.role for one in worn.bluetooth.devices.known()] == ["phone"]
        central, kept[0].ble = kept[0], worn.ble
        assert central.connect().encrypt()
        await worn.pause()
        assert worn.services.phone.connected and not worn.services.guard.unlocked(), "a locked watch hears its phone"

    first = Worn()
    first.run(before)
    Worn(first).run(after, unlocked=False)
