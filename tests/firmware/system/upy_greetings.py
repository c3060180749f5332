"""What the watch asks a device that comes: its name, which is hostile, and the time."""

import gc
import os

from support import scrubbing

from tests.firmware.ble.fake_ble import Central
from tests.firmware.ble.iphone import IPhone
from tests.firmware.ble.phone_server import READ, Server, Value
from tests.firmware.system.radio_kit import Worn
from watch.ble.bond import NAME_BYTES
from watch.ble.standard import BY_REFERENCE, BY_WEARER, ZONE_CHANGED
from watch.kernel.loop import sleep_ms
from watch.system.greetings import OTHERS_MS
from watch.system.pairing_desk import NAME_MS

scrubbing.leave_out()

LONG = bool(os.getenv("TAPWATCH_LONG"))
HOSTILE = (
    b"Tapwatch phone",
    b"",
    b"000 042",
    b"\x00\x01\x1b[31m\n\n\r\t",
    "\u202e240 000\u202c\u2066x".encode(),
    "一个非常非常非常长的名字叫做安娜的手机".encode() * 4,
    b"W" * 250,
    "👍🏽\ufe0f\u200d\ud7ff".encode(),
    b"\xff\xfe\x80\x80\x80 Anna",
    "é".encode()[:1],
)
PHONE_S = 1795375805
"""What `IPhone` says: 2026-11-22 21:30:05 at UTC+2."""


def named(name):
    """Makes the server of a device with this name."""
    return lambda central: Server({0x1800: [Value(0x2A00, READ, name)]})


def test_hostile_names_never_change_the_digits():
    shown = []

    for name in HOSTILE:

        async def story(worn, name=name):
            worn.open_pairing()
            await worn.pause(50)
            central = Central(worn.ble, 1)
            central.server = named(name)(central)
            central.connect()
            central.pair(42)
            await worn.pause()
            assert worn.screen == "pairing", worn.screen
            texts = worn.watch.stack.top.texts()
            digits = [text for text in texts if text == "000 042"]
            assert len(digits) == (2 if name == b"000 042" else 1), texts
            assert not any(char in "".join(texts) for char in "\x00\x1b\n\u202e\u2066\ufffd"), texts
            worn.touch("yes")
            await worn.pause()
            bond = worn.bluetooth.devices.known()[0]
            assert central.connected and len(bond.name.encode()) <= NAME_BYTES
            assert bond.name == worn.services.bonds.list()[0].name
            worn.settings("bluetooth")
            assert (bond.name or "Phone") in worn.texts(), worn.texts()
            worn.touch("0")
            assert worn.screen == "device"
            shown.append(bond.name)

        Worn(drawn=True).run(story)
    assert shown[:3] == ["Tapwatch phone", "", "000 042"] and shown[3] == "[31m", shown
    print("NOTE names: %d hostile ones, digits whole each time, at most %d bytes kept" % (len(shown), NAME_BYTES))


def test_a_device_that_does_not_say_its_name_keeps_nobody_waiting():
    for question in ("services", "characteristics", "read"):

        async def story(worn, question=question):
            worn.open_pairing()
            await worn.pause(50)
            central = Central(worn.ble, 1)
            central.server = named(b"Late")(central)
            central.server.silent = (question,)
            central.connect()
            central.pair(42)
            await worn.pause(NAME_MS - 100)
            assert worn.screen == "pair-open", worn.screen
            await worn.pause(1200)
            assert worn.screen == "pairing" and "000 042" in worn.texts()
            worn.touch("yes")
            await worn.pause()
            assert worn.screen == "paired" and worn.bluetooth.devices.known()[0].name == ""
            central.server.catch_up()
            central.drop()
            await worn.pause(50)
            central.connect().encrypt()
            await worn.pause(50)
            assert worn.bluetooth.devices.known()[0].name == "Late", "it is asked again when it is back"

        Worn(radio="connected").run(story)


def test_the_link_lost_while_the_name_is_asked_for():
    """A device that goes at each question, and another that comes at once: its digits, its name."""
    lost = 0
    for at in range(4):

        async def story(worn, at=at):
            count = [0]
            first = Central(worn.ble, 1)
            first.server = named(b"First")(first)

            def before(name):
                if name.startswith("gattc") and first.connected:
                    if count[0] == at:
                        first.drop()
                    count[0] += 1

            worn.open_pairing()
            await worn.pause(50)
            worn.ble.before = before
            first.connect().pair(42)
            await worn.pause()
            if count[0] <= at:
                assert worn.screen == "pairing" and "First" in worn.texts()
                return 0
            worn.ble.before = None
            assert worn.screen == "pair-failed" and not len(worn.services.offers), worn.screen
            central = await worn.pair("phone", 2, named(b"Second"))
            assert central.connected and worn.bluetooth.devices.known()[0].name == "Second"
            return 1

        lost += Worn().run(story)
    assert lost == 3
    print("NOTE names: link lost at %d of 3 questions, the next device paired each time" % lost)


def test_a_television_is_named_after_it_has_paired():
    async def story(worn):
        tv = await worn.pair("tv", 1, named(b"Living room"))
        assert [one.name for one in worn.bluetooth.devices.known()] == ["Living room"]
        calls = len([call for call in worn.ble.calls if call[0] == "gattc_read"])
        tv.drop()
        await worn.pause(50)
        tv.connect().encrypt(authenticated=False)
        await worn.pause(50)
        assert len([call for call in worn.ble.calls if call[0] == "gattc_read"]) == calls, "it has one"
        worn.services.bonds.rename(0, "Mine")
        worn.watch.stack.home()
        worn.settings("bluetooth")
        assert "Mine" in worn.texts()

    Worn(radio="connected").run(story)


