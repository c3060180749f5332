"""A PC/SC system of its own for stock tools: pcscd, the virtual reader, and a whole simulated watch as the card.

Everything runs in namespaces of its own (network, mounts, processes): vpcd's ports and pcscd's socket disturb nobody,
nothing reaches a real network, several boxes stand side by side, and when the box goes, every process in it goes.
Root makes the namespaces directly, everybody else inside a user namespace.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tools.children import Deadline

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PROGRAMS = ("ip", "mount", "pcscd", "unshare")
SETUP = "mount -t tmpfs none /run && mkdir /run/pcscd && ip link set lo up"
WALLET_LISTS = (2, 1)
"""Applications in the contactless and in the contact directory when everything is there."""
KIT_LISTS = (2, 0)
START_S = 60
LIMIT_BYTES = 200_000
TOOL_S = 60
ANSWER_S = START_S + TOOL_S + 60
"""The agent has deadlines of its own for each of its steps."""


@dataclass(frozen=True)
class Output:
    """What a tool left behind."""

    text: str
    """Both its streams; at most the limit."""
    status: "int | None"
    """Exit status, None if it was stopped. Never assert success on it: these tools exit 0 whatever happened."""
    cut: bool
    """True if it printed more than the limit and was stopped for that."""
    ms: float


class Box:
    """The running box, by its agent (pcsc_agent.py)."""

    def __init__(self, agent: "subprocess.Popen[str]", folder: Path) -> None:
        self._agent = agent
        self._deadline = Deadline(agent, ANSWER_S)
        self.folder = folder
        """For the files of the watch, its bank, and the tools."""

    def ask(self, **request: Any) -> dict:
        """Send the agent one request; its answer."""
        assert self._agent.stdin is not None and self._agent.stdout is not None
        self._agent.stdin.write(json.dumps(request) + "\n")
        self._agent.stdin.flush()
        with self._deadline.waiting(f"answer to {request['do']}"):
            line = self._agent.stdout.readline()
        if not line:
            raise RuntimeError("the agent of the box has ended")
        answer = json.loads(line)
        if "problem" in answer:
            raise RuntimeError(answer["problem"])
        return answer

    def run(self, *command: str, stdin: str = "", limit: int = LIMIT_BYTES, **env: str) -> Output:
        """Wait until the card is without power and ready to pay, and run one tool on it."""
        return Output(**self.ask(do="run", command=command, stdin=stdin, limit=limit, timeout_s=TOOL_S, env=env))

    def session(self, script: str, *arguments: str) -> list[dict]:
        """Run a Python module of the tests in the box; what it reported, one JSON object per line."""
        done = self.run(sys.executable, "-W", "ignore", "-m", script, *arguments)
        lines = [json.loads(line) for line in done.text.splitlines() if line.startswith("{")]
        assert lines and done.status == 0, done.text
        return lines


def flags() -> str:
    """Options of unshare for this user: network, mounts and processes, and a user namespace unless root."""
    return "-nmpf" if os.geteuid() == 0 else "-Urnmpf"


def why_not() -> str:
    """Why there can be no box on this machine; empty if there can."""
    missing = [name for name in PROGRAMS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    missing += [] if DRIVER.exists() else ["vsmartcard-vpcd"]
    if missing:
        return f"not installed: {', '.join(missing)}"
    tried = subprocess.run(["unshare", flags(), "sh", "-c", SETUP], capture_output=True, text=True, check=False)
    return f"this machine allows no private namespaces: {tried.stderr.strip()}" if tried.returncode else ""


@contextlib.contextmanager
def open_box(kit: "dict | None" = None) -> Iterator[Box]:
    """A box with pcscd, and a whole simulated watch with its demo wallet in the reader; or a `kit` (watch_card.py)."""
    with empty_box() as box:
        box.ask(do="start", kit=kit, listed=KIT_LISTS if kit else WALLET_LISTS)
        yield box


@contextlib.contextmanager
def empty_box() -> Iterator[Box]:
    """A box where nothing runs yet. Skips the test, with the reason, on a machine where there can be none."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="tapwatch-box-") as folder:
        agent = _start(Path(folder))
        try:
            yield Box(agent, Path(folder))
        finally:
            _stop(agent)


def _start(folder: Path) -> "subprocess.Popen[str]":
    paths = os.pathsep.join([str(ROOT), str(ROOT / "host_tools")])
    environment = {**os.environ, "PYTHONPATH": paths, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    agent = f'exec "{sys.executable}" -W ignore -m tests.interop.nfc.pcsc_agent "{folder}"'
    command = ["unshare", flags(), "--kill-child", "sh", "-c", f"{SETUP} && {agent}"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)


def _stop(agent: "subprocess.Popen[str]") -> None:
    """End the box: the agent stops its own when its input ends; whoever is left dies with the process namespace."""
    assert agent.stdin is not None and agent.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it has ended already
        agent.stdin.close()
    try:
        agent.wait(START_S)
    except subprocess.TimeoutExpired:
        agent.kill()
        agent.wait()
    agent.stdout.close()
