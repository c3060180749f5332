"""Conversations of Gadgetbridge with a whole watch over the air: what the watch then knows, shows and says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.interop.ble.gadgetbridge import FIRST_BYTES
from tests.interop.ble.pocket import SETTLED_S, Pocket, pocket, replay

if TYPE_CHECKING:
    from pathlib import Path

LIMIT_S = 90


async def _transcripts(folder: Path) -> None:
    async with pocket(folder) as one:
        for name in ("morning.txt", "pictures.txt"):
            phone = await one.come()
            await phone.hear("ver")
            assert phone.size > FIRST_BYTES
            lines, link = await replay(one, name)
            print(f"NOTE ble.transcript {name}: {lines} lines, {phone.writes} writes, {link}")
            assert link["dropped"] == 0
            await one.go()
        assert (link["ignored"], link["refused"]) == (1, 3)


def test_transcripts_over_the_air(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_transcripts(tmp_path), LIMIT_S))


async def _a_message(one: Pocket) -> None:
    """It lights the watch up; its wearer reads, answers, shows it on the phone, mutes the app, throws it away."""
    watch, phone = one.watch, one.phone
    phone.say({"t": "canned_responses_sync", "d": [{"text": "Auf dem Rad \U0001f6b2 骑车", "disp": "Rad"}]})
    note = {
        "id": 7,
        "src": "Chat",
        "title": "Zoë 王",
        "body": "Soup at noon?\nBring bread",
        "tel": "+44 1",
        "reply": True,
    }
    phone.say({"t": "notify", **note})
    state = await watch.wait_for("news")
    assert "Zoë 王" in state["texts"] and state["known"]["unread"] == 1
    await one.touch("open", "note")
    for row, heard in (
        ("reply", {"n": "REPLY", "id": 7, "tel": "+44 1", "msg": "Auf dem Rad \U0001f6b2 骑车"}),
        ("phone", {"n": "OPEN", "id": 7}),
        ("mute", {"n": "MUTE", "id": 7}),
        ("dismiss", {"n": "DISMISS", "id": 7}),
    ):
        if (await watch.state())["screen"] == "notes":
            await one.touch("7", "note")
        await one.touch("act", "note-menu")
        if row == "reply":
            await one.touch(row, "replies")
            await one.touch("own-0", "notes")
        else:
            await one.touch(row, "notes")
        assert await phone.hear("notify", **heard) == {"t": "notify", **heard}
    assert (await watch.state())["known"]["notifications"] == 0
    await one.stage.wearer.home()


async def _a_picture(one: Pocket) -> None:
    """Letters that the phone has drawn are on the glass."""
    box = "\0" + chr(32) + chr(32) + "\1" + "\xff" * 128
    pictures = []
    for number, body in ((8, "a  b"), (9, f"a {box} b")):
        one.phone.say({"t": "notify", "id": number, "src": "Chat", "title": "Drawn", "body": body})
        await one.watch.wait_for("news")
        await one.touch("open", "note")
        pictures.append(one.watch.panel.whole().pixels)
        one.phone.say({"t": "notify-", "id": number})
        await one.stage.wearer.home()
    plain, drawn = (_longest_white(one, picture) for picture in pictures)
    assert plain < 32 <= drawn, (plain, drawn)


def _longest_white(one: Pocket, pixels: bytes) -> int:
    """Length in pixels of the longest row of white, RGB565."""
    width, longest = one.watch.panel.glass.width, 0
    for at in range(0, len(pixels), 2 * width):
        runs = pixels[at : at + 2 * width].hex(" ", 2).split(" ")
        whites = "".join("x" if one == "ffff" else " " for one in runs).split(" ")
        longest = max(longest, *map(len, whites), 0)
    return longest


async def _calls(one: Pocket) -> None:
    """Answered and ended on the watch, refused, silenced; gone with the caller."""
    watch, phone = one.watch, one.phone
    for key, word, after in (("silence", "IGNORE", "face"), ("reject", "REJECT", "face"), ("accept", "ACCEPT", "talk")):
        phone.say({"t": "call", "cmd": "incoming", "name": "Ada", "number": "+44 20 7946 0321"})
        state = await watch.wait_for("call")
        assert {"Ada", "+44 20 7946 0321"} <= set(state["texts"])
        await one.touch(key, after)
        await phone.hear("call", n=word)
        phone.say({"t": "call", "cmd": "start" if key == "accept" else "end", "name": "Ada", "number": ""})
        await phone.written()
    await watch.wait_for(lambda now: now["screen"] == "talk" and "Ada" in now["texts"])
    await one.touch("end", "face")
    await phone.hear("call", n="END")
    phone.say({"t": "call", "cmd": "incoming", "name": None, "number": None})
    await watch.wait_for("call")
    phone.say({"t": "call", "cmd": "end", "name": None, "number": None})
    await watch.wait_for("face")


async def _way_music_and_search(one: Pocket) -> None:
    """The next turn is shown; the keys of the player and the search for the phone reach the phone, and back."""
    watch, phone = one.watch, one.phone
    phone.say({"t": "nav", "instr": "Turn left onto Storgata", "distance": "120 m", "action": "left", "eta": "08:40"})
    state = await watch.wait_for("way")
    assert {"120 m", "Turn left onto Storgata"} <= set(state["texts"])
    phone.say({"t": "nav"})
    await watch.wait_for("face")
    phone.say({"t": "musicinfo", "artist": "Nina", "track": "Feel", "dur": 177})
    phone.say({"t": "musicstate", "state": "play", "position": 12, "shuffle": 1, "repeat": 1})
    await watch.swipe("up")
    await watch.wait_for("launcher")
    await one.stage.wearer.choose("music")
    state = await watch.wait_for(lambda now: "Feel" in now["texts"])
    await watch.advance(SETTLED_S)
    await watch.tap_target("next")
    assert await phone.hear("music") == {"t": "music", "n": "next"}
    await one.stage.wearer.home()
    await watch.swipe("up")
    await watch.wait_for("launcher")
    await one.stage.wearer.choose("phone")
    for ringing in (True, False):
        await watch.advance(SETTLED_S)
        (target,) = [row[0] for row in (await watch.state())["targets"]]
        await watch.tap_target(target)
        await phone.hear("findPhone", n=ringing)
    await one.stage.wearer.home()
    phone.say({"t": "find", "n": True})
    await watch.wait_for(lambda now: now["known"]["wanted"])
    phone.say({"t": "find", "n": False})
    await watch.wait_for(lambda now: not now["known"]["wanted"])
    await one.stage.wearer.home()


async def _battery_steps_and_acceleration(one: Pocket) -> None:
    """The charge is told when it changes; steps and acceleration when the phone wants them, until it does not."""
    watch, phone = one.watch, one.phone
    watch.power(81, True)
    assert await phone.hear("status", bat=81) == {"t": "status", "bat": 81, "chg": 1}
    watch.power(82, False)
    watch.accelerate(0, 0, 1000)
    phone.say({"t": "act", "hrm": False, "stp": True, "int": 1})
    phone.say({"t": "accelsender", "enable": True, "interval": 1000})
    assert (await phone.hear("accel"))["accel"] == {"x": 0.0, "y": 0.0, "z": 1.0}
    watch.walk(40)
    await phone.hear("act", stp=40, rt=1)
    phone.say({"t": "act", "hrm": False, "stp": False, "int": 0})
    phone.say({"t": "accelsender", "enable": False})
    await one.until("companion.feed.rest_ms()", -1)
    phone.say({"t": "actfetch", "ts": 0})
    await phone.hear("actfetch", state="start")
    await phone.hear("act", stp=40)
    await phone.hear("actfetch", state="end", count=1)


async def _a_pause(one: Pocket) -> None:
    """What a payment does: the phone pauses, and all of what it has to say comes afterwards."""
    phone, watch = one.phone, one.watch
    before = (await watch.state())["link"]["dropped"]
    await watch.phone({"t": "hold", "on": True})
    await phone.paused(True)
    writes = phone.writes
    for number in range(30):
        phone.say({"t": "notify", "id": 100 + number, "src": "Chat", "title": "Ada", "body": "x" * 400})
    await asyncio.sleep(0.2)
    assert phone.writes <= writes + 1 and (await watch.state())["known"]["notifications"] == 0
    await watch.phone({"t": "hold", "on": False})
    await phone.written()
    await phone.paused(False)
    await watch.wait_for(lambda now: now["known"]["notifications"] >= 20)
    assert phone.pauses == 1 and (await watch.state())["link"]["dropped"] == before
    await one.stage.wearer.home()


async def _a_day(folder: Path) -> None:
    async with pocket(folder) as one:
        phone = await one.come()
        assert (await phone.hear("ver"))["hw"] == "1" and (await phone.hear("status"))["bat"] == 82
        assert await phone.hear("gps_power") == {"t": "gps_power", "status": False}
        for part in (_a_message, _a_picture, _calls, _way_music_and_search, _battery_steps_and_acceleration):
            await part(one)
        await _a_pause(one)
        assert phone.ignored == [] and phone.toasts == []
        await one.go()


def test_a_day_with_gadgetbridge(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_a_day(tmp_path), LIMIT_S))