def test_the_time_of_a_phone_once_for_each_connection():
    async def story(worn):
        clock, settings = worn.services.clock, worn.services.settings
        security_s, writes = clock.security_s(), []
        worn.services.set_clock, plain = lambda *said: (writes.append(said), plain(*said)), worn.services.set_clock
        phone = await worn.pair("phone", 1, IPhone)
        assert not writes, "an app has its chance first"
        await worn.pause(OTHERS_MS)
        assert writes == [(PHONE_S, 120)] and settings.get("utc_offset_min") == 120
        assert 0 <= clock.display_s() - PHONE_S < 3 and clock.security_s() - security_s < 60
        await worn.pause(20_000)
        for _ in range(2):
            phone.drop()
            await worn.pause(50)
            phone.connect().encrypt()
            await worn.pause(OTHERS_MS + 100)
        assert len(writes) == 3, "once for each connection, the phone's clock having stood"
        phone.server.time.value = bytes(10)
        phone.drop()
        await worn.pause(50)
        phone.connect().encrypt()
        await worn.pause(OTHERS_MS + 100)
        assert len(writes) == 3, "no time"

    Worn(radio="connected").run(story)


def test_a_clock_that_is_right_is_not_written():
    async def story(worn):
        worn.services.set_clock(PHONE_S - OTHERS_MS // 1000 - 1, 120)
        writes = []
        worn.services.set_clock = lambda *said: writes.append(said)
        await worn.pair("phone", 1, IPhone)
        await worn.pause(OTHERS_MS)
        assert not writes

    Worn(radio="connected").run(story)


def test_an_app_that_sets_the_clock_is_believed_before_the_phone():
    async def story(worn):
        phone = await worn.pair("phone", 1, IPhone)
        worn.services.phone.time(PHONE_S + 1000, 60)
        await worn.pause(OTHERS_MS + 1000)
        assert worn.services.settings.get("utc_offset_min") == 60
        assert phone.connected and worn.services.clock.display_s() > PHONE_S + 1000

    Worn(radio="connected").run(story)


def test_tasks_stopped_at_every_turn():
    """Pairing and first questions go on when a task is stopped in the middle and begun anew."""
    stopped = 0

    async def story(worn, name, at):
        jobs = worn.watch.supervisor
        body = next(job.body for job in jobs.jobs() if job.name == name)
        worn.open_pairing()
        await worn.pause(50)
        central = Central(worn.ble, 1)
        central.server = IPhone(central)
        central.connect()
        worn.ble.nested = False  # answers come between the turns of the loop
        central.pair(42)
        for _ in range(at):
            worn.ble.pump()
            await sleep_ms(0)
        await jobs.cancel(name)
        jobs.start(name, body)
        for _ in range(20):
            await worn.pause(100)
        assert worn.screen == "pairing" and "iPhone" in worn.texts(), worn.screen
        worn.touch("yes")
        for _ in range(at // 4):
            worn.ble.pump()
            await sleep_ms(1)
        await jobs.cancel(name)
        jobs.start(name, body)
        for _ in range(70):
            await worn.pause(100)
        assert worn.screen == "paired" and central.connected, worn.screen
        assert worn.services.settings.get("utc_offset_min") == 120
        assert worn.bluetooth.devices.known()[0].name == "iPhone"

    for name in ("pairing", "greetings", "radio plan"):
        for at in range(0, 60, 2 if LONG else 12):
            Worn(radio="connected").run(lambda worn, name=name, at=at: story(worn, name, at))
            stopped += 2
    print("NOTE pairing and greetings: tasks stopped at %d turns, paired, named and timed each time" % stopped)


def test_many_connections_leave_nothing_behind():
    async def story(worn):
        phone = await worn.pair("phone", 1, IPhone)

        async def some(count):
            for _number in range(count):
                worn.services.bonds.rename(0, "")
                phone.drop()
                await worn.pause(50)
                phone.connect().encrypt()
                await worn.pause(OTHERS_MS + 100)
                assert worn.bluetooth.devices.known()[0].name == "iPhone"
                worn.ble.calls.clear()
                phone.notified.clear()
                phone.server.wanted.clear()

        await some(30)  # the log is full by then, and the journal has been compacted
        gc.collect()
        before = gc.mem_alloc()
        await some(60)
        gc.collect()
        grown = gc.mem_alloc() - before
        print("NOTE heap after 60 connections with name and time: %+d bytes" % grown)
        assert grown <= 0

    Worn(radio="connected").run(story)


def test_phones_are_told_of_a_clock_that_was_set():
    async def story(worn):
        phone = await worn.pair()
        time = worn.watch._radio_services._time.rows[0].handle

        def reasons():
            said = [data[9] for handle, data in phone.notified if handle == time]
            phone.notified.clear()
            return said

        reasons()
        worn.settings("time")
        worn.touch("utc_offset_min")
        zones = [target[0] for target in worn.watch.stack.top.targets()]
        worn.touch(next(zone for zone in zones if zone not in ("back", "0")))
        assert reasons() == [BY_WEARER | ZONE_CHANGED]
        worn.services.set_clock(PHONE_S, 60)
        assert reasons() == [BY_REFERENCE]

    Worn(radio="connected").run(story)
