"""The simulator against scripts, pages, other programs on the socket, and files that are not its own."""

from __future__ import annotations

import asyncio
import io
import json
import random
import struct
import wave
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.errors import UserError
from tapwatch.simulator import controls, frames, link, wav
from tapwatch.simulator.flash_image import SIZE, FlashImage
from tapwatch.simulator.frames import FrameReader, LinkError
from tapwatch.simulator.hearing import Hearing
from tapwatch.simulator.options import SIZES, WatchOptions
from tapwatch.simulator.panel import Panel
from tapwatch.simulator.radio import wire
from tapwatch.simulator.radio.air import Air
from tapwatch.simulator.radio.port import RadioPort
from tapwatch.simulator.watch import MAX_WALK, _nfc_address
from tests.fuzz.campaign import Campaign
from tests.fuzz.mutate import mutated, mutated_text, mutated_value, noise, sizes
from tests.host.simulator.test_server import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GLASS = SIZES["240x240"]
INPUTS = (
    {"type": "point", "down": True, "x": 5, "y": 5},
    {"type": "touch", "x": 5, "y": 5, "seconds": 0.1},
    {"type": "target", "name": "face"},
    {"type": "swipe", "direction": "left"},
    {"type": "button", "button": 0, "down": True},
    {"type": "press", "times": 2},
    {"type": "motion", "moving": True, "steps": 10},
    {"type": "power", "percent": 50, "charging": False},
    {"type": "walk", "steps": 250},
    {"type": "phone", "phone": {"t": "find", "n": True}},
    {"type": "link", "connected": False},
    {"type": "clock", "unix_s": 1_800_000_000, "offset_min": 480},
)


class PaperWatch:
    """What controls do to a watch, without one: the real fingers, frames that are only packed."""

    def __init__(self) -> None:
        from tapwatch.simulator.fingers import Fingers

        self.fingers = Fingers(GLASS, lambda kind, payload: None, self._pause)
        self.touch, self.swipe, self.press = self.fingers.touch, self.fingers.swipe, self.fingers.press

    async def _pause(self, seconds: float) -> None:
        assert 0 <= seconds <= controls.MAX_SECONDS

    async def tap_target(self, name: str) -> None:
        raise UserError(f"There is no {name}.")

    def move(self, moving: bool, steps: int) -> None:
        struct.pack(">BI", moving, steps)

    def walk(self, steps: int) -> None:
        if not 0 < steps <= MAX_WALK:
            raise ValueError("too far")

    async def phone(self, message: dict[str, Any]) -> None:
        assert isinstance(message["t"], str)

    async def link_phone(self, connected: bool) -> None:
        struct.pack(">?", connected)

    async def set_time(self, unix_s: int, offset_min: int) -> None:
        try:
            struct.pack(">qh", unix_s, offset_min)
        except struct.error as problem:
            raise ValueError("no clock shows this") from problem

    def power(self, percent: int, charging: bool) -> None:
        if not 0 <= percent <= 100:
            raise ValueError("percent is 0 to 100")
        struct.pack(">BB", percent, charging)


def test_inputs() -> None:
    random.seed(1)
    watch: Any = PaperWatch()

    def take(message: object) -> None:
        asyncio.run(controls.apply(watch, message))

    def make() -> object:
        message = random.choice(INPUTS)
        return mutated_value(message) if random.randrange(4) else message

    share = Campaign("simulator inputs", take, (controls.BadInput, UserError)).run(make, 1_000)
    assert 0.1 < share < 0.9
    odd = Campaign("simulator, odd numbers", take, controls.BadInput)
    for number in (float("nan"), float("inf"), -0.0, 1 << 70, -(1 << 70), 1e308, True, None, "1"):
        odd.one({"type": "touch", "x": number, "y": 1, "seconds": number})
        odd.one({"type": "press", "times": number, "seconds": 0.1})
        odd.one({"type": "motion", "moving": True, "steps": number})
    odd.note()


