"""What an iPhone shows reaches the watch by the same rules as what another phone says."""

from tests.firmware.ble.desk import Desk
from tests.firmware.services.kit import Known, refused
from watch.kernel.errors import InputError
from watch.system.iphone import _Ears, iphone


def test_notifications_and_music_arrive():
    known = Known()
    ears = _Ears(known.phone)
    assert ears.post({"id": -2, "src": "Messages", "title": "Anna", "subject": "", "body": "Hello"})
    known.notifications.tick()
    assert known.notifications.at(0).title == "Anna"
    ears.gone(-2)
    ears.gone(99)
    assert len(known.notifications) == 0
    ears.take_info({"artist": "Queen", "album": "Jazz", "track": "Mustapha", "dur": 181})
    ears.take_state({"state": "play", "position": 12})
    assert (known.music.artist, known.music.state, known.music.position_s()) == ("Queen", "play", 12)
    refused(InputError, ears.post, {"id": "x"})


def test_settings_and_a_wipe_hold():
    known = Known()
    ears = _Ears(known.phone)
    known.settings["notifications"] = "off"
    ears.post({"id": 1, "src": "a", "title": "b", "body": "c"})
    known.notifications.tick()
    assert len(known.notifications) == 0
    known.phone.ignore()
    assert not ears.post({"id": 2, "src": "a", "title": "b", "body": "c"})


def test_it_is_a_task_that_sleeps():
    async def story(desk):
        watcher = iphone(desk.radio, Known().phone, desk.log)
        assert not watcher.take({"t": "music", "n": "next"})

    Desk().run(story)
