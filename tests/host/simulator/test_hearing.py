"""What the simulated watch hears: what goes in against what its driver delivers, HTTP, and a broken microphone."""

from __future__ import annotations

import asyncio
import io
import math
import random
import struct
import wave
from array import array

import aiohttp

from tapwatch.simulator.hearing import DELAY_MS, MOST_WAITING_S, Hearing
from tapwatch.simulator.wav import MOST_BYTES, MOST_S, RATE_HZ, RATES_HZ, louder, resampled, samples_of
from tests.host.simulator.support import command, standin
from tests.host.simulator.test_server import serve

_DEAF = 40 * 16
"""Samples that the driver throws away at the start."""
_TAPS = 9


def tone(hz: float, rate_hz: int, seconds: float = 0.5, share: float = 0.3) -> array[int]:
    """A sine."""
    turn = 2 * math.pi * hz / rate_hz
    return array("h", [round(share * 32767 * math.sin(turn * n)) for n in range(int(seconds * rate_hz))])


def voice(seconds: float = 0.8) -> array[int]:
    """Something like a voice: harmonics of a pitch that falls, with pauses, and hiss between them; peak 0.3."""
    rng = random.Random(8)
    made, phase = [], 0.0
    for n in range(int(seconds * RATE_HZ)):
        at = n / RATE_HZ
        phase += 2 * math.pi * (180 - 60 * at) / RATE_HZ
        swell = max(0.0, math.sin(2 * math.pi * 3 * at))
        made.append(swell * sum(math.sin(k * phase) / k for k in range(2, 20)) + (1 - swell) * 0.2 * rng.uniform(-1, 1))
    peak = max(map(abs, made))
    return array("h", [round(0.3 * 32767 * value / peak) for value in made])


def wav_file(samples: array[int], rate_hz: int = RATE_HZ, channels: int = 1) -> bytes:
    """A WAV of these samples; each goes to all channels."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((channels, 2, rate_hz, 0, "NONE", ""))
        out.writeframes(array("h", [sample for sample in samples for _ in range(channels)]).tobytes())
    return file.getvalue()


async def heard(watch) -> tuple[bool, int, array[int]]:
    """End the listening of the stand-in: whether the line was stuck, parts lost, what was heard."""
    stuck, lost, size = struct.unpack(">BHI", await command(watch, b"mo"))
    data = b""
    while len(data) < size:
        data += await command(watch, b"mh", struct.pack(">I", len(data)))
    return bool(stuck), lost, array("h", data)


def best_delay(sent: array[int], got: array[int]) -> tuple[int, float]:
    """At which place `sent` begins in `got`, and how well they correlate there."""
    window = sent[2000:6000]
    loud = math.sqrt(sum(x * x for x in window))

    def likeness(place: int) -> float:
        piece = got[place + 2000 : place + 6000]
        return sum(map(int.__mul__, window, piece)) / loud / (math.sqrt(sum(x * x for x in piece)) or 1)

    guess = DELAY_MS * 16 - _DEAF - 4
    return max(((place, likeness(place)) for place in range(guess - 40, guess + 41)), key=lambda pair: pair[1])


def noise_db(sent: array[int], got: array[int], delay: int) -> float:
    """What the best filter of nine taps makes of `sent`, against the rest: the path is a short linear filter."""
    half = _TAPS // 2
    spans = range(half, len(sent) - half)
    matrix = [[0.0] * (_TAPS + 1) for _ in range(_TAPS)]
    columns = [sent[tap : len(sent) - 2 * half + tap] for tap in range(_TAPS)]
    target = got[delay + half : delay + half + len(spans)]
    for row in range(_TAPS):
        for column in range(row, _TAPS):
            matrix[row][column] = matrix[column][row] = float(sum(map(int.__mul__, columns[row], columns[column])))
        matrix[row][_TAPS] = float(sum(map(int.__mul__, columns[row], target)))
    taps = solved(matrix)
    made = [sum(map(float.__mul__, taps, map(float, piece))) for piece in zip(*columns, strict=True)]
    rest = sum((a - b) ** 2 for a, b in zip(made, target, strict=True))
    return 10 * math.log10(sum(value * value for value in made) / rest)


def without_mean(samples: array[int]) -> array[int]:
    """What the driver's filter leaves: nothing below 20 Hz."""
    mean, made = 0, array("h")
    for sample in samples:
        mean += ((sample << 7) - mean) >> 7
        made.append(sample - (mean >> 7))
    return made


def solved(matrix: list[list[float]]) -> list[float]:
    """Gauss and Jordan."""
    size = len(matrix)
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda row: abs(matrix[row][pivot]))
        matrix[pivot], matrix[best] = matrix[best], matrix[pivot]
        for row in range(size):
            if row != pivot:
                factor = matrix[row][pivot] / matrix[pivot][pivot]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[pivot], strict=True)]
    return [matrix[row][size] / matrix[row][row] for row in range(size)]


