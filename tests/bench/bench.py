"""`make bench`: what things cost, as a table and as build/bench.json.

Instructions are counted by callgrind on the unix port (64-bit), as the slope between two numbers of repetitions. Times
are the fastest of a few runs on this machine and are noise beside them. Nothing here was measured on an ESP32-S3;
`estimate` rows say how they were made.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MICROPYTHON = Path(sys.executable).with_name("micropython")
OUT = ROOT / "build" / "bench.json"
CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
FEW, MANY = 10, 110
FRAMES = 20
"""As in scenarios.py."""
ORACLE_CALLS = 100
"""As in scenarios.py."""
TRY_US = 1_000_000
"""What one passcode try takes on the watch."""
HEAP = "8M"
"""What stands for a board with 4 MB of PSRAM."""
BOARD_HEAP = "4M"
"""What a board with 2 MB of PSRAM has: objects are twice as large on 64 bit."""
INSTRUCTIONS_PER_MS = 115_000
"""ESP32-S3 at 240 MHz, MicroPython code: the middle of the published range of 110 to 120 million RV32 instructions a
second, taken for x86 instructions as they are. An estimate; the heap in PSRAM makes it slower."""
TRANSFER_MS = 0.04
"""One SPI transfer with its chip select from MicroPython on the board: 25 to 40 us. An estimate; the worse end."""


@dataclass
class Row:
    """One line of bench.json."""

    metric: str
    value: float
    unit: str
    peer: str = ""
    """Who else was measured in the same run, and what."""
    peer_value: float | None = None
    ratio: float | None = None
    """Ours by theirs."""


def run(script: str, *arguments: str, before: tuple[str, ...] = (), heap: str = HEAP) -> subprocess.CompletedProcess:
    """Run a MicroPython script of this folder or of tests/screens."""
    command = [*before, str(MICROPYTHON), "-X", f"heapsize={heap}", script, *arguments]
    environment = dict(os.environ, MICROPYPATH="firmware:.:tests/firmware:.frozen")
    options = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True, "timeout": 600}
    result = subprocess.run(command, check=False, **options)
    if result.returncode:
        raise SystemExit(f"{script} {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
    return result


def instructions(script: str, *arguments: str, few: int = FEW, many: int = MANY) -> int:
    """Instructions of one repetition: the slope between `few` and `many`."""

    def total(repetitions: int) -> int:
        found = re.search(r"Collected : (\d+)", run(script, *arguments, str(repetitions), before=CALLGRIND).stderr)
        if not found:
            raise SystemExit("callgrind printed no count")
        return int(found[1])

    return (total(many) - total(few)) // (many - few)


def scenario(name: str, few: int = FEW, many: int = MANY) -> int:
    """Instructions of one repetition of a scenario."""
    return instructions("tests/bench/scenarios.py", name, few=few, many=many)


def timed(name: str, repetitions: int = 20, heap: str = HEAP) -> dict[str, float]:
    """What a scenario prints: its fastest time in us, and its notes."""
    return json.loads(run("tests/bench/scenarios.py", name, str(repetitions), heap=heap).stdout.splitlines()[-1])


def taps() -> list[Row]:
    """A whole tap on the card side, without loading the card."""
    rows = []
    for kernel, profile in (("kernel3", "visa"), ("kernel2", "mastercard")):
        load, both = scenario(f"load.{profile}"), scenario(f"tap.{profile}")
        microseconds = timed(f"tap.{profile}")["us"] - timed(f"load.{profile}")["us"]
        rows += [
            Row(f"tap.{kernel}.instructions", both - load, "instructions"),
            Row(f"tap.{kernel}.us", microseconds, "us"),
            Row(f"tap.{kernel}.board_estimate.ms", round((both - load) / INSTRUCTIONS_PER_MS, 1), "ms, estimate"),
            Row(f"arm.{kernel}.load.instructions", load, "instructions"),
        ]
    return rows


def frames() -> list[Row]:
    """One short frame, from the radio chip's interrupt to its transmit command, with the chip's real driver."""
    rats = scenario("radio.rats")
    block = (scenario("radio.blocks") - rats) // FRAMES
    ats = rats - scenario("radio.field")
    command = (scenario("radio.commands", 2, 12) - scenario("radio.selected", 2, 12)) // FRAMES
    rats_transfers = _transfers("radio.rats")
    transfers = (_transfers("radio.blocks") - rats_transfers) / FRAMES
    ats_transfers = rats_transfers - _transfers("radio.field")
    return [
        Row("frame.receive_to_transmit.instructions", block, "instructions, R-block each way"),
        Row("frame.receive_to_transmit.spi_transfers", transfers, "transfers"),
        _within("frame.receive_to_transmit.board_estimate.ms", block, transfers, "goal", 2),
        Row("frame.get_data.instructions", command, "instructions, APDU included"),
        _within("frame.get_data.board_estimate.ms", command, transfers, "goal", 2),
        _within("frame.rats_to_ats.board_estimate.ms", ats, ats_transfers, "activation FWT, 71680/fc", 5.286),
    ]


def _transfers(name: str) -> float:
    return timed(name, 1)["transfers"]


def _within(metric: str, count: int, transfers: float, peer: str, limit_ms: float) -> Row:
    """Instructions and SPI transfers as time on the board, beside the time there is."""
    estimate = count / INSTRUCTIONS_PER_MS + transfers * TRANSFER_MS
    return Row(metric, round(estimate, 2), "ms, estimate", peer, limit_ms, round(estimate / limit_ms, 3))


def curves() -> list[Row]:
    """P-256 beside python-ecdsa on CPython, on this machine in this run."""
    peers = _python_ecdsa()
    rows = []
    for name in ("sign", "verify", "verify_pinned", "ecdh"):
        microseconds = timed(f"p256.{name}")["us"]
        peer = peers.get("verify" if name == "verify_pinned" else name)
        row = Row(f"p256.{name}.us", microseconds, "us")
        if peer:
            row.peer, row.peer_value = "python-ecdsa on CPython", round(peer, 1)
            row.ratio = round(microseconds / peer, 3)
        rows.append(row)
        rows.append(Row(f"p256.{name}.instructions", scenario(f"p256.{name}", 3, 13), "instructions"))
    rows.append(Row("hpke.open.us", timed("hpke.open")["us"], "us"))
    rows.append(Row("token.open.us", timed("token.open", 5)["us"], "us"))
    return rows


def _python_ecdsa() -> dict[str, float]:
    """Microseconds of the same operations in another pure-Python library."""
    import ecdsa

    digest = bytes(32)
    key = ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    signature = key.sign_digest_deterministic(digest)
    public = key.get_verifying_key()
    other = ecdsa.ECDH(curve=ecdsa.NIST256p, private_key=key, public_key=public)
    return {
        "sign": _fastest_us(lambda: key.sign_digest_deterministic(digest)),
        "verify": _fastest_us(lambda: public.verify_digest(signature, digest)),
        "ecdh": _fastest_us(other.generate_sharedsecret_bytes),
    }


def _fastest_us(call: Callable[[], object], repetitions: int = 20) -> float:
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times) * 1e6


def faces() -> list[Row]:
    """The face on both panels; wasp-os's digital face was measured on the same kind of machine."""
    wasp = {"full": 161_152, "minute": 38_097, "second": 3_350}
    rows = []
    for panel, size, tag in (("small", "240x240", ""), ("large", "410x502", "410x502.")):
        for kind, few, many in (("full", 2, 6), ("minute", 5, 25), ("second", 10, 410)):
            sent = int(run("tests/screens/face_cost.py", panel, kind, "3").stdout)
            row = Row(f"face.{kind}.{tag}bytes", sent, f"bytes, {size}")
            if panel == "small":
                row.peer, row.peer_value = "wasp-os digital face, 240x240", wasp[kind]
                row.ratio = round(sent / wasp[kind], 3)
            count = instructions("tests/screens/face_cost.py", panel, kind, few=few, many=many)
            rows += [row, Row(f"face.{kind}.{tag}instructions", count, f"instructions, {size}")]
    return rows


