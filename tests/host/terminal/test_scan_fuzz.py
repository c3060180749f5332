"""Broken QR codes at the scanner: only the declared error, in bounded time."""

from __future__ import annotations

import base64
import random
import time

from tapwatch.terminal.scan import scanned
from tapwatch.terminal.scan.presented import ScanProblem
from tapwatch.terminal.scan.session import message
from tests.fuzz.campaign import count
from tests.host.terminal.test_scan import PUBLISHED, qr, request

COUNT = count(10_000)


def test_broken_codes_never_crash() -> None:
    rng, read, slowest = random.Random(85), 0, 0.0
    texts = [qr(), PUBLISHED]
    for number in range(COUNT):
        data = bytearray(base64.b64decode(texts[number % 2]))
        for _ in range(rng.randint(1, 4)):
            change(data, rng)
        text = base64.b64encode(bytes(data)).decode()
        if number % 10 == 0:  # broken base64 as well
            place = rng.randrange(len(text))
            text = text[:place] + chr(rng.choice((0, 32, 45, 61, 955, 0xD800))) + text[place + 1 :]
        started = time.perf_counter()
        try:
            code = scanned.read(text)
            read += 1
            message(request(), code, 1)
        except ScanProblem:
            pass
        slowest = max(slowest, time.perf_counter() - started)
    print(f"NOTE scanner: {COUNT} broken QR codes, {read} still codes, slowest {slowest * 1000:.1f} ms")
    assert 0 < read < COUNT


def change(data: bytearray, rng: random.Random) -> None:
    """Overwrite, insert, cut or double a piece."""
    if not data:
        data += b"\x85"
    place, kind = rng.randrange(len(data)), rng.randrange(8)
    if kind == 0:
        data[place:place] = rng.randbytes(rng.randint(1, 8))
    elif kind == 1:
        del data[place : place + rng.randint(1, 8)]
    elif kind == 2:
        data[place:place] = data[place : place + rng.randint(1, 60)]
    elif kind == 3:
        data[place] = rng.choice((0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF, 0x1F, 0x61, 0x62, 0x64))
    else:
        data[place] = rng.randrange(256)
