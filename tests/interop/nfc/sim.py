"""`tapwatch sim` with its demo wallet, in a process of its own."""

import contextlib
import http.client
import json
import subprocess
import sys
from pathlib import Path

from tests.tools.children import PATIENCE_S, end, line


class SimulatedWallet:
    """A whole watch that is always ready to pay, once it has its cards."""

    def __init__(self, folder: Path, nfc: str) -> None:
        """Watch and bank are kept in `folder`; `nfc` is the card side. Raises RuntimeError."""
        command = [sys.executable, "-W", "ignore", "-m", "tapwatch.cli", "sim", "--headless", "--demo-wallet", "--json"]
        command += ["--nfc", nfc, "--state", str(folder), "--size", "240x240"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        try:
            facts = json.loads(line(self.process, "line of facts from the simulated watch"))
        except AssertionError as problem:
            raise RuntimeError(f"the simulated watch did not start; it has said why: {problem}") from problem
        self._address = facts["url"].removeprefix("http://")
        self._headers = {"Authorization": f"Bearer {facts['token']}"}

    def state(self) -> dict:
        """What the watch tells of itself."""
        connection = http.client.HTTPConnection(self._address, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("GET", "/state.json", headers=self._headers)
            return json.load(connection.getresponse())

    def armed(self) -> bool:
        """True if the wallet stands armed, and no reader is busy with it."""
        return self.state()["access"] == "armed"

    def profiles(self) -> set[str]:
        """Profiles of the cards that have keys."""
        return {card["profile"] for card in self.state()["cards"] if card["keys_left"]}

    def stop(self) -> None:
        """Switch it off."""
        end(self.process)
        assert self.process.stdout is not None
        self.process.stdout.close()
