"""Requests that the phone makes to the web for the watch: answered, failed, late, too long, two at once."""

from tests.firmware.services.kit import Known, refused
from watch.kernel.errors import InputError
from watch.services import web as web_room

URL = "https://bank.example/v1/mailbox"


def connected():
    """Services with a phone, and what was told to whoever asked."""
    known = Known()
    known.phone.link(True)
    return known, known.companion.web, []


def asked(web, told, url=URL, body="x", timeout_ms=1_000):
    """Ask."""
    return web.request(url, body, timeout_ms, told.append)


def test_an_answer():
    known, web, told = connected()
    assert asked(web, told) and web.busy
    message = known.outbox.take()
    headers = {"Content-Type": "text/plain"}
    assert message == {
        "t": "http",
        "id": "1",
        "url": URL,
        "method": "post",
        "headers": headers,
        "body": "x",
        "timeout": 1_000,
    }
    known.phone.receive({"t": "http", "id": "7", "resp": "of another"})
    assert web.busy and told == []
    known.phone.receive({"t": "http", "id": "1", "resp": "yes"})
    known.phone.receive({"t": "http", "id": "1", "resp": "again"})
    assert told == ["yes"] and not web.busy and web.left_ms() == -1


def test_failures_are_told_once():
    known, web, told = connected()
    assert asked(web, told)
    known.phone.receive({"t": "http", "id": "1", "err": "Internet access not enabled"})
    assert told == [None]
    assert asked(web, told)
    known.clock.ms += 999
    web.tick()
    assert web.busy and web.left_ms() == 1 == known.companion.rest_ms()
    known.clock.ms += 1
    web.tick()
    web.tick()
    assert told == [None, None]
    known.phone.receive({"t": "http", "id": "2", "resp": "too late"})
    assert asked(web, told)
    known.phone.link(False)
    assert told == [None, None, None] and not asked(web, told)
    known.phone.link(True)
    assert asked(web, told)
    known.companion.clear()
    known.phone.receive({"t": "http", "id": "4", "resp": "nobody"})
    assert told == [None, None, None] and not web.busy


def test_what_is_too_long():
    known, web, told = connected()
    most = web_room.MOST_BODY_BYTES
    assert not asked(web, told, body="x" * (most + 1)) and not asked(web, told, url="https://" + "x" * 200)
    assert not asked(web, told, url="http://bank.example") and not asked(web, told, url="")
    assert not asked(web, told, timeout_ms=0) and not asked(web, told, timeout_ms=web_room.LONGEST_MS + 1)
    assert asked(web, told, body="x" * most)
    known.phone.receive({"t": "http", "id": "1", "resp": "y" * (web_room.MOST_ANSWER_BYTES + 1)})
    assert told == [None], "an answer that was cut is none"
    assert asked(web, told)
    for wrong in ({"resp": ["y"]}, {"resp": 5}, {"id": 2, "resp": "y"}):
        refused(InputError, known.phone.receive, dict({"t": "http", "id": "2"}, **wrong))
    assert web.busy
    known.phone.receive({"t": "http", "id": "2", "resp": "y" * web_room.MOST_ANSWER_BYTES})
    assert len(told[1]) == web_room.MOST_ANSWER_BYTES


def test_one_at_a_time_and_a_full_outbox():
    known, web, told = connected()
    assert asked(web, told) and not asked(web, told)
    known.phone.receive({"t": "http", "id": "1", "resp": "a"})
    while known.outbox.send({"t": "x"}):
        pass
    assert not asked(web, told) and not web.busy and told == ["a"]