def test_what_goes_in_comes_out_of_the_driver(tmp_path):
    async def scenario():
        async with standin(tmp_path) as watch:
            sent = voice()
            said = watch.hearing.say(sent)
            await watch.advance(1)
            assert not said.at and (await watch.state())["microphone"] == "off"
            assert await command(watch, b"mi") == b"ok"
            assert (await watch.state())["microphone"] == "on"
            await watch.advance(1.4)
            assert said.whole
            stuck, lost, got = await heard(watch)
            assert not stuck and not lost and (await watch.state())["microphone"] == "off"
            delay, likeness = best_delay(sent, got)
            snr_db = noise_db(without_mean(sent), got, delay)
            level_db = 20 * math.log10(max(map(abs, got)) / max(map(abs, sent)))
            print(
                f"NOTE hearing: a voice came out of the driver {delay + _DEAF + 4 - DELAY_MS * 16} samples late, "
                f"correlation {likeness:.4f}, peak {level_db:+.1f} dB, {snr_db:.1f} dB above noise and distortion"
            )
            assert likeness > 0.97 and snr_db > 35 and abs(level_db) < 2
            quiet = got[: DELAY_MS * 16 - _DEAF - 100][1600:]
            print(f"NOTE hearing: silence before it: {max(map(abs, quiet))} at most, {len(set(quiet))} values")
            assert 1 < max(map(abs, quiet)) < 40
            watch.hearing.say(sent)
            await command(watch, b"mi")
            await watch.advance(1.4)
            again = (await heard(watch))[2]
            count = min(len(got), len(again)) - 320  # how far it was read before the end is a matter of time
            assert count > 15_000 and again[:count] == got[:count], "a script hears the same each time"

    asyncio.run(scenario())


def test_a_broken_microphone(tmp_path):
    async def listened(watch, session, fault):
        async with session.post("/microphone", json={"fault": fault}) as answer:
            assert answer.status == 200
        watch.hearing.say(tone(300, RATE_HZ, 0.1))
        started = await command(watch, b"mi")
        if started != b"ok":
            return started
        await watch.advance(0.3)
        stuck, _, got = await heard(watch)
        assert len(got) > 3000, fault
        return stuck

    async def scenario(server, session):
        for fault in ("missing", "low", "high"):
            assert await listened(server.watch, session, fault) is True, fault
            assert await listened(server.watch, session, "") is False, fault
        assert await listened(server.watch, session, "error") == b"E5" and not server.watch.hearing.listening
        assert await listened(server.watch, session, "") is False

    serve(tmp_path, scenario)


def test_files_and_live_sound_over_http(tmp_path):
    async def scenario(server, session):
        watch = server.watch
        stereo = wav_file(tone(1000, 44_100), 44_100, 2)
        async with session.post("/audio", params={"delay_ms": "100", "gain_db": "0"}, data=stereo) as answer:
            assert answer.status == 200 and await answer.json() == {
                "seconds": 0.5,
                "unheard_ms": 600,
                "microphone_fault": "",
            }
        await command(watch, b"mi")
        async with session.ws_connect("/live", protocols=("tapwatch", server.guard.token), max_msg_size=0) as page:
            assert watch.hearing.unheard_ms <= 600
            await watch.advance(0.8)
            live = tone(500, RATE_HZ, 0.4)
            for start in range(0, len(live), 320):
                await page.send_bytes(live[start : start + 320].tobytes())
            await page.send_bytes(b"odd")
            while True:
                message = await page.receive(5)
                if message.type is aiohttp.WSMsgType.TEXT and "samples of 16 bits" in message.data:
                    break
            await watch.advance(0.5)
        state = await (await session.get("/state.json")).json()
        assert state["microphone"] == "on" and state["unheard_ms"] == 0
        stuck, lost, got = await heard(watch)
        first, second = crossings(got[1600:8000]), crossings(got[len(got) - 8500 :])
        assert not stuck and not lost and abs(first - 1000 * 0.4) < 10 and abs(second - 200) < 10, (first, second)

    serve(tmp_path, scenario)


def crossings(samples: array[int]) -> int:
    """How often it rises through zero with some strength."""
    loud = [sample for sample in samples if abs(sample) > 500]
    return sum(1 for n in range(1, len(loud)) if loud[n - 1] < 0 < loud[n])


