"""Every kind of message that Gadgetbridge 0.83 knows for a Bangle.js: what comes of it, or why there is none.

From phone to watch: BangleJSDeviceSupport.java, what it builds; from watch to phone: what its `handleUartRxJSON` reads.
"""

from tests.firmware.ble.phone_link.desk import Desk, FakeLink, settle
from tests.firmware.ble.phone_link.values import value_at
from watch.ble.phone_link.kinds import FROM_PHONE

TO_WATCH = (
    # a message; a path to what is known then and its value, or the kind of the answer
    ('{"t":"notify","id":1,"src":"Chat","title":"Ada"}', "notifications.0.title", "Ada"),
    ('{"t":"notify~","id":1,"title":"Eve"}', "notifications.0.title", "Eve"),
    ('{"t":"notify-","id":1}', "notifications", []),
    ('{"t":"call","cmd":"incoming","name":"Ada","number":"1"}', "companion.calls.state", "incoming"),
    ('{"t":"call","cmd":"accept","name":"Ada","number":"1"}', "companion.calls.state", "active"),
    ('{"t":"call","cmd":"reject"}', "companion.calls.state", ""),
    ('{"t":"call","cmd":"outgoing","name":"Eve","number":"2"}', "companion.calls.name", "Eve"),
    ('{"t":"call","cmd":"start","name":"Eve","number":"2"}', "companion.calls.state", "active"),
    ('{"t":"call","cmd":"end"}', "companion.calls.state", ""),
    ('{"t":"call","cmd":"undefined"}', "companion.calls.state", ""),
    ('{"t":"musicinfo","artist":"Nina","track":"Feel","dur":177}', "music.track", "Feel"),
    ('{"t":"musicstate","state":"pause","position":2}', "music.state", "pause"),
    ('{t:"audio",v:40}', "music.volume_percent", 40),
    ('{"t":"alarm","d":[{"h":7,"m":30,"rep":31,"on":true}]}', "alarms.0.hour", 7),
    ('{"t":"find","n":true}', "find_phone.wanted", True),
    ('{"t":"vibrate","n":1}', "companion.buzzes", 1),
    ('{"t":"weather","temp":283,"hum":71,"code":500,"txt":"rain","wind":14.4,"wdir":230}', "weather.temp_c", 10),
    ('{"t":"calendar","id":12,"timestamp":1795006800,"title":"Dentist"}', "calendar.events.0.title", "Dentist"),
    ('{"t":"force_calendar_sync_start"}', "force_calendar_sync", None),
    ('{"t":"calendar-","id":12}', "calendar.events", []),
    ('{"t":"act","hrm":false,"stp":true,"int":1}', "act", None),
    ('{"t":"actfetch","ts":0}', "actfetch", None),
    ('{"t":"listRecs","id":""}', "actTrksList", None),
    ('{"t":"fetchRec","id":"x"}', "actTrk", None),
    ('{"t":"is_gps_active"}', "gps_power", None),
    ('{"t":"nav","instr":"Left","distance":"120 m","action":"left"}', "companion.navigation.turn", "left"),
    ('{"t":"canned_responses_sync","d":[{"text":"Yes"}]}', "companion.replies.texts", ["Yes"]),
    ('{"t":"cards","d":[{"name":"Gym","value":"A1","type":"CODE_128"}]}', "loyalty.0.name", "Gym"),
    ('{"t":"accelsender","enable":true,"interval":1000}', "accel", None),
    # answers, which count once the watch has asked: see `ask` below
    ('{"t":"gps","lat":59.91,"lon":10.75}', "companion.gps.position().latitude", 59.91),
    ('{"t":"http","id":"1","resp":"ok"}', "companion.web.busy", False),
    ('{"t":"intent","err":"off"}', "companion.actions.failed", 1),
)
SAID_BY = {
    # what the watch says to the phone, and by what it is caused
    "findPhone": lambda known: known.find_phone.start(),
    "music": lambda known: known.music.command("next"),
    "call ACCEPT": lambda known: rung(known).accept(),
    "call REJECT": lambda known: rung(known).reject(),
    "call IGNORE": lambda known: rung(known).silence(),
    "call END": lambda known: rung(known).accept() and known.companion.calls.end(),
    "notify OPEN": lambda known: known.notifications.open(noted(known)),
    "notify DISMISS": lambda known: known.notifications.dismiss(noted(known)),
    "notify MUTE": lambda known: known.notifications.mute(noted(known)),
    "notify REPLY": lambda known: known.notifications.reply(noted(known), "Yes"),
    "notify DISMISS_ALL": lambda known: noted(known) and known.notifications.dismiss_all(),
    "http": lambda known: known.companion.web.request("https://bank.example", "x", 1000, lambda answer: None),
    "gps_power": lambda known: known.companion.gps.want(True),
    "intent": lambda known: known.companion.actions.intent("activity", "x", {}),
    "file": lambda known: known.companion.actions.file("x.csv", "1", False),
    "info": lambda known: known.companion.actions.toast("info", "x"),
    "warn": lambda known: known.companion.actions.toast("warn", "x"),
    "error": lambda known: known.companion.actions.toast("error", "x"),
    "act": lambda known: known.companion.feed.take_live({"stp": True, "int": 1}),
    "accel": lambda known: known.companion.feed.take_accel({"enable": True, "interval": 1000}),
}
BY_THE_LINK = ("ver", "status")
AS_ANSWERS = ("actfetch", "actTrksList", "actTrk", "force_calendar_sync")
NEVER = ("`call` with `START`, `INCOMING`, `OUTGOING`", "`status` with `volt`", "`act` with `hrm`, `mov`, `act`")
"""What Gadgetbridge would understand besides; docs/bluetooth.md gives the reason in the row of this name."""