def test_sounds() -> None:
    """Any bytes as a WAV, and frames that ask for any number of samples."""
    random.seed(6)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((2, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(range(200)))
    good = file.getvalue()

    def make() -> bytes:
        changed = bytearray(mutated(good))
        if random.randrange(2) and len(changed) > 44:
            struct.pack_into("<I", changed, random.choice((4, 16, 24, 28, 40)), random.choice(sizes(len(good))))
        return bytes(changed)

    def take(data: bytes) -> None:
        assert len(wav.samples_of(data)) <= wav.MOST_S * wav.RATE_HZ

    share = Campaign("simulator, WAV", take, ValueError).run(make, 1_000)
    assert 0.05 < share < 0.95


def no_radio(send: Callable[[bytes], None]) -> RadioPort:
    """A radio that never gets power: what it hears when it has is another test's."""
    return RadioPort(lambda: pytest.fail("no air is needed"), bytes(6), send)


class PaperProcess:
    """The other end of a host link, without a process."""

    def __init__(self) -> None:
        self.writer = self

    def is_closing(self) -> bool:
        return True

    def kill(self) -> None:
        raise AssertionError("no power cut was planned")


def test_frames_of_the_host_link(tmp_path: Path) -> None:
    """Any bytes from the watch's end: handled, or LinkError, which ends that run of the firmware."""
    random.seed(2)
    process: Any = PaperProcess()
    flash = FlashImage(tmp_path / "flash.img")
    kinds = [
        value for name, value in vars(frames).items() if name.isupper() and isinstance(value, int) and value < 0x80
    ]
    payloads = (
        struct.pack(">HHHH", 0, 0, 4, 4) + bytes(32),
        struct.pack(">II", 0, 16),
        struct.pack(">I", 4096),
        struct.pack(">q", 1_800_000_000),
        b'{"kind": "x", "data": {}}',
        b"\x01",
        b"\x01\x00",
    )

    async def run(data: bytes) -> None:
        served = link.Link(
            process, Panel(GLASS), flash, lambda kind, value: None, no_radio, Hearing(lambda kind, on: None)
        )
        reader = FrameReader()
        for kind, payload in reader.feed(data):
            served._dispatch(kind, payload)

    def make() -> bytes:
        data = b"".join(frames.encode(random.choice(kinds), random.choice(payloads)) for _ in range(2))
        return mutated(data) if random.randrange(3) else data

    share = Campaign("simulator link frames", lambda data: asyncio.run(run(data)), LinkError).run(make, 1_000)
    assert 0.02 < share < 0.95
    flash.close()


class Firmware:
    """A watch with a radio: answers what the host asks, and sends messages that make sense until they are spoilt."""

    def __init__(self) -> None:
        self.air = Air()
        self.port = RadioPort(lambda: self.air, bytes((0xC2, 1, 2, 3, 4, 5)), self._hear)
        self.heard = 0

    def _hear(self, message: bytes) -> None:
        self.heard += 1
        if message[0] in (wire.SECRET_WANTED, wire.SECRET_NEW):
            (tag,) = wire.unpack("H", message)
            asyncio.get_running_loop().call_soon(self.port.receive, wire.pack(wire.SECRET_ANSWER, "HB", tag, 0))

    async def play(self, messages: list[bytes]) -> None:
        """Switch on, say all of it, and let the host work it off in between."""
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)  # the port tells instead
        self.port.receive(wire.pack(wire.POWER, "B", 1))
        phone = await self.air.device("phone")
        try:
            for message in RADIO_MESSAGES[:4]:
                self.port.receive(message)
            await asyncio.wait_for(phone.connect("C2:01:02:03:04:05"), 5)
            for message in messages:
                self.port.receive(message)
                for _ in range(5):
                    await asyncio.sleep(0)
        finally:
            self.port.off()
            await self.air.remove(phone)


RADIO_MESSAGES = (
    wire.pack(wire.NAME, "", data=b"Tapwatch"),
    wire.pack(wire.SECURITY, "BBBB", 1, 1, 1, 1),
    wire.pack(wire.SERVICES, "BHHB", 0, 16, 0, 2, data=b"\x0f\x18\x01\x00\x12\x00\x12\x02\x19\x2a"),
    wire.pack(wire.ADVERTISE, "IBB", 30_000, 1, 3, data=b"\x02\x01\x06"),
    wire.pack(wire.MTU, "H", 256),
    wire.pack(wire.ADDRESS, "B", 2),
    wire.pack(wire.SILENCE, ""),
    wire.pack(wire.DISCONNECT, "H", 0),
    wire.pack(wire.PAIR, "H", 0),
    wire.pack(wire.PASSKEY_ANSWER, "HBI", 0, 4, 1),
    wire.pack(wire.NOTIFY, "HH", 0, 18, data=b"2"),
    wire.pack(wire.INDICATE, "HH", 0, 18, data=b"2"),
    wire.pack(wire.CHANGED, "H", 18, data=b"2"),
    wire.pack(wire.READ_ANSWER, "HB", 1, 0, data=b"2"),
    wire.pack(wire.WRITE_ANSWER, "HB", 1, 0),
    wire.pack(wire.FIND_SERVICES, "H", 0),
    wire.pack(wire.FIND_CHARACTERISTICS, "HHH", 0, 1, 9),
    wire.pack(wire.FIND_DESCRIPTORS, "HHH", 0, 1, 9),
    wire.pack(wire.CLIENT_READ, "HH", 0, 3),
    wire.pack(wire.CLIENT_WRITE, "HHB", 0, 3, 1, data=b"2"),
    wire.pack(wire.CLIENT_MTU, "H", 0),
)
"""Of every kind that a watch sends; the first four make it one that a phone can connect to."""