def test_what_cannot_be_heard_is_refused(tmp_path):
    async def scenario(server, session):
        fine = wav_file(tone(300, RATE_HZ, 0.1))
        eight = bytearray(fine)
        struct.pack_into("<H", eight, 34, 8)
        refused = [
            ({}, b""),
            ({}, b"RIFF" + bytes(60)),
            ({}, bytes(eight)),
            ({}, wav_file(tone(300, 16_001, 0.1), 16_001)),
            ({}, wav_file(tone(300, RATE_HZ, 0.1), RATE_HZ, 3)),
            ({}, wav_file(array("h"))),
            ({}, wav_file(array("h", bytes(2 * (MOST_S + 1) * 8000)), 8000)),
            ({"delay_ms": "-1"}, fine),
            ({"delay_ms": "nan"}, fine),
            ({"gain_db": "loud"}, fine),
        ]
        for query, body in refused:
            async with session.post("/audio", params=query, data=body) as answer:
                said = await answer.json()
                assert answer.status == 400 and said["error"], (query, body[:20])
        for path, body in (
            ("/microphone", {"fault": "x"}),
            ("/say", {}),
            ("/say", {"text": "a\n"}),
            ("/say", {"text": 5}),
        ):
            async with session.post(path, json=body) as answer:
                assert answer.status == 400, (path, body)
        async with session.post("/audio", data=fine + bytes(MOST_BYTES)) as answer:
            assert answer.status == 400 and "MB" in (await answer.json())["error"]
        long = wav_file(array("h", bytes(2 * MOST_S * RATE_HZ)))
        statuses = []
        for _ in range(MOST_WAITING_S // MOST_S + 1):
            async with session.post("/audio", params={"gain_db": "0"}, data=long) as answer:
                statuses.append(answer.status)
        assert statuses[-1] == 400 and statuses[0] == 200, statuses
        async with session.delete("/audio") as answer:
            assert answer.status == 200 and server.watch.hearing.unheard_ms == 0

    serve(tmp_path, scenario)


def test_every_rate_keeps_its_tone():
    worst = 1000.0
    for rate_hz in RATES_HZ:
        made = resampled(tone(440, rate_hz, 0.3), rate_hz)
        want = tone(440, RATE_HZ, 0.3)
        rest = sum((a - b) ** 2 for a, b in zip(made[800:-800], want[800 : len(made) - 800], strict=False))
        worst = min(worst, 10 * math.log10(sum(x * x for x in want[800:-800]) / max(rest, 1)))
    folded = resampled(tone(12_000, 48_000, 0.3), 48_000)
    alias_db = 20 * math.log10(max(1, *folded[800:-800]) / (0.3 * 32767))
    print(
        f"NOTE hearing: {len(RATES_HZ)} rates of WAV, worst {worst:.0f} dB; what is above 8 kHz comes {alias_db:.0f} dB"
    )
    assert worst > 60 and alias_db < -50


def test_stereo_is_mixed_and_gain_clips():
    both = io.BytesIO()
    with wave.open(both, "wb") as out:
        out.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        out.writeframes(struct.pack("<4h", 1000, 3000, -5, -5))
    assert list(samples_of(both.getvalue())) == [2000, -5]
    assert list(louder(array("h", [20_000, -20_000, 1]), 6)) == [32_767, -32_768, 2]


class Told:
    """Who listens to `Hearing`."""

    def __init__(self) -> None:
        self.events: list[object] = []
        self.hearing = Hearing(lambda kind, on: self.events.append(on))


def test_what_waits_and_what_is_cut_off():
    told = Told()
    hearing = told.hearing
    first, second = hearing.say(array("h", [1] * 100), 0), hearing.say(array("h", [2] * 100), 0)
    hearing.begin()
    assert array("h", hearing.part(50)[1:]) == array("h", [1] * 50)
    hearing.end()
    assert first.heard.is_set() and not first.whole, "the rest of it is lost"
    assert not second.heard.is_set(), "the next one waits for the next time"
    hearing.begin()
    assert array("h", hearing.part(320)[1:]) == array("h", [2] * 100) and second.whole
    hearing.say(array("h", [3]))
    hearing.hush()
    assert hearing.part(320) == b"\0" and told.events == [True, False, True]


def test_live_sound_is_bounded_and_begins_whole():
    hearing = Told().hearing
    hearing.speak(array("h", [5] * 1000))
    hearing.begin()
    assert hearing.part(320) == b"\0", "what was said before is not heard"
    hearing.speak(array("h", [5] * 1000))
    assert hearing.part(320) == b"\0", "not enough to go on"
    hearing.speak(array("h", [5] * 500))
    assert array("h", hearing.part(320)[1:]) == array("h", [5] * 320)
    for _ in range(100):
        hearing.speak(array("h", [7] * 3200))
    seconds = 0
    while len(hearing.part(16_000)) > 1:
        seconds += 1
    assert seconds <= 3
    hearing.say(array("h", [30_000] * 2000), 0)
    hearing.speak(array("h", [30_000] * 2000))
    assert set(array("h", hearing.part(1000)[1:])) == {32_767}, "both at once"
