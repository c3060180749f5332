"""The message specification: what goes out comes back, and nothing else gets in."""

import random

import pytest

from tapwatch.acquiring import icc, masking, spec
from tapwatch.acquiring.problems import MessageProblem

PURCHASE = {
    "t": "0200",
    "2": "4761730000000011",
    "3": "000000",
    "4": "000000001234",
    "7": "1122090000",
    "11": "000001",
    "12": "090000",
    "13": "1122",
    "22": "071",
    "32": "00000000001",
    "37": "632609000001",
    "41": "TAPWATCH",
    "42": "TEST MERCHANT  ",
    "43": f"{'Corner shop':<40}",
    "49": "978",
    "55": "9F3602000A",
}


def test_round_trip() -> None:
    assert spec.decode(spec.encode(PURCHASE)) == PURCHASE


def test_wire_form_is_iso_8583_1987() -> None:
    """Type and amount in ASCII, bitmap in binary, field 55 in binary behind three ASCII digits."""
    data = spec.encode({"t": "0200", "4": "000000001234", "55": "9F3602000A"})
    assert data == b"0200" + bytes.fromhex("1000000000000200") + b"000000001234" + b"005" + bytes.fromhex("9F3602000A")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("4", "12.34"),
        ("4", "1"),
        ("2", "4" * 20),
        ("49", "EUR"),
        ("43", "Caf\N{LATIN SMALL LETTER E WITH ACUTE}".ljust(40)),
        ("43", "\n" * 40),
        ("55", "9F3"),
        ("55", "00" * 256),
        ("60", "x"),
        ("200", "x"),
    ],
)
def test_bad_fields_are_refused(field: str, value: str) -> None:
    with pytest.raises(MessageProblem):
        spec.encode({**PURCHASE, field: value})


def test_garbage_raises_only_message_problem() -> None:
    rng = random.Random(8583)
    good = spec.encode(PURCHASE)
    refused = 0
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            spec.decode(bytes(data[: rng.randint(0, len(data))]))
        except MessageProblem:
            refused += 1
    assert refused > 2500
    with pytest.raises(MessageProblem):
        spec.decode(good + b"0")
    with pytest.raises(MessageProblem):
        spec.decode(b"0" * (spec.MAX_MESSAGE_BYTES + 1))


def test_original_elements_have_42_digits() -> None:
    assert spec.original_elements(PURCHASE) == "0200" + "000001" + "1122090000" + "00000000001" + "00000000000"
    with pytest.raises(MessageProblem):
        spec.original_elements({"t": "0200"})


def test_icc_round_trip_with_long_value() -> None:
    tags = {"82": b"\x20\x00", "9F36": b"\x00\x0a", "9F10": bytes(200)}
    assert icc.decode(icc.encode(tags)) == tags
    with pytest.raises(MessageProblem):
        icc.encode({"9F10": bytes(252)})


@pytest.mark.parametrize(
    "data",
    ["9F", "9F36", "9F3602", "9F360200", "82", "7700", "9F3680", "9F36820001AA", "9F36810100", "82008200", "9F8101"],
)
def test_icc_refuses(data: str) -> None:
    with pytest.raises(MessageProblem):
        icc.decode(bytes.fromhex(data))


def test_logs_hide_account_and_chip_data() -> None:
    line = masking.describe({**PURCHASE, "35": "4761730000000011D2812"})
    assert "476173******0011" in line
    assert "4761730000000011" not in line
    assert "9F36" not in line
    assert masking.mask_pan("123456789012") == "************"
