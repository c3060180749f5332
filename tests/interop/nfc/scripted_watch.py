"""The watch of `tag_watch.py` in its process."""

import json
from typing import Any

from tests.interop.nfc import issuer
from tests.interop.nfc.watch_process import free_port, start_card
from tests.tools.children import Deadline

PROFILES = ("visa", "mastercard")
ADDRESS = "C0:FF:EE:01:02:03"
"""Its Bluetooth address."""


class ScriptedWatch:
    """A watch that does what it is told, and can be tapped at `udp:127.0.0.1:port`."""

    def __init__(self) -> None:
        self.port = free_port()
        self._next_atc = 7
        config = {"port": self.port, "keys": self._keys(), "address": ADDRESS.replace(":", "")}
        self._process = start_card(config, "tag_watch.py")
        self._deadline = Deadline(self._process)

    def say(self, what: str, argument: object = None) -> Any:
        """Tell the watch something; `ok`, the code of an error, or what was asked for."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, argument]) + "\n")
        self._process.stdin.flush()
        with self._deadline.waiting(f"answer to {what}"):
            return json.loads(self._process.stdout.readline())

    def arm(self) -> None:
        """Arm both cards with three keys that were never there before."""
        assert self.say("arm", self._keys()) == "ok"

    def _keys(self) -> dict[str, list[tuple[int, str]]]:
        first = self._next_atc
        self._next_atc += 3
        return {profile: issuer.session_keys(profile, first) for profile in PROFILES}

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
