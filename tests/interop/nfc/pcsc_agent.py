"""The inside of a box (pcsc_box.py): starts pcscd and the watch, and runs the tools it is asked to run.

First process of its namespace, so it also collects the children of others. Requests and answers are lines of JSON.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from smartcard.Exceptions import SmartcardException
from smartcard.scard import SCARD_UNPOWER_CARD
from smartcard.System import readers

from tests.interop.nfc import watch_process
from tests.interop.nfc.sim import SimulatedWallet

PORT = 0x8C7B
"""What the Debian package of vpcd listens on; the second slot has the next one."""
SOCKET = Path("/run/pcscd/pcscd.comm")
READER = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{PORT:X}
LIBPATH      /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID    0x{PORT:X}
"""
START_S = 30
POLL_S = 0.02
LOOK_S = 0.2
"""Between two looks through the reader: a watch that is asked all the time gets no time to take keys."""
ENTRY = b"\x4f\x07"
"""An AID in a directory: those of our contactless test cards have seven bytes."""
PPSE = [0x00, 0xA4, 0x04, 0x00, 0x0E, *b"2PAY.SYS.DDF01", 0x00]
PSE = [0x00, 0xA4, 0x04, 0x00, 0x0E, *b"1PAY.SYS.DDF01", 0x00]


def wait_for(there: "Any", what: str) -> None:
    """Wait until `there()` is true. Raises TimeoutError."""
    end = time.monotonic() + START_S
    while not there():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} in {START_S} s")
        time.sleep(POLL_S)


def start_daemon(folder: Path) -> "subprocess.Popen[bytes]":
    """Start pcscd with the one virtual reader."""
    configuration = folder / "reader.conf"
    configuration.mkdir()
    (configuration / "vpcd").write_text(READER)
    command = ["pcscd", "--foreground", "--critical", "--config", str(configuration)]
    daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(SOCKET.exists, "pcscd did not start")
    return daemon


class Kit:
    """A watch reduced to its card (watch_card.py)."""

    def __init__(self, config: dict) -> None:
        self.process = watch_process.start_card({**config, "link": f"vpcd:127.0.0.1:{PORT}"})

    def armed(self) -> bool:
        """It always is."""
        return True

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def listed(contactless: int, contact: int) -> bool:
    """True if a card is there, and its two directories list so many applications. Its power is off afterwards."""
    try:
        connection = readers()[0].createConnection()
        connection.connect(disposition=SCARD_UNPOWER_CARD)
        found, _, _ = connection.transmit(PPSE)
        connection.transmit(PSE)
        records = [connection.transmit([0x00, 0xB2, number, 0x0C, 0x00]) for number in range(1, contact + 2)]
        connection.release()
    except (SmartcardException, IndexError):
        return False
    return bytes(found).count(ENTRY) == contactless and sum(sw1 == 0x90 for _, sw1, _ in records) == contact


class Drain(threading.Thread):
    """Reads what a program prints, and stops the program at a limit."""

    def __init__(self, program: "subprocess.Popen[bytes]", limit: int) -> None:
        super().__init__(daemon=True)
        self._program = program
        self._limit = limit
        self.data = b""
        self.cut = False
        self.start()

    def run(self) -> None:
        """Until the program closes its output."""
        stream = self._program.stdout
        assert isinstance(stream, io.BufferedReader)
        while piece := stream.read1(65536):
            self.data = (self.data + piece)[: self._limit]
            if len(self.data) == self._limit:
                self.cut = True
                stop_group(self._program)
                return


def stop_group(program: "subprocess.Popen[bytes]") -> None:
    """Kill a program and what it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def run_tool(request: dict) -> dict:
    """Run one tool with limits on time and output."""
    started = time.perf_counter()
    pipe = subprocess.PIPE
    environment = {**os.environ, **request["env"]}
    program = subprocess.Popen(
        request["command"], env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, start_new_session=True
    )
    drain = Drain(program, request["limit"])
    assert program.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it does not care for its input
        program.stdin.write(request["stdin"].encode())
        program.stdin.close()
    status = None
    with contextlib.suppress(subprocess.TimeoutExpired):
        status = program.wait(request["timeout_s"])
    stop_group(program)
    program.wait()
    drain.join()
    ms = (time.perf_counter() - started) * 1000
    return {"text": drain.data.decode("utf-8", "replace"), "status": status, "cut": drain.cut, "ms": ms}


class Agent:
    """Serves the requests of one box."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._daemon: subprocess.Popen[bytes] | None = None
        self._card: SimulatedWallet | Kit | None = None
        self._listed = (0, 0)

    def answer(self, request: dict) -> dict:
        """Do what is asked. Raises OSError and RuntimeError."""
        if request["do"] in ("start", "daemon"):
            self._daemon = start_daemon(self._folder)
        if request["do"] == "start":
            kit = request["kit"]
            self._card = Kit(kit) if kit else SimulatedWallet(self._folder / "state", f"vpcd:127.0.0.1:{PORT}")
            self._listed = tuple(request["listed"])
        if self._card:
            self._make_sure(self._card)
        return run_tool(request) if request["do"] == "run" else {}

    def _make_sure(self, card: "SimulatedWallet | Kit") -> None:
        """Wait until the card is armed with everything, and without power. Raises TimeoutError."""

        def sure() -> bool:
            wait_for(card.armed, "the card is not armed")
            return listed(*self._listed) or time.sleep(LOOK_S) or False

        wait_for(sure, "the card has not all its applications")
        wait_for(card.armed, "the card is not armed again")

    def stop(self) -> None:
        """End the watch, then pcscd."""
        if self._card:
            self._card.stop()
        if self._daemon:
            self._daemon.terminate()
            self._daemon.wait()


def main() -> None:
    """Serve until the input ends."""
    agent = Agent(Path(sys.argv[1]))
    for line in sys.stdin:
        try:
            answer = agent.answer(json.loads(line))
        except (OSError, RuntimeError) as error:
            answer = {"problem": str(error)}
        print(json.dumps(answer), flush=True)
    agent.stop()


if __name__ == "__main__":
    main()
