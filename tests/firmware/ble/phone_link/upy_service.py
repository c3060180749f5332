"""The service over a fake link: who speaks first, pauses, lost links, and what the phone may not say."""

from tests.firmware.ble.phone_link.desk import Desk, FakeLink, settle
from watch.ble.phone_link import service
from watch.kernel.loop import sleep_ms

NOTE = '{"t":"notify","id":%d,"src":"Chat","title":"Ada","body":"Soup at noon?"}'


def test_the_watch_greets_a_silent_phone():
    async def story(desk):
        await sleep_ms(service.GREET_MS - 1)
        assert desk.link.heard == []
        await settle()
        assert len(desk.link.heard[0]) > 20
        assert desk.said() == [{"t": "ver", "fw": "0.5.0", "hw": "1"}, {"t": "status", "bat": 82, "chg": 0}]
        assert desk.known.phone.connected
        await sleep_ms(service.STATUS_MS)
        assert desk.said() == []
        desk.battery = (83, True)
        desk.service.look()
        await settle()
        assert desk.said() == [{"t": "status", "bat": 83, "chg": 1}]

    Desk().play(story)


def test_it_greets_at_the_first_line():
    async def story(desk):
        desk.bytes(b"\x10setTime(1795003200);E.setTimeZone(1.0);(s=>{})(1)\n")
        await settle()
        assert [one["t"] for one in desk.said()] == ["ver", "status"]
        assert desk.known.times == [(1_795_003_200, 60)]

    Desk().play(story)


def test_small_notifications():
    async def story(desk):
        await desk.tell('{"t":"is_gps_active"}')
        assert max([len(one) for one in desk.link.heard]) <= 20
        assert [one["t"] for one in desk.said()] == ["ver", "status", "gps_power"]

    Desk(20).play(story)


def test_what_is_no_message_is_ignored_and_what_is_wrong_is_refused():
    async def story(desk):
        desk.bytes(b"\x10print(1)\nreset()\n\x10GB({)\n\x10GB(1)\n")
        await desk.tell('{"t":"musicinfo","dur":"x"}', '{"t":"unheard of"}', NOTE % 1)
        desk.known.notifications.tick()
        assert (desk.service.ignored, desk.service.refused) == (2, 4) and len(desk.known.notifications) == 1

    Desk().play(story)


def test_questions_do_not_come_this_way():
    """A phone that may notify may not let the watch ask for a pairing, an app or an update."""

    async def story(desk):
        await desk.tell(
            '{"t":"pair","id":1,"name":"x","digits":"472913","role":"phone"}',
            '{"t":"install","id":2,"name":"x","permissions":[]}',
            '{"t":"update","id":3,"version":"9","size":1}',
            '{"t":"ask-","id":1}',
        )
        assert desk.service.refused == 4 and len(desk.known.offers) == 0

    Desk().play(story)


def test_a_full_list_is_told_to_the_phone():
    async def story(desk):
        known = desk.known
        for minute in range(8):
            known.alarms.add(6, minute, 0, known.local_minutes())
        alarms = ",".join(['{"h":7,"m":%d,"on":true}' % minute for minute in range(10)])
        await desk.tell('{"t":"alarm","d":[' + alarms + "]}")
        assert desk.said()[-1]["t"] == "warn" and desk.service.refused == 1

    Desk().play(story)


def test_a_payment_holds_the_phone():
    async def story(desk):
        await desk.tell("{}")
        desk.link.heard.clear()
        desk.service.hold("payment", True)
        await settle()
        assert desk.link.heard == [b"\x13"]
        await desk.tell(NOTE % 1)
        desk.known.notifications.tick()
        assert len(desk.known.notifications) == 0
        desk.service.hold("payment", False)
        await settle()
        desk.known.notifications.tick()
        assert desk.link.heard == [b"\x13", b"\x11"] and len(desk.known.notifications) == 1

    Desk().play(story)


def test_a_thousand_notifications_a_second():
    """Bytes of ten seconds: what waits is bounded, the phone is told to pause, what does not fit is counted."""

    async def story(desk):
        held, sent, drops = 0, 0, 0
        for number in range(1_000):  # ten at once, before the watch can work: a phone that does not listen
            for more in range(10):
                desk.bytes(b"\x10GB(" + (NOTE % (number * 10 + more)).encode() + b")\n", 128)
                sent += 1
            session = desk.service._sessions[0]
            held = max(held, session.lines.held)
            desk.known.clock.ms += 10
            if number % 50 == 0:
                desk.known.notifications.tick()
                await sleep_ms(0)
        await settle()
        drops = session.lines.dropped
        assert held <= 32_768 and drops > 0 and session.flow.pauses > 0 and not session.flow.paused
        assert desk.known.notifications.dropped + len(desk.known.notifications) + 20 + drops >= sent
        before = desk.known.notifications.arrived
        desk.known.clock.ms += 1_000
        desk.known.notifications.tick()
        await desk.tell(NOTE % 99_999)
        for _ in range(3):
            desk.known.clock.ms += 1_000
            desk.known.notifications.tick()
        assert desk.known.notifications.find(99_999) is not None and desk.known.notifications.arrived > before
        print(f"NOTE phone link: {sent} notifications in 10 s, {held} bytes held, {drops} lines dropped")

    Desk().play(story)


def test_a_link_that_goes_at_any_notification():
    """What was not taken waits for the next connection, and is whole there."""
    for gone in range(4):
        desk = Desk(20)

        async def story(desk, gone=gone):
            await desk.tell("{}")
            desk.link.heard.clear()
            desk.link.slow = 0
            desk.known.music.command("next")
            desk.known.find_phone.start()
            old = desk.link
            room = old.try_notify
            old.try_notify = lambda row, data: len(old.heard) < gone and room(row, data)
            await settle()
            old.close()
            desk.service.left(old)
            assert not desk.known.phone.connected
            await settle()
            desk.link = FakeLink(20)
            desk.service.joined(desk.link)
            await desk.tell("{}")
            said = [one["t"] for one in desk.said()]
            assert said[:2] == ["ver", "status"] and said[-1] == "findPhone", said

        desk.play(story)


def test_a_phone_that_takes_nothing_is_sent_away():
    async def story(desk):
        desk.link.stuck = True
        await sleep_ms(service.GREET_MS + 6_000)
        assert not desk.link.alive
        desk.service.left(desk.link)
        desk.link = FakeLink()
        desk.service.joined(desk.link)
        await desk.tell("{}")
        assert [one["t"] for one in desk.said()] == ["ver", "status"]

    Desk().play(story)


def test_the_primary_phone_is_spoken_to():
    async def story(desk):
        other = FakeLink(primary=False)
        desk.service.joined(other)
        await desk.tell("{}")
        desk.known.find_phone.start()
        await settle()
        assert desk.said()[-1] == {"t": "findPhone", "n": True} and other.heard == []
        desk.link.close()
        desk.service.left(desk.link)
        desk.service.written(other, desk.service.from_phone, memoryview(b"\n"))
        desk.known.find_phone.stop()
        await settle()
        assert b"findPhone" in b"".join(other.heard) and desk.known.phone.connected

    Desk().play(story)


def test_lost_bytes():
    async def story(desk):
        desk.bytes(b"\x10GB(" + (NOTE % 1).encode()[:30])
        desk.service.lost(desk.link)
        desk.bytes(b"oon?'})\n")
        await desk.tell(NOTE % 2)
        desk.known.notifications.tick()
        assert desk.known.notifications.find(1) is None and desk.known.notifications.find(2) is not None

    Desk().play(story)
