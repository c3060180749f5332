"""A simulated watch as one object: start it, touch it, look at it, break it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.signing.cbor import Value
from tapwatch.simulator import frames
from tapwatch.simulator.fingers import SIDE_BUTTON, TOUCH_S, Fingers
from tapwatch.simulator.flash_image import FlashImage
from tapwatch.simulator.hearing import Hearing
from tapwatch.simulator.link import Link, Listener
from tapwatch.simulator.options import RADIO_ADDRESS, RUNNING, WatchOptions
from tapwatch.simulator.panel import Panel
from tapwatch.simulator.process import WatchDied, WatchOff, WatchProcess
from tapwatch.simulator.radio.port import RadioPort
from tapwatch.simulator.run import Run
from tapwatch.simulator.state_dir import StateDir
from tapwatch.simulator.watchdog import Watchdog

if TYPE_CHECKING:
    from tapwatch.simulator.radio.air import Air

T = TypeVar("T")
State = dict
"""What the firmware says of itself, among it `screen` (its name) and `targets` ([name, x, y, w, h] each)."""

START_S = 60.0
"""Longest wait for the firmware to come up; it takes about 0.3 s on an idle computer."""
ANSWER_S = 30.0
"""Longest wait for any answer; the slowest, opening a token package, takes well under a second."""
SHOWN_S = 30.0
"""Longest wait for something on the screen; the slowest, an unlocking, takes about a second on an idle computer."""
MAX_PHONE_BYTES = 4096
"""Longest message of a phone, as JSON; Gadgetbridge's longest notification has about half."""
MAX_WALK = 100_000
"""Most steps that can be taken at once; more than a long day has."""
_DARK = ("off", "always-on")
"""What the firmware calls its light while an input only wakes it."""
_PRESS_SETTLES_S = 0.5
"""After this time a press can no longer become a double one."""
_MOVING, _RAISED = 1, 2
"""Bits of a MOTION frame."""
_LOOK_S = 0.02
"""Pause between two looks at the state."""


class NotShown(UserError):
    """What was waited for did not come onto the screen."""


