"""Lines of a phone, damaged and invented: only declared errors, nothing kept, and none takes long."""

import binascii
import random

from tests.firmware.ble.phone_link.desk import Divert
from tests.firmware.services.kit import Known
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, noise
from watch.ble.phone_link import literal, pictures, say
from watch.ble.phone_link.literal import parse
from watch.ble.phone_link.pictures import take_out
from watch.ble.phone_link.service import PhoneLink
from watch.kernel.errors import InputError
from watch.kernel.loop import sleep_ms
from watch.services.outbox import Outbox

LINES = (
    b'\x10GB({"t":"notify","id":1795,"src":"Chat","title":"Ada","body":"Soup \\20 at\\0\\x10\\x10\\x81\\0 noon?"})',
    b'\x10GB({t:"notify~",id:1795,title:"Ada",body:atob("AAgIAf//////////"),reply:true})',
    b'\x10GB({"t":"weather","temp":293,"hi":297,"lo":288.5,"hum":40,"rain":5,"code":500,"txt":"rain","loc":"\\u5b89"})',
    b'\x10GB({"t":"call","cmd":"incoming","name":"Ada","number":"+44"})',
    b'\x10GB({"t":"nav","instr":"Left","distance":"120 m","action":"left","eta":"18:40"})',
    b'\x10GB({"t":"alarm","d":[{"h":7,"m":30,"rep":31,"on":true},{"h":8,"m":0,"rep":0,"on":false}]})',
    b'\x10GB({"t":"calendar-","id":[1,2,3]})',
    b'\x10GB({"t":"canned_responses_sync","d":[{"text":"Yes","disp":"Y"},{"text":"No"}]})',
    b'\x10GB({"t":"gps","lat":59.91,"lon":10.75,"alt":12.5,"speed":4.2,"time":1795003200000,"satellites":9,"hdop":5})',
    b'\x10GB({"t":"act","hrm":true,"stp":true,"int":10})',
    b'\x10GB({"t":"actfetch","ts":1794916800000})',
    b'\x10GB({"t":"http","id":"1","resp":"aGVsbG8="})',
    b'\x10GB({"t":"accelsender","enable":true,"interval":100})',
    b"\x10setTime(1795003200);E.setTimeZone(1.0);(s=>{})(1)",
)
_WORDS = (
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"'",
    b"atob(",
    b")",
    b"null",
    b"1e9",
    b"-0.5",
    b"\\",
    b"\\x4",
    b"\0",
)


async def no_pause(delay_ms):
    """In place of the loop's `sleep_ms`: nobody else is there."""


def run_now(coroutine):
    """Run what only breathes in between, without a loop."""
    modules = (literal, pictures)
    for module in modules:
        module.sleep_ms = no_pause
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    finally:
        for module in modules:
            module.sleep_ms = sleep_ms
    raise AssertionError("it waits for something")


def invented():
    """Pieces of the language in any order."""
    return b"\x10GB(" + b"".join([random.choice(_WORDS) for _ in range(random.randrange(20))]) + b")"


def make():
    """A line."""
    kind = random.randrange(8)
    if kind == 0:
        return noise(random.randrange(80)).replace(b"\n", b"")
    if kind == 1:
        return invented()
    return mutated(random.choice(LINES)) if kind < 7 else random.choice(LINES)


class Quiet:
    """No link: nothing is sent here."""

    alive, primary = True, True

    def room(self):
        """Bytes of a notification."""
        return 20

    def try_notify(self, row, data):
        """Take it."""
        return True


def test_lines_through_all_services():
    """From the bytes of a write to the services, and what they answer as a line."""
    random.seed(20261122)
    known, queue = Known(), Outbox()
    service = PhoneLink(Divert(known, queue), queue, "0.5.0", lambda: (80, False))
    link = Quiet()
    service.joined(link)
    session = service._sessions[0]

    def take(line):
        service.written(link, service.from_phone, memoryview(line + b"\n"))
        refused = service.refused
        while len(session.lines):
            run_now(service._next_line(session))
        known.notifications.tick()
        message = queue.take()
        while message is not None:
            assert say.line(message).endswith(b"}\r\n")
            message = queue.take()
        known.clear()
        known.times.clear()
        known.clock.ms += 1_000
        if service.refused > refused:
            raise InputError

    share = Campaign("lines of a phone", take, InputError).run(make, 4_000)
    assert 0.1 < share < 0.9, share


def test_literals():
    random.seed(20261123)
    share = Campaign("literals", lambda line: parse(line[4:-1]), InputError).run(make, 4_000)
    assert 0.05 < share < 0.9, share


def test_pictures():
    """Any characters behind a NUL."""
    random.seed(20261124)

    def take(data):
        text = parse(b"atob('" + binascii.b2a_base64(data).strip() + b"')")
        message = run_now(take_out({"t": "notify", "title": text, "body": "x" + text, "pieces": ["forged"]}))
        assert "\0" not in message["title"] and "forged" not in message.get("pieces", ())

    def picture():
        return (
            b"\0"
            + bytes([random.randrange(32, 40), 40, 0x81 if random.randrange(2) else 0x31])
            + noise(random.randrange(200))
        )

    Campaign("pictures in texts", take, InputError).run(lambda: mutated(picture()), 500, 4)
