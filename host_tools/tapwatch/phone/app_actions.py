"""What the actions of `tapwatch phone` about installed apps do: list and remove."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

from tapwatch.phone.buying import ANSWER

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.phone.desk import PhoneDesk

    Facts = list[dict[str, object]]

_LOOK_S = 0.3


async def apps(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """What is installed."""
    return [
        {
            "app": one.id,
            "name": one.name,
            "version": one.version,
            "kind": one.kind,
            "level": one.level,
            "maker": one.maker,
            "bytes": one.bytes,
            "failures": one.failures,
            "off": one.off,
            "licensed": one.licensed,
        }
        for one in await desk.phone.apps.apps()
    ]


async def remove(desk: PhoneDesk, arguments: Namespace) -> Facts:
    """Ask the wearer, and look until the app has gone or the question is over."""
    watch = desk.phone.apps
    await watch.remove(arguments.app)
    print(ANSWER, file=sys.stderr, flush=True)
    until = time.monotonic() + arguments.wait
    while time.monotonic() < until:
        if all(one.id != arguments.app for one in await watch.apps()):
            return [{"app": arguments.app, "removed": True}]
        await asyncio.sleep(_LOOK_S)
    return [{"app": arguments.app, "removed": False}]
