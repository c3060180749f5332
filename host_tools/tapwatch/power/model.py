"""From a board, a day and a radio setting to milliamp-hours by part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tapwatch.power.days import (
    DAY_S,
    FIELD_S,
    LISTEN_BUSY_SHARE,
    MINUTES,
    WAKE_S,
    WINDOW_S,
    WINDOWS,
    Day,
)
from tapwatch.power.figures import Board, Figure, Trust

RADIOS = ("off", "windows", "connected")
_S_PER_H = 3600


@dataclass(frozen=True)
class Part:
    """One consumer: a current for so many seconds of the day."""

    name: str
    ma: float
    seconds: float
    trust: Trust

    @property
    def mah(self) -> float:
        """Charge used in the day."""
        return self.ma * self.seconds / _S_PER_H


@dataclass(frozen=True)
class Estimate:
    """A day of one board with one radio setting."""

    radio: str
    parts: tuple[Part, ...]
    usable_mah: float

    @property
    def total_mah(self) -> float:
        """What the day takes from the battery."""
        return sum(part.mah for part in self.parts)

    @property
    def days(self) -> float:
        """How many such days a full battery lasts."""
        return self.usable_mah / self.total_mah


def possible(board: Board, day: Day) -> Day:
    """The day as this board can live it: without NFC there are no taps, without a microphone nobody speaks to it."""
    taps = day.taps if board.nfc_field is not None else 0
    return replace(day, taps=taps, pushes=day.pushes if board.microphone is not None else 0)


def estimate(board: Board, day: Day, radio: str, touch_wakes: bool = True, always_on: bool = False) -> Estimate:
    """What a day takes.

    Args:
        board: whose figures.
        day: what happens.
        radio: one of RADIOS.
        touch_wakes: the touch panel stays awake, so that a touch wakes the watch.
        always_on: with the always-on face.

    Raises:
        ValueError: there is no such radio setting, or the day has more than 24 hours of light.
    """
    day = possible(board, day)
    times = _Times.of(day, radio, always_on)
    parts = [
        _part("board, asleep", board.asleep, times.asleep_s),
        _part("motion sensor", board.motion, DAY_S),
        _part("screen", board.screen, times.lit_s),
        _part("processor, screen on", board.idle, times.lit_s),
        _part("processor, at work", _difference(board.busy, board.idle), day.busy_s()),
        _part("processor, short wake-ups", board.busy, times.wakes_s),
        _part("vibration", board.motor, day.buzz_s()),
    ]
    if board.microphone is not None and day.pushes:
        parts.append(_part("voice, screen and all", _listening(board), day.listening_s()))
    if touch_wakes:
        parts.append(_part("touch panel, waiting", board.touch_asleep, times.dark_s))
    if always_on:
        parts.append(_part("always-on face", board.always_on, times.dark_s))
    if board.nfc_listening is not None and board.nfc_field is not None:
        parts.append(_part("NFC, waiting", board.nfc_listening, DAY_S))
        parts.append(_part("NFC, in a field", board.nfc_field, day.taps * FIELD_S))
    if radio != "off":
        current = board.radio_connected if radio == "connected" else board.radio_window
        parts.append(_part("radio", current, times.radio_s))
        parts.append(_part("processor, awake for the radio", board.idle, times.radio_dark_s))
    return Estimate(radio, tuple(parts), board.battery_mah.value * board.usable_share.value)


@dataclass(frozen=True)
class _Times:
    """Seconds of each state. A day is lit, listening, awake for a moment, or dark; dark is asleep or for the radio."""

    lit_s: float
    """Listening apart."""
    wakes_s: float
    dark_s: float
    asleep_s: float
    radio_s: float
    radio_dark_s: float

    @classmethod
    def of(cls, day: Day, radio: str, always_on: bool) -> _Times:
        if radio not in RADIOS:
            raise ValueError(f"radio is one of {', '.join(RADIOS)}, not {radio!r}")
        lit_s = day.lit_s()
        wakes_s = (day.wakes() + (MINUTES if always_on else 0)) * WAKE_S
        dark_s = DAY_S - lit_s - wakes_s - day.listening_s()
        if dark_s < 0:
            raise ValueError("such a day has more than 24 hours of light")
        # Bluetooth does not survive light sleep: connected means awake. Windows fall on light as often as anything.
        radio_s = {"off": 0, "windows": WINDOWS * WINDOW_S, "connected": DAY_S}[radio]
        radio_dark_s = radio_s * dark_s / DAY_S
        return cls(lit_s, wakes_s, dark_s, dark_s - radio_dark_s, radio_s, radio_dark_s)


def _listening(board: Board) -> Figure:
    """All that is on while the watch listens: what it shows, what it hears with, and the processor."""
    ears = board.microphone.value if board.microphone is not None else 0.0
    works = (board.busy.value - board.idle.value) * LISTEN_BUSY_SHARE
    value = board.screen.value + board.idle.value + works + ears
    return Figure(value, Trust.ASSUMPTION, "screen, processor and microphone together")


def _part(name: str, figure: Figure, seconds: float) -> Part:
    return Part(name, figure.value, seconds, figure.trust)


def _difference(more: Figure, less: Figure) -> Figure:
    return Figure(more.value - less.value, more.trust, more.source)
