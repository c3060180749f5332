"""What apps may do with the phone: its position, files and intents, and all of it only while a phone is there."""

from tests.firmware.services.kit import Known
from watch.system.apps.phone_grants import Location, PhoneFiles, PhoneIntents

GRANTS = {
    "location": Location,
    "phone_files": lambda known: PhoneFiles(known, lambda: True),
    "phone_intents": lambda known: PhoneIntents(known, lambda: True),
}


def granted(name):
    """Services and the object of a permission, without and then with a phone."""
    known = Known()
    return known, GRANTS[name](known)


def test_the_position():
    known, location = granted("location")
    assert not location.want(True) and location.now() is None
    known.phone.link(True)
    changes = location.changes
    assert location.want(True) and known.outbox.take() == {"t": "gps_power", "status": True}
    known.phone.receive({"t": "gps", "lat": 59.91, "lon": 10.75, "speed": 4.2, "satellites": 9})
    now = location.now()
    assert (now.latitude, now.longitude, now.satellites, now.altitude_m) == (59.91, 10.75, 9, None)
    assert location.changes > changes
    known.clock.ms += 30_000
    assert location.now() is None, "too old"
    known.phone.receive({"t": "gps", "lat": 59.91, "lon": 10.75})
    assert location.want(False) and location.now() is None
    known.phone.receive({"t": "gps", "lat": 59.91, "lon": 10.75})
    assert location.now() is None, "nobody asks"


def test_files():
    known, files = granted("phone_files")
    assert not files.write("a.csv", "1")
    known.phone.link(True)
    assert files.write("a.csv", "1\n") and files.append("a.csv", "2\n")
    assert known.outbox.take() == {"t": "file", "n": "a.csv", "c": "1\n", "m": "w"}
    assert known.outbox.take() == {"t": "file", "n": "a.csv", "c": "2\n", "m": "a"}
    for name in ("", ".hidden", "../up", "a/b", "A", "x" * 49, "\u4e2d"):
        assert not files.write(name, "x"), name
    assert not files.write("a", "\u4e2d" * 342) and files.write("a", "x" * 1_024)


def test_intents_and_lines():
    known, intents = granted("phone_intents")
    assert not intents.say("info", "x") and not intents.send("activity", "a", {})
    known.phone.link(True)
    assert intents.send("broadcastreceiver", "org.example.GO", {"k\x07": "v"})
    sent = {"t": "intent", "target": "broadcastreceiver", "action": "org.example.GO", "extra": {"k": "v"}}
    assert known.outbox.take() == sent
    many = {str(number): "x" for number in range(9)}
    for wrong in (("window", "a", {}), ("activity", "", {}), ("activity", "a" * 121, {}), ("activity", "a", many)):
        assert not intents.send(*wrong), wrong
    known.phone.receive({"t": "intent", "err": "Android Intents not enabled"})
    assert intents.failed == 1
    assert intents.say("info", "Hello") and not intents.say("warn", "again") and not intents.say("shout", "x")
    known.clock.ms += 10_000
    assert intents.say("error", "Hello")
    assert [known.outbox.take()["t"] for _ in range(2)] == ["info", "error"]