class SimulatedWatch:
    """The watch firmware in a MicroPython process of its own, with this process as its hardware.

    Use it as an async context manager, or call `start` and `stop`. Each method that needs a running watch raises
    WatchDied with the firmware's traceback when the firmware has ended, PowerCut after a planned power cut, and
    WatchOff while it has not been started.
    """

    def __init__(self, state_dir: Path, options: WatchOptions | None = None) -> None:
        """Describe a watch whose flash and secret are in `state_dir`. Raises UserError for unusable options."""
        self.options = options or WatchOptions()
        self.panel = Panel(self.options.glass)
        self.nfc = _nfc_address(self.options.nfc)
        self.fingers = Fingers(self.panel.glass, self._send, self.advance)
        self.percent = self.options.percent
        self.charging = self.options.charging
        self._state_dir = state_dir
        self._listeners: list[Listener] = []
        self.hearing = Hearing(self._on_event)
        """What its microphone hears."""
        self.steps = 0
        self.phone_linked = True
        self._rtc_offset_s: int | None = None
        self._ahead_s = 0.0
        self._air: Air | None = None
        self._flash: FlashImage | None = None
        self._run: Run | None = None
        self._watchdog: Watchdog | None = None
        self._resetting: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Switch the watch on and wait until its firmware serves the link. Raises UserError or WatchDied."""
        if self._run is not None:
            raise RuntimeError("the watch is already on")
        state = StateDir(self._state_dir)
        self._watchdog = self._watchdog or Watchdog(state.watchdog)
        self._flash = self._flash or FlashImage(state.flash)
        try:
            while not await self._come_up(state, self._watchdog):
                await self.kill()  # stuck in an app before it was up: once more, with the note of that
            if not self.phone_linked:
                await self._tell(frames.PHONE_LINK, b"\0")
            self._resetting = asyncio.create_task(self._reset_when_stuck(self._watchdog))
        except BaseException:
            await self.stop()
            raise

    async def _come_up(self, state: StateDir, watchdog: Watchdog) -> bool:
        """Start the firmware and wait until it serves the link; False if its watchdog was faster."""
        self.panel.power_off()
        process = await WatchProcess.start(self.options.heap, lambda line: self._on_event("output", line))
        self._run = Run(process, self._link(process))
        self._send(frames.CONFIG, json.dumps(self._configuration(state, watchdog)).encode())
        ready = asyncio.create_task(self._run.answer(self._run.link.ready.wait(), START_S))
        stuck = asyncio.create_task(watchdog.expired())
        try:
            await asyncio.wait({ready, stuck}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done() and isinstance(ready.exception(), WatchDied) and watchdog.guarding:
                await stuck  # a face has crashed the interpreter: nothing but the watchdog is left
                return False
            if ready.done():
                await ready
            return ready.done()
        finally:
            ready.cancel()
            stuck.cancel()

    async def stop(self) -> None:
        """Switch the watch off, free its flash image, and do not ask how its firmware ended."""
        try:
            await self.kill()
        finally:
            if self._flash is not None:
                flash, self._flash = self._flash, None
                flash.close()

    async def kill(self) -> None:
        """Cut the power now; `start` switches the watch on again."""
        if self._resetting is not None and self._resetting is not asyncio.current_task():
            self._resetting.cancel()
        if self._run is not None:
            await self._run.close()
            self._run = None

    async def restart(self) -> None:
        """Power off and on."""
        await self.kill()
        await self.start()

    def resize(self, size: str) -> None:
        """Give the watch another panel, one of SIZES, while it is off; flash and clock stay. Raises UserError."""
        if self._run is not None:
            raise RuntimeError("the watch is on")
        options = dataclasses.replace(self.options, size=size)
        self.panel.replace(options.glass)
        self.fingers = Fingers(options.glass, self._send, self.advance)
        self.options = options

    async def ended(self) -> UserError:
        """Wait for the end of this run; returns WatchDied, PowerCut, or WatchOff if it was switched off on purpose."""
        return await self._running().ended()

    @property
    def alive(self) -> bool:
        """True while the firmware runs."""
        return self._run is not None and self._run.alive

    @property
    def output(self) -> str:
        """The last lines the firmware printed."""
        return self._running().process.output

    @property
    def flash(self) -> FlashImage:
        """The flash image: `operations`, and the faults `cut_power` and `fail`. Raises WatchOff."""
        if self._flash is None:
            raise WatchOff
        return self._flash

    @property
    def air(self) -> Air:
        """The air around the watch, on which `air.device(...)` puts Bluetooth devices; it stays over a restart."""
        if self._air is None:
            from tapwatch.simulator.radio.air import Air  # here: Bumble takes 0.4 s to import

            self._air = Air()
        return self._air

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call back with (kind, data) of each event.

        `light`, `haptics`, `tone`, `clock`, `field` (of a reader), `microphone` (whether it listens), `phone`
        (what the watch says to it), `output` (a line), `watchdog` (a reset, and the note of what was stuck).
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def touch(self, x: int, y: int, seconds: float = TOUCH_S) -> None:
        """Touch a point of the panel."""
        await self.fingers.touch(x, y, seconds)

    async def swipe(self, direction: str) -> None:
        """Stroke across the panel: `left`, `right`, `up` or `down`."""
        await self.fingers.swipe(direction)

    async def press(self, button: int = SIDE_BUTTON, times: int = 1, seconds: float = TOUCH_S) -> None:
        """Press a button."""
        await self.fingers.press(button, times, seconds)

    async def tap_target(self, name: str) -> None:
        """Touch the middle of the target of this name. Raises UserError when the screen has none."""
        state = await self.look()
        for target, x, y, w, h in state["targets"]:
            if target == name:
                await self.touch(x + w // 2, y + h // 2)
                return
        names = ", ".join(str(target[0]) for target in state["targets"]) or "none"
        raise UserError(f"Screen {state['screen']!r} has no target {name!r}.", f"It has: {names}.", EXIT_FAILED)

    def move(self, moving: bool = True, steps: int = 0) -> None:
        """Move the wrist, or hold it still; `steps` is the count since power-up."""
        self._move(_MOVING if moving else 0, steps)

    def raise_wrist(self) -> None:
        """Raise the wrist to look at the watch."""
        self._move(_MOVING | _RAISED, self.steps)

    def walk(self, steps: int) -> None:
        """Take some steps. Raises ValueError."""
        if not 0 < steps <= MAX_WALK:
            raise ValueError(f"steps is 1 to {MAX_WALK}")
        self._move(_MOVING, self.steps + steps & 0xFFFFFFFF)

    def _move(self, bits: int, steps: int) -> None:
        self.steps = steps
        self._send(frames.MOTION, struct.pack(">BI", bits, steps))

    def accelerate(self, x: int, y: int, z: int) -> None:
        """Hold the watch so that gravity reads x, y, z in milli-g: x right, y up, z to the wearer. Raises ValueError.

        0, 0, 1000 lies on a table.
        """
        try:
            self._send(frames.ACCELERATION, struct.pack(">hhh", x, y, z))
        except struct.error as problem:
            raise ValueError("acceleration is three numbers from -32768 to 32767") from problem

    def power(self, percent: int, charging: bool) -> None:
        """Set the battery and the charger. Raises ValueError."""
        if not 0 <= percent <= 100:
            raise ValueError("a battery holds 0 to 100 percent")
        self.percent, self.charging = percent, charging
        self._send(frames.POWER, bytes([percent, charging]))

    def entropy(self, running: bool) -> None:
        """Let the entropy source run or fail."""
        self._send(frames.ENTROPY, bytes([running]))

    async def phone(self, message: dict) -> None:
        """Let the phone say something, with Gadgetbridge's names: `{"t": "notify", "id": 1, "title": "Anna"}`.

        Raises ValueError for what no phone can send, UserError for what the watch refuses and while the phone is away.
        """
        if not self.phone_linked:
            raise UserError("The phone is not connected.", "Connect it first.", EXIT_USAGE)
        text = json.dumps(message, ensure_ascii=False, allow_nan=False).encode()
        if len(text) > MAX_PHONE_BYTES:
            raise ValueError(f"a phone says at most {MAX_PHONE_BYTES} bytes at once")
        await self._tell(frames.PHONE_SAYS, text)

    async def link_phone(self, connected: bool) -> None:
        """Let the phone come or go; it stays so over a restart. Raises UserError."""
        await self._tell(frames.PHONE_LINK, bytes([connected]))
        self.phone_linked = connected

    async def set_time(self, unix_s: int, offset_min: int) -> None:
        """Let the phone say what time it is: seconds since 1970, minutes east of UTC. Raises ValueError, UserError."""
        try:
            payload = struct.pack(">qh", unix_s, offset_min)
        except struct.error as problem:
            raise ValueError("no clock shows this time") from problem
        await self._tell(frames.PHONE_TIME, payload)

    async def state(self) -> State:
        """What the firmware says of itself, and whether its microphone is `on`."""
        state = await self._ask(self._running().link.state())
        return {**state, "microphone": "on" if self.hearing.listening else "off"}

    async def look(self) -> State:
        """The state of a watch whose screen is on: a dark one is woken first, by a press of the side button."""
        state = await self.state()
        if state.get("light") in _DARK:
            await self.press()
            await self.advance(_PRESS_SETTLES_S)
            state = await self.state()
        return state

    async def wait_for(self, wanted: str | Callable[[State], object], timeout_s: float = SHOWN_S) -> State:
        """Wait for a screen name, or until `wanted(state)` is true. Returns the state. Raises NotShown at the end."""
        deadline = time.monotonic() + timeout_s
        while True:
            state = await self.state()
            if state["screen"] == wanted if isinstance(wanted, str) else wanted(state):
                return state
            if time.monotonic() > deadline:
                what = repr(wanted) if isinstance(wanted, str) else "what was waited for"
                problem = f"The watch did not show {what} within {timeout_s:g} s."
                raise NotShown(problem, f"It shows: {state}", EXIT_FAILED)
            await asyncio.sleep(_LOOK_S)

    def screen_png(self, glass: bool = False) -> bytes:
        """What the wearer sees, as a PNG file; with `glass` the round corners are transparent."""
        return self.panel.png(glass)

    async def message(self, kind: int, body: object) -> Value:
        """Send a message over USB and return the body of the answer. Raises WatchRefused with the status."""
        return await self._ask(self._running().messages.ask(kind, body))

    async def advance(self, seconds: float) -> None:
        """Let the watch's time run ahead: returns when it has done all that was due, in a fraction of the time."""
        await self._ask(self._running().link.advance(round(seconds * 1000)))
        self._ahead_s += seconds

    async def _tell(self, kind: int, payload: bytes) -> None:
        """Let the watch hear its phone."""
        status = await self._ask(self._running().link.phone(kind, payload))
        if status != "ok":
            raise UserError(f"The watch refused what the phone said: {status}.", "", EXIT_USAGE)

    def _link(self, process: WatchProcess) -> Link:
        return Link(process, self.panel, self.flash, self._on_event, self._radio, self.hearing)

    def _radio(self, send: Callable[[bytes], None]) -> RadioPort:
        return RadioPort(lambda: self.air, bytes.fromhex(RADIO_ADDRESS), send)

    def _send(self, kind: int, payload: bytes) -> None:
        self._running().link.send(kind, payload)

    async def _ask(self, question: Awaitable[T]) -> T:
        return await self._running().answer(question, ANSWER_S)

    async def _reset_when_stuck(self, watchdog: Watchdog) -> None:
        """Do what the watchdog of a board does: reset the watch, with a note of what it was stuck in.

        Events: `watchdog` with that note.
        """
        await watchdog.expired()
        self._on_event("watchdog", watchdog.note.decode(errors="replace"))
        await self.restart()

    def _configuration(self, state: StateDir, watchdog: Watchdog) -> dict[str, object]:
        """The first frame of a run: the options, and what has changed since."""
        offset_s = self._rtc_offset_s
        if offset_s is None and self.options.unix_s == RUNNING:
            offset_s = 0
        if offset_s is not None:
            offset_s += int(self._ahead_s)  # a real clock chip does not fall back at a restart either
        config = self.options.configuration(state.secret, self.nfc, offset_s)
        return {**config, **watchdog.configuration(), "percent": self.percent, "charging": self.charging}

    def _running(self) -> Run:
        if self._run is None:
            raise WatchOff
        return self._run

    def _on_event(self, kind: str, data: object) -> None:
        if kind == "clock" and isinstance(data, int):
            self._rtc_offset_s = data - int(time.time())  # a real clock chip would keep the setting as well
            self._ahead_s = 0.0
        for listener in tuple(self._listeners):
            listener(kind, data)


def _nfc_address(chosen: str | None) -> str:
    """The checked address of the card side; a free loopback port when none was chosen. Raises UserError."""
    if chosen is None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            return f"udp:127.0.0.1:{probe.getsockname()[1]}"
    kind, _, rest = chosen.partition(":")
    host, _, port = rest.rpartition(":")
    if kind not in ("udp", "vpcd") or not host or not port.isdigit() or not 0 < int(port) < 65536:
        hint = "Use udp:HOST:PORT or vpcd:HOST:PORT."
        raise UserError(f"{chosen!r} is no address for the watch's card side.", hint, EXIT_USAGE)
    return chosen
