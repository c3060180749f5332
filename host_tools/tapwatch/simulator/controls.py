"""Input for the watch as JSON, from the page and from scripts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tapwatch.simulator.fingers import SIDE_BUTTON, TOUCH_S
from tapwatch.simulator.watch import SimulatedWatch

MAX_SECONDS = 30.0
"""Longest press that can be asked for."""
MAX_TIMES = 10
"""Most presses that can be asked for at once."""


class BadInput(ValueError):
    """The JSON asks for something that makes no sense; the text says what."""


async def apply(watch: SimulatedWatch, message: object) -> None:
    """Do what `{"type": ..., ...}` asks for, or let the phone say `{"phone": ...}`. Raises BadInput."""
    if not isinstance(message, dict):
        raise BadInput("an input is a JSON object")
    action = _ACTIONS.get(str(message.get("type", "phone" if "phone" in message else None)))
    if action is None:
        raise BadInput(f"type is one of {', '.join(_ACTIONS)}")
    try:
        await action(watch, message)
    except ValueError as problem:
        raise BadInput(str(problem)) from problem


async def _point(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.fingers.point(_flag(message, "down"), _whole(message, "x"), _whole(message, "y"))


async def _touch(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    await watch.touch(_whole(message, "x"), _whole(message, "y"), _seconds(message))


async def _target(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    await watch.tap_target(str(message.get("name")))


async def _swipe(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    await watch.swipe(str(message.get("direction")))


async def _button(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.fingers.button(_whole(message, "button", SIDE_BUTTON), _flag(message, "down"))


async def _press(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    times = _whole(message, "times", 1)
    if not 1 <= times <= MAX_TIMES:
        raise BadInput(f"times is 1 to {MAX_TIMES}")
    await watch.press(_whole(message, "button", SIDE_BUTTON), times, _seconds(message))


async def _motion(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    steps = _whole(message, "steps", 0)
    if not 0 <= steps < 1 << 32:
        raise BadInput("steps is 0 to 4294967295")
    watch.move(_flag(message, "moving"), steps)


async def _walk(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.walk(_whole(message, "steps"))


async def _raise(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.raise_wrist()


async def _acceleration(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.accelerate(_whole(message, "x"), _whole(message, "y"), _whole(message, "z"))


async def _power(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    watch.power(_whole(message, "percent"), _flag(message, "charging"))


async def _phone(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    said = message.get("phone")
    if not isinstance(said, dict) or not isinstance(said.get("t"), str):
        raise BadInput('phone is an object with Gadgetbridge\'s names, for example {"t": "find", "n": true}')
    await watch.phone(said)


async def _link(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    await watch.link_phone(_flag(message, "connected"))


async def _clock(watch: SimulatedWatch, message: dict[str, Any]) -> None:
    await watch.set_time(_whole(message, "unix_s"), _whole(message, "offset_min"))


_ACTIONS: dict[str, Callable[[SimulatedWatch, dict[str, Any]], Awaitable[None]]] = {
    "point": _point,
    "touch": _touch,
    "target": _target,
    "swipe": _swipe,
    "button": _button,
    "press": _press,
    "motion": _motion,
    "walk": _walk,
    "raise": _raise,
    "acceleration": _acceleration,
    "power": _power,
    "phone": _phone,
    "link": _link,
    "clock": _clock,
}


def _whole(message: dict[str, Any], name: str, default: int | None = None) -> int:
    value = message.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{name} is a whole number")
    return value


def _flag(message: dict[str, Any], name: str) -> bool:
    value = message.get(name)
    if not isinstance(value, bool):
        raise BadInput(f"{name} is true or false")
    return value


def _seconds(message: dict[str, Any]) -> float:
    value = message.get("seconds", TOUCH_S)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= MAX_SECONDS:
        raise BadInput(f"seconds is above 0 and at most {MAX_SECONDS:g}")
    return float(value)
