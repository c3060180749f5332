"""The wearer: does with the watch what hands can do, and nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.simulator.watch import NotShown

if TYPE_CHECKING:
    from tapwatch.simulator.watch import SimulatedWatch, State

_UNLOCK_S = 60.0
"""The check of a passcode takes about a second on purpose; a busy computer may take longer."""
_PRESS_TRIES, _HEARD_S = 3, 10.0
_SETTLED_S = 0.5
"""After this time a press can no longer become a double one, and a touch is not taken for one either."""
_HOLD_S = 3.3
"""Long enough for a long press, also of a watch that listens for a word first."""
_READING_S = 1.2
"""The watch takes no agreement to an amount that was shown for less than a second."""


Look = Callable[[str], None]
"""Called with the name of a moment worth a picture."""


def _glance(moment: str) -> None:
    """Look at the moment and keep nothing."""


class Wearer:
    """Somebody with a passcode in mind. `look` may be set, to take pictures at the moments that pass quickly."""

    def __init__(self, watch: SimulatedWatch, passcode: str) -> None:
        self._watch = watch
        self._passcode = passcode
        self.look: Look = _glance

    async def unlock(self) -> None:
        """Set the passcode on a new watch, or enter it on a locked one. Raises UserError if that does not open it."""
        state = await self._watch.state()
        tries = state["tries_left"]
        if state["screen"] == "new-passcode":
            await self.enter(self._passcode)
            await self.enter(self._passcode)
        elif not state["unlocked"]:
            if state["screen"] != "passcode":
                await self._watch.tap_target("face")
                await self._watch.wait_for("passcode")
            await self.enter(self._passcode)
        state = await self._watch.wait_for(
            lambda now: (now["unlocked"] and now["screen"] == "face") or (now["tries_left"] < tries and now["targets"]),
            _UNLOCK_S,
        )
        if not state["unlocked"]:
            problem = f"The watch does not open with the passcode {self._passcode}."
            raise UserError(problem, "It has another one: start it without --worn, and enter that.", EXIT_FAILED)

    async def enter(self, digits: str) -> None:
        """Type digits on the keypad and confirm them."""
        for digit in digits:
            await self.key(digit)
        await self._watch.state()  # the watch has drawn what it was told by the time it answers
        self.look("passcode")
        await self.key("done")

    async def amount(self, digits: str) -> None:
        """Type an amount for a merchant's code that has none, and go on to the question."""
        await self._watch.wait_for("merchant-amount")
        for digit in digits:
            await self.key(digit)
        await self.key("forward")
        await self._watch.wait_for("merchant-code")

    async def key(self, label: str) -> None:
        """Press one key; on the small panel that may mean to turn to the other keys first."""
        state = await self._watch.wait_for(lambda now: now["targets"])
        if label not in [target[0] for target in state["targets"]]:
            await self._watch.tap_target("turn")
        await self._watch.tap_target(label)

    async def arm(self, profile: str) -> None:
        """Press twice, and stroke through the cards until the wanted one pays. Raises UserError if there is none."""
        state = await self._press_twice()
        for _ in state["cards"]:
            if active_profile(state) == profile:
                return
            before = active_profile(state)
            await self._watch.swipe("left")
            state = await self._watch.wait_for(
                lambda now, before=before: now["screen"] == "armed" and active_profile(now) != before
            )
        if active_profile(state) != profile:
            raise UserError(f"The watch has no {profile} card.", "Add one first.", EXIT_FAILED)

    async def _press_twice(self) -> State:
        """Until it is armed, as a person would: for a computer that is busy, one double press may be two."""
        for _ in range(_PRESS_TRIES - 1):
            await self._watch.press(times=2)
            with contextlib.suppress(NotShown):
                return await self._watch.wait_for("armed", _HEARD_S)
        await self._watch.press(times=2)
        return await self._watch.wait_for("armed")

    async def open_card(self, profile: str) -> None:
        """From the face to the menu of a card, by way of the carousel."""
        await self.home()
        await self._watch.look()
        await self._watch.swipe("left")
        state = await self._watch.wait_for("cards")
        label = next(card["label"] for card in state["cards"] if card["profile"] == profile)
        for _ in state["cards"]:
            if label in state["texts"]:
                break
            before = state["texts"]
            await self._watch.swipe("left")
            state = await self._watch.wait_for(lambda now, before=before: now["texts"] != before)
        await self._watch.tap_target("card")
        await self._watch.wait_for("card-menu")
        await self._watch.advance(_SETTLED_S)

    async def choose(self, row: str) -> None:
        """Touch a row of the list in front, turning pages where needed."""
        state = await self._watch.look()
        while row not in [target[0] for target in state["targets"]]:
            before = state["texts"]
            await self._watch.swipe("up")
            state = await self._watch.wait_for(lambda now, before=before: now["texts"] != before)
        await self._watch.tap_target(row)

    async def express(self, profile: str) -> None:
        """Turn express mode on for a card, unless it is on."""
        await self.open_card(profile)
        state = await self._watch.state()
        if "express-off" not in [target[0] for target in state["targets"]]:
            await self.choose("express-on")
        else:
            await self._watch.press()
        await self._watch.wait_for("cards")

    async def lock(self) -> None:
        """Hold the side button."""
        await self._watch.press(seconds=_HOLD_S)

    async def home(self) -> None:
        """Back to the face by the side button."""
        await self._watch.look()
        while (await self._watch.state())["screen"] != "face":
            await self._watch.press()
            await self._watch.advance(_SETTLED_S)

    async def agree(self) -> None:
        """Read the merchant's code on the screen, and press twice."""
        await self._watch.wait_for("merchant-code")
        await self._watch.advance(_READING_S)
        await self._watch.press(times=2)


def active_profile(state: dict) -> str:
    """Profile of the card that pays; empty if there is none."""
    return next((card["profile"] for card in state["cards"] if card["active"]), "")
