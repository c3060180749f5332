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
        assert [(one.role, one.primary, one.connected) for one in worn.bluetooth.known()] == [("phone", True, True)]
        assert b"Tapwatch 17d5" not in worn.services.tag.message()
        worn.press()
        worn.settings("bluetooth")
        assert "Main, connected" in worn.texts()
        central.drop()
        await worn.pause()
        assert "Main, away" in worn.texts(), "the list follows"

    Worn().run(story)