def rung(known):
    """Somebody calls."""
    known.companion.calls.take({"cmd": "incoming", "name": "Ada"})
    return known.companion.calls


def noted(known):
    """A notification is there that takes an answer."""
    known.notifications.post({"id": 5, "src": "Chat", "title": "Ada", "reply": True})
    known.notifications.tick()
    return 5


def ask(known):
    """For everything that only an answer can bring."""
    known.companion.gps.want(True)
    assert known.companion.web.request("https://bank.example", "x", 100_000, lambda answer: None)
    known.companion.actions.intent("activity", "x", {})


def test_every_kind_from_the_phone_has_an_effect():
    async def story(desk):
        await desk.tell("{}")
        ask(desk.known)
        await settle()
        desk.said()
        for text, what, value in TO_WATCH:
            await desk.tell(text)
            desk.known.clock.ms += 1_000
            desk.known.notifications.tick()
            desk.known.companion.tick()
            await settle()
            said = [one["t"] for one in desk.said()]
            if value is None:
                assert what in said, (text, said)
            else:
                assert value_at(desk.known, what) == value, (text, value_at(desk.known, what))
        assert desk.service.refused == 1, desk.service.refused  # the first line

    kinds = [text.split('"')[3 if text.startswith('{"t"') else 1] for text, what, value in TO_WATCH]
    assert set(kinds) == set(FROM_PHONE), set(FROM_PHONE) ^ set(kinds)
    Desk().play(story)


def test_every_kind_to_the_phone_has_a_cause():
    for name, cause in SAID_BY.items():
        words = name.split(" ")

        async def story(desk, cause=cause, words=words):
            await desk.tell("{}")
            assert [one["t"] for one in desk.said()] == list(BY_THE_LINK)
            desk.known.companion.phone(True)
            cause(desk.known)
            desk.known.clock.ms += 1_000
            desk.known.companion.tick()
            await settle()
            said = desk.said()
            assert [words[0]] * len(said) == [one["t"] for one in said] and said, said
            assert len(words) == 1 or said[-1]["n"] == words[1], said

        Desk().play(story)


def test_what_is_not_there_is_explained():
    with open("docs/bluetooth.md") as file:
        page = file.read()
    for name in NEVER:
        rows = [line for line in page.split("\n") if line.startswith("| " + name)]
        assert len(rows) == 1 and len(rows[0].split("|")[2].strip()) > 20, name
    for kind in set([name.split(" ")[0] for name in SAID_BY] + list(AS_ANSWERS + BY_THE_LINK)) | set(FROM_PHONE):
        assert "`%s`" % kind in page, kind


def test_answers_of_a_phone_that_nobody_asked():
    """Another phone may be there, with a bond of its own: what it answers means nothing."""

    async def story(desk):
        other, told = FakeLink(primary=False), []
        desk.service.joined(other)
        await desk.tell("{}")
        companion = desk.known.companion
        assert companion.web.request("https://bank.example", "x", 100_000, told.append)
        companion.gps.want(True)
        companion.actions.intent("activity", "x", {})
        await settle()
        answers = ('{"t":"http","id":"1","resp":"forged"}', '{"t":"gps","lat":1,"lon":1}', '{"t":"intent","err":"x"}')
        before = desk.service.refused
        for text in answers:
            line = b"\x10GB(" + text.encode() + b")\n"
            desk.service.written(other, desk.service.from_phone, memoryview(line))
        await settle()
        assert desk.service.refused == before + 3 and told == [] and companion.gps.position() is None
        await desk.tell(*[text.replace("forged", "true") for text in answers])
        assert told == ["true"] and companion.gps.position() is not None and companion.actions.failed == 1
        assert companion.web.request("https://bank.example", "x", 100_000, told.append)
        await settle()
        desk.link.close()
        desk.service.left(desk.link)
        desk.service.written(other, desk.service.from_phone, memoryview(b'\x10GB({"t":"http","id":"2","resp":"x"})\n'))
        await settle()
        assert told == ["true"], "whoever was asked has gone"

    Desk().play(story)
