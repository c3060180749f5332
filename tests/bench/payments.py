"""Cryptograms, arming, unlocking and payment codes."""

from __future__ import annotations

import warnings

import qrcodegen
from pyemv import ac

from tests.bench import estimate, measure
from tests.bench.measure import BenchError, fastest_us
from tests.bench.rows import Row

KEY = bytes(range(1, 17))
"""As in tests/firmware/payment/card_kit.py."""
_AIP, _ATC = bytes(2), b"\x00\x01"
_TERMINAL = bytes(range(29))
_TAILS = {"12": (slice(0, 7),), "22": (slice(0, 32),), "43": (slice(3, 7),), "14": (slice(2, 8),)}
_TAILS["15"] = (slice(2, 8), slice(10, 18))
"""Parts of 9F10 under each cryptogram, docs/formats.md "Cryptograms"."""
_PEER = "pyemv and OpenSSL on CPython"


def cryptograms() -> list[Row]:
    """One cryptogram of each version, beside the same bytes made by pyemv."""
    counted, times = measure.counted("cryptograms"), measure.sampled("cryptograms", "us")
    found = [Row("cryptogram.key_schedule.instructions", counted.cost["schedule"] // len(_TAILS), "instructions")]
    schedule_us = times.cost["schedule"] / len(_TAILS)
    for cvn, (made, issuer_data) in counted.notes["made"].items():
        peer_us = _pyemv_us(bytes.fromhex(issuer_data), _TAILS[cvn], bytes.fromhex(made))
        metric = f"cryptogram.{cvn}h"
        found.append(Row(f"{metric}.instructions", counted.cost[cvn], "instructions"))
        found.append(estimate.row(f"{metric}.ms_est", estimate.processor_ms(counted.cost[cvn])))
        ours_us = round(times.cost[cvn] + schedule_us, 1)
        found.append(Row(f"{metric}.us", ours_us, "us, with key schedule").beside(_PEER, peer_us))
    return found


def _pyemv_us(issuer_data: bytes, tail: tuple[slice, ...], expected: bytes) -> float:
    """Microseconds of the same cryptogram by pyemv. Raises BenchError if it is another one."""
    message = _TERMINAL + _AIP + _ATC + b"".join(issuer_data[part] for part in tail)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if ac.generate_ac(KEY, message, ac.PaddingType.EMV) != expected:
            raise BenchError("pyemv makes another cryptogram: what was measured is wrong")
        return fastest_us(lambda: ac.generate_ac(KEY, message, ac.PaddingType.EMV))


_MOMENTS = (
    ("arm/kernel3/press_to_shown", "arm.kernel3.press_to_shown"),
    ("arm/kernel3/keys", "arm.kernel3"),
    ("arm/kernel2/keys", "arm.kernel2"),
    ("disarm", "arm.disarm"),
    ("unlock", "unlock"),
    ("lock", "lock"),
    ("scrub", "scrub"),
    ("code/digits", "code.digits"),
    ("code/digits_qr", "code.digits_qr"),
    ("code/digits_bars", "code.digits_bars"),
    ("code/presented", "code.presented"),
    ("code/presented_qr", "code.presented_qr"),
)
"""Parts of the scene, and what they are called. All but `scrub` come without the cleaning of the heap."""


def moments() -> list[Row]:
    """What happens around a tap. `unlock` has 64 calls of the device secret; on a board they take a second."""
    counted, times = measure.counted("moments"), measure.sampled("moments", "us")
    flash, peers = counted.notes["flash"], _qrcodegen_us(counted.notes["digits"], counted.notes["text"])
    found = []
    for part, metric in _MOMENTS:
        programs, erases = flash[part]
        found.append(Row(f"{metric}.instructions", counted.cost[part], "instructions"))
        found.append(estimate.row(f"{metric}.ms_est", estimate.processor_ms(counted.cost[part])))
        if programs or erases:
            found.append(Row(f"{metric}.flash_programs", programs, "programs; a record takes two"))
            found.append(Row(f"{metric}.flash_erases", erases, "erases"))
        if part in peers:
            found.append(Row(f"{metric}.us", times.cost[part], "us").beside("qrcodegen on CPython", peers[part]))
    whole = counted.cost["arm/kernel3/press_to_shown"] + counted.cost["scrub"]
    return [*found, estimate.row("arm.kernel3.press_to_shown.with_scrub.ms_est", estimate.processor_ms(whole))]


def _qrcodegen_us(digits: str, text: str) -> dict[str, float]:
    """Microseconds of the same symbols by another implementation in plain Python."""
    level = qrcodegen.QrCode.Ecc

    def encode(content: str, ecc: qrcodegen.QrCode.Ecc) -> None:
        segments = qrcodegen.QrSegment.make_segments(content)
        qrcodegen.QrCode.encode_segments(segments, ecc, boostecl=False)

    return {
        "code/digits_qr": fastest_us(lambda: encode(digits, level.QUARTILE), 3),
        "code/presented_qr": fastest_us(lambda: encode(text, level.LOW), 3),
    }