def test_messages_about_bluetooth() -> None:
    """Whatever the firmware says of its radio: done, or LinkError; then the host's half can start anew."""
    random.seed(6)

    def make() -> list[bytes]:
        found = [random.choice(RADIO_MESSAGES) for _ in range(random.randrange(1, 8))]
        place = random.randrange(len(found))
        found[place] = mutated(found[place]) or b"\x7f"
        return found

    def take(messages: list[bytes]) -> None:
        asyncio.run(Firmware().play(messages))

    share = Campaign("simulator, messages about Bluetooth", take, LinkError, most_ms=1_000).run(make, 40, 100)
    assert 0.02 < share < 0.98, share


def test_windows_of_the_panel() -> None:
    random.seed(3)
    panel = Panel(GLASS)

    def take(payload: bytes) -> None:
        panel.write_packed(payload)
        assert len(panel.whole().pixels) == GLASS.width * GLASS.height * 2

    def make() -> bytes:
        window = [random.choice((0, 1, 2, 239, 240, 241, 65_535, random.randrange(240))) for _ in range(4)]
        size = window[2] * window[3] * 2 if random.randrange(3) else random.randrange(100)
        return struct.pack(">HHHH", *window) + bytes(min(size, 120_000))

    Campaign("simulator windows", take, LinkError).run(make, 750)


def test_http(tmp_path: Path) -> None:
    """Bodies of every form on every path, with the token: an answer, never 500, and the watch goes on."""
    random.seed(4)
    statuses: dict[int, int] = {}
    bodies = (
        json.dumps(INPUTS[0]).encode(),
        b'{"seconds": 1}',
        b'{"fault": "low"}',
        b'{"amount": "12.34", "currency": "CNY"}',
    )

    edges = (b"[" * 16_000, b'{"a":' * 3_000, b"", b"null", b"1" * 5_000, b'"\\ud800"', b"\xff", b"{}", b"NaN")

    async def scenario(server: Any, session: Any) -> None:
        requests = [("/input", body) for body in edges]
        for _ in range(190):
            good = random.choice(bodies)
            requests.append(
                (
                    random.choice(("/input", "/time", "/tap", "/pace", "/panel", "/audio", "/microphone", "/say?")),
                    random.choice((mutated(good), good, noise(20))),
                )
            )
        for path, body in requests:
            async with session.post(path, data=body) as answer:
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
                assert answer.status < 500, (path, body)
        for path in ("/screen.png?glass=" + "x" * 2_000, "/state.json?%00", "/" + mutated_text("state.json")):
            async with session.get(path) as answer:
                assert answer.status < 500
        async with session.get("/state.json") as answer:
            assert answer.status == 200

    serve(tmp_path, scenario)
    print(f"NOTE fuzz, simulator over HTTP: {sum(statuses.values())} requests, statuses {sorted(statuses.items())}")


def test_flash_images(tmp_path: Path) -> None:
    """A file of another size is not taken for a flash image."""
    for number, size in enumerate((*sizes(SIZE), SIZE - 4096)):
        path = tmp_path / f"{number}.img"
        path.write_bytes(bytes(size))
        if size in (0, SIZE):
            FlashImage(path).close()
        else:
            with pytest.raises(UserError):
                FlashImage(path)


def test_options() -> None:
    random.seed(5)

    def take(text: str) -> None:
        assert _nfc_address(text)

    Campaign("simulator, --nfc", take, UserError, most_ms=500).run(lambda: mutated_text("udp:127.0.0.1:8000"), 500)
    sizes_given = Campaign("simulator, panel sizes", lambda text: WatchOptions(size=text).glass, UserError)
    sizes_given.run(lambda: mutated_text("410x502"), 200)
