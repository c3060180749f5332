"""Starts a watch card in its own MicroPython process."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from tapwatch.compiled import search_path
from tests.tools.children import line

ROOT = Path(__file__).resolve().parents[3]
INTERPRETER = Path(sys.executable).parent / "micropython"


def start_card(config: dict, program: str = "watch_card.py") -> subprocess.Popen[str]:
    """A card as `program` of this folder describes it, ready to be tapped. The caller kills it."""
    command = [str(INTERPRETER), "-X", "heapsize=8M", f"tests/interop/nfc/{program}"]
    environment = {**os.environ, "MICROPYPATH": search_path("tests/firmware")}
    pipe = subprocess.PIPE
    card = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True)
    assert card.stdin is not None and card.stdout is not None
    card.stdin.write(json.dumps(config) + "\n")
    card.stdin.flush()
    said = line(card, "word that the card is ready")
    if said != "READY\n":
        card.kill()
        raise RuntimeError(f"the card did not start: {said}{card.stdout.read()}")
    return card


def free_port() -> int:
    """A UDP port that nobody holds just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
