"""Questions that nobody can answer: on a watch without a passcode, and in the dark. Whoever asks is told."""

import asyncio

from support import scrubbing
from support.visitor import cast
from support.world import World

from tests.firmware.system.radio_kit import Worn
from tests.firmware.system.update_desk import PART, Updater, furnish, made
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.kernel.errors import NoPasscodeError
from watch.services.offers import DEADLINE_MS, TIMEOUT, Enrolment, Pairing, Removal, Update

scrubbing.leave_out()
SHARE = "flash and update"
_CODE = b"135790"


def new_watch():
    """Provisioned, and nothing more: its first screen asks for a passcode to be chosen."""
    board = World(World().provision()).board
    furnish(board)
    one = Updater(board, unlocked=False)
    assert one.screen == "new-passcode", one.screen
    return one


def test_a_watch_without_a_passcode_says_so_to_every_message_that_would_ask():
    one, new = new_watch(), made()
    first = [sha256(new), 0, len(new), new[:PART]]
    asking = (
        (messages.UPDATE_PART, first),
        (messages.APP_PART, [sha256(b"app"), 0, 4000, bytes(PART)]),
        (messages.DEVELOPER, [cast(one.services.random).maker.public, "Ada"]),
    )
    for kind, body in asking:
        for _ in range(2):
            assert one.ask(kind, body) == ("no-passcode", None), kind
    assert one.go(new) == ("ok", ["unknown", 0]) and one.state()[6] is None, "nothing of it was kept"
    for kind in (messages.HELLO, messages.WALLET, messages.DIAGNOSE, messages.APPS):
        assert one.ask(kind)[0] == "ok", "all others are answered as ever"
    one.settle().wait(70)
    assert one.screen == "new-passcode" and not one.services.offers.last
    print("NOTE questions: %d kinds of messages told that a passcode is missing, none asked" % len(asking))


def test_no_question_of_any_kind_waits_there_and_no_device_can_pair():
    one = new_watch()
    told = []
    for offer in (
        Pairing(1, told.append, "Pixel", "472913", "phone"),
        Removal(2, told.append, "Tides"),
        Enrolment(3, told.append, "Ada", bytes(8)),
        Update(4, told.append, "0.5.0", "0.4.0", 1000, False),
    ):
        try:
            one.services.offers.put(offer)
            raise AssertionError("asked: " + offer.kind)
        except NoPasscodeError:
            pass
    assert not len(one.services.offers) and not told and not one.watch.bluetooth.may_pair()


def test_what_had_come_before_is_not_asked_about_either():
    one, new = new_watch(), made()
    offers, answerable = one.services.offers, one.services.offers._answerable
    offers._answerable = lambda: True
    assert one.send(new) == ("ok", len(new))
    offers._answerable = answerable
    assert one.go(new) == ("no-passcode", None) and one.settle().screen == "new-passcode"


def test_once_it_is_chosen_the_same_update_asks():
    one, new = new_watch(), made()
    assert one.send(new, until=PART)[0] == "no-passcode"
    asyncio.run(one.services.guard.set_passcode(bytearray(_CODE)))
    one.watch.stack.home()
    assert one.offer(new).screen == "update"


def test_a_minute_ends_in_the_dark_too():
    async def story(worn):
        worn.services.settings.set("water_mode", True)
        await worn.pause(60_000)
        assert worn.watch.light.dark
        told = []
        worn.services.offers.put(Removal(1, told.append, "Tides"))
        await worn.pause(DEADLINE_MS + 1000)
        assert told == [TIMEOUT], "whoever asks is told in time, seen by somebody or not"

    Worn().run(story)
