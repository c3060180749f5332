"""The host's end of the host link: serves the devices that live here, and carries events to the watch."""

from __future__ import annotations

import asyncio
import errno
import json
import struct
from collections.abc import Callable

from tapwatch.simulator import frames
from tapwatch.simulator.flash_image import FlashImage, PowerCut
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.hearing import Hearing
from tapwatch.simulator.loudspeaker import Loudspeaker
from tapwatch.simulator.panel import Panel
from tapwatch.simulator.process import WatchProcess
from tapwatch.simulator.radio.port import RadioPort

Listener = Callable[[str, object], None]
"""Called with the kind of an event and its data."""

_READ_BYTES = 1 << 16


class Link:
    """Frames to and from one run of the firmware."""

    def __init__(
        self,
        process: WatchProcess,
        panel: Panel,
        flash: FlashImage,
        listener: Listener,
        radio: Callable[[Callable[[bytes], None]], RadioPort],
        hearing: Hearing,
    ) -> None:
        """`radio` makes the radio, of what sends a message to the firmware; `hearing` is before the microphone."""
        self.ready = asyncio.Event()
        self.usb = asyncio.StreamReader()
        self._process = process
        self._panel = panel
        self._flash = flash
        self._listener = listener
        self._loudspeaker = Loudspeaker(listener)
        self.hearing = hearing
        self._states: list[asyncio.Future[dict]] = []
        self._steps: list[asyncio.Future[None]] = []
        self._heard: list[asyncio.Future[str]] = []
        self.radio = radio(lambda message: self.send(frames.RADIO, message))
        self._handlers: dict[int, Callable[[bytes], None]] = {
            frames.READY: lambda payload: self.ready.set(),
            frames.DISPLAY_WRITE: panel.write_packed,
            frames.DISPLAY_BRIGHTNESS: self._on_brightness,
            frames.DISPLAY_SLEEP: self._on_sleep,
            frames.HAPTICS: lambda payload: listener("haptics", _number(">B", payload)),
            frames.SOUND: self._on_sound,
            frames.CLOCK_SET: lambda payload: listener("clock", _number(">q", payload)),
            frames.FIELD: lambda payload: listener("field", bool(_number(">B", payload))),
            frames.FLASH_READ: self._on_flash_read,
            frames.FLASH_PROGRAM: self._on_flash_program,
            frames.FLASH_ERASE: self._on_flash_erase,
            frames.MICROPHONE_ON: lambda payload: self._answer(hearing.begin),
            frames.SOUND_WANTED: self._on_sound_wanted,
            frames.MICROPHONE_OFF: lambda payload: hearing.end(),
            frames.USB: self.usb.feed_data,
            frames.RADIO: self.radio.receive,
            frames.EVENT: self._on_event,
            frames.STATE: self._on_state,
            frames.ADVANCED: self._on_advanced,
            frames.PHONE_HEARD: self._on_phone_heard,
        }

    def send(self, kind: int, payload: bytes = b"") -> None:
        """Send one frame; silently dropped when the watch is gone, which `run` reports."""
        if not self._process.writer.is_closing():
            self._process.writer.write(frames.encode(kind, payload))

    async def state(self) -> dict:
        """Ask the firmware to describe itself."""
        answer: asyncio.Future[dict] = asyncio.get_running_loop().create_future()
        self._states.append(answer)
        self.send(frames.STATE_WANTED)
        return await answer

    async def advance(self, milliseconds: int) -> None:
        """Let the watch's time run ahead and wait until the firmware has done what was due."""
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._steps.append(answer)
        self.send(frames.ADVANCE, struct.pack(">I", milliseconds))
        await answer

    async def phone(self, kind: int, payload: bytes) -> str:
        """Let the watch hear its phone (PHONE_SAYS and the like). Returns `ok` or what it has against it."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._heard.append(answer)
        self.send(kind, payload)
        return await answer

    async def run(self) -> None:
        """Serve frames until the watch goes away. Raises LinkError for garbage and PowerCut for a planned cut."""
        reader = frames.FrameReader()
        while data := await self._read():
            for kind, payload in reader.feed(data):
                self._dispatch(kind, payload)

    async def _read(self) -> bytes:
        try:
            return await self._process.reader.read(_READ_BYTES)
        except ConnectionError:
            return b""  # a killed watch looks the same as one that closed its end

    def _dispatch(self, kind: int, payload: bytes) -> None:
        handler = self._handlers.get(kind)
        if handler is None:
            raise LinkError(f"the watch sent a frame of unknown type 0x{kind:02x}")
        handler(payload)

    def _on_sound(self, payload: bytes) -> None:
        try:
            self._loudspeaker.take(payload)
        except ValueError as problem:
            raise LinkError("the watch sent half a sample of sound") from problem

    def _on_sound_wanted(self, payload: bytes) -> None:
        samples = _number(">H", payload)
        self._answer(lambda: self.hearing.part(samples))

    def _on_brightness(self, payload: bytes) -> None:
        self._panel.brightness = _number(">B", payload)
        self._listener("light", {"brightness": self._panel.brightness, "asleep": self._panel.asleep})

    def _on_sleep(self, payload: bytes) -> None:
        self._panel.asleep = bool(_number(">B", payload))
        self._listener("light", {"brightness": self._panel.brightness, "asleep": self._panel.asleep})

    def _on_flash_read(self, payload: bytes) -> None:
        address, length = _numbers(">II", payload)
        self._answer(lambda: self._flash.read(address, length))

    def _on_flash_program(self, payload: bytes) -> None:
        address = _number(">I", payload[:4])
        self._answer(lambda: self._flash.program(address, payload[4:]))

    def _on_flash_erase(self, payload: bytes) -> None:
        address = _number(">I", payload)
        self._answer(lambda: self._flash.erase(address))

    def _answer(self, access: Callable[[], bytes | None]) -> None:
        try:
            found = access()
        except OSError as problem:
            self.send(frames.REPLY, bytes([problem.errno or errno.EIO]))
        except PowerCut:
            self._process.kill()
            raise
        else:
            self.send(frames.REPLY, b"\0" + (found or b""))

    def _on_event(self, payload: bytes) -> None:
        event = _json(payload)
        self._listener(str(event.get("kind")), event.get("data"))

    def _on_state(self, payload: bytes) -> None:
        _settle(self._states, _json(payload))

    def _on_advanced(self, payload: bytes) -> None:
        _settle(self._steps, None)

    def _on_phone_heard(self, payload: bytes) -> None:
        _settle(self._heard, payload.decode(errors="replace"))


def _settle(waiting: list, value: object) -> None:
    if not waiting:
        raise LinkError("the watch answered what nobody had asked")
    answer = waiting.pop(0)
    if not answer.done():
        answer.set_result(value)


def _json(payload: bytes) -> dict:
    try:
        value = json.loads(payload)
    except ValueError as problem:
        raise LinkError("the watch sent JSON that cannot be read") from problem
    if not isinstance(value, dict):
        raise LinkError("the watch sent JSON that is no object")
    return value


def _numbers(form: str, payload: bytes) -> tuple[int, ...]:
    try:
        return struct.unpack(form, payload)
    except struct.error as problem:
        raise LinkError("the watch sent a frame of the wrong length") from problem


def _number(form: str, payload: bytes) -> int:
    return _numbers(form, payload)[0]