def starting() -> list[Row]:
    """Boot, and the heap that a board has."""
    boot = timed("boot", 5)
    heap = timed("heap", 1, BOARD_HEAP)
    return [
        Row("boot.first_face.ms", round(boot["us"] / 1000, 1), "ms"),
        Row("boot.first_face.instructions", scenario("boot", 5, 45), "instructions"),
        Row("boot.block_reads", boot["block_reads"], "reads of the vault"),
        Row("heap.idle.bytes", heap["idle_bytes"], f"bytes of a {BOARD_HEAP} heap, 64 bit"),
        Row("heap.tap_peak.bytes", heap["tap_peak_bytes"], f"bytes of a {BOARD_HEAP} heap, 64 bit"),
        Row("heap.tap.bytes", heap["tap_bytes"], "bytes allocated in a tap, 64 bit"),
        Row("stack.tap.bytes", heap["stack_bytes"], "bytes of C stack"),
    ]


def passcodes() -> list[Row]:
    """How long a passcode lasts against someone who has flash and secret file on a desk: native code, one core."""
    call_us = timed("oracle")["us"] / ORACLE_CALLS
    rounds = int(TRY_US / call_us)
    native_us = _fastest_us(lambda: [hmac.digest(bytes(32), bytes(32), "sha256") for _ in range(1000)]) / 1000
    try_s = rounds * native_us / 1e6
    rows = [
        Row("passcode.try.oracle_calls", rounds, "calls that take a second here"),
        Row("passcode.native_try.ms", round(try_s * 1000, 1), "ms a try, native code, one core"),
    ]
    for digits in (4, 6, 8):
        hours = round(10**digits * try_s / 2 / 3600, 2)
        rows.append(Row(f"passcode.{digits}_digits.hours", hours, "hours to find it, on average, estimate"))
    return rows


def table(rows: list[Row]) -> str:
    """The rows for a person."""
    lines = [f"{'metric':<40} {'value':>14}  {'unit':<34} peer"]
    for row in rows:
        peer = f"{row.peer}: {row.peer_value:,}  x{row.ratio}" if row.peer_value is not None else ""
        lines.append(f"{row.metric:<40} {row.value:>14,}  {row.unit:<34} {peer}".rstrip())
    return "\n".join(lines)


def main() -> None:
    """Measure everything, print the table, write the file."""
    if shutil.which("valgrind") is None:
        raise SystemExit("bench: valgrind is missing; apt-get install valgrind")
    rows: list[Row] = []
    for part in (taps, frames, curves, faces, starting, passcodes):
        print(f"measuring {part.__name__} ...", file=sys.stderr, flush=True)
        rows += part()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    print(table(rows))


if __name__ == "__main__":
    main()
