"""Speaking to the watch on its page: a microphone that Chromium makes of a file, one it keeps, words, a dropped WAV."""

from __future__ import annotations

import asyncio
import base64

import pytest

from tapwatch.simulator.server import SimulatorServer
from tapwatch.simulator.wav import RATE_HZ
from tests.host.simulator.support import command, standin
from tests.host.simulator.test_hearing import crossings, heard, tone, wav_file
from tests.system.browser.devtools import Browser, executable
from tests.system.browser.hands import WATCH_ON, Hands, complaints

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")

TOLD = "document.getElementById('voice-told').textContent"
SPEAK = "document.getElementById('speak')"
HZ = 700
_DROP = """(() => {{
  const bytes = Uint8Array.from(atob('{data}'), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], '{name}', {{ type: 'audio/wav' }}));
  document.getElementById('watch').dispatchEvent(new DragEvent('drop', {{ dataTransfer: carried, bubbles: true }}));
}})()"""


def look(folder, scenario, flags):
    """Run `scenario(browser, hands, watch)` with a browser that has these flags."""

    async def main():
        async with (
            standin(folder / "watch") as watch,
            SimulatorServer(watch) as server,
            Browser(folder / "profile", width=1500, height=1100, flags=flags) as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(WATCH_ON, 20)
            await asyncio.wait_for(scenario(browser, Hands(browser, watch), watch), 60)
            assert complaints(browser) == [] and browser.outside == []

    asyncio.run(main())


def test_a_microphone_words_and_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tapwatch.simulator.server.can_speak", lambda: True)
    monkeypatch.setattr("tapwatch.voice.spoken.speak", _spoken)
    sound = tmp_path / "tone.wav"
    sound.write_bytes(wav_file(tone(HZ, 48_000, 2, 0.5), 48_000))
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
        "--autoplay-policy=no-user-gesture-required",
    )

    async def scenario(browser, hands, watch):
        await _speak(browser, hands, watch)
        await _drop(browser, watch)
        await hands.click("#say-form button")
        await browser.until("document.getElementById('events').textContent.includes('Says “payment”')")
        assert watch.hearing.unheard_ms == 900

    look(tmp_path, scenario, flags)


def _spoken(text, voice=""):
    """Any voice: what espeak-ng makes of words has tests of its own."""
    assert (text, voice) == ("payment", "")
    return tone(HZ, RATE_HZ, 0.6)


async def _speak(browser, hands, watch):
    """A click holds the side button; while the watch listens, it hears the computer's microphone."""
    await hands.click("#speak")
    await watch.wait_for(lambda state: state["presses"] == [1, 0])
    assert await command(watch, b"mi") == b"ok"
    await browser.until(f"{SPEAK}.textContent == 'Listening' && {TOLD}.includes('Speak now')")
    await hands.keep("voice")
    await asyncio.sleep(1.5)
    _, lost, got = await heard(watch)
    await browser.until(f"{SPEAK}.textContent == 'Speak' && {TOLD}.includes('while the watch listens')")
    tail = got[-8000:]
    share, sent, found = max(tail) / 32767, HZ // 2, crossings(tail)
    print(
        f"NOTE page, voice: {len(got)} samples, {lost} parts lost; {sent} periods of a fake microphone came as {found}"
    )
    assert abs(found - sent) < 0.1 * sent and share > 0.1
    await hands.click("#ears")
    await browser.until(f"!{TOLD}")
    assert await browser.value("document.getElementById('ears').checked") is False


async def _drop(browser, watch):
    """A WAV waits until the watch listens; anything else is refused in words."""
    data = base64.b64encode(wav_file(tone(300, RATE_HZ, 0.4))).decode()
    await browser.value(_DROP.format(data=data, name="said.wav"))
    await browser.until("document.getElementById('events').textContent.includes('said.wav, 0.4 s')")
    assert watch.hearing.unheard_ms == 700
    await browser.value(_DROP.format(data=data, name="said.mp3"))
    await browser.until(f"{TOLD}.includes('Only WAV')")
    watch.hearing.hush()


def test_a_microphone_that_is_not_given(tmp_path):
    async def scenario(browser, hands, watch):
        await browser.send("Browser.setPermission", permission={"name": "microphone"}, setting="denied")
        await hands.click("#speak")
        await browser.until(f"{TOLD}.includes('Allow it beside the address')")
        assert await browser.value("document.getElementById('ears').checked") is False
        assert (await watch.state())["presses"] == [], "nothing was pressed for nobody"

    look(tmp_path, scenario, ("--use-fake-device-for-media-stream",))
