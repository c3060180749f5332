"""The stored payment codes are what an independent computation gives."""

import json

from tests.host.payment.make_code_vectors import TARGET, code, vectors


def test_the_file_is_up_to_date() -> None:
    stored = json.loads(TARGET.read_text(encoding="utf-8"))
    assert stored == vectors()
    assert all(len(vector["code"]) == 18 and vector["code"].isdigit() for vector in stored)
    print(f"NOTE payment code vectors: {len(stored)}")


def test_every_input_matters() -> None:
    base = ("28", bytes(32), 1, 1000)
    others = [
        ("29", bytes(32), 1, 1000),
        ("28", b"\1" + bytes(31), 1, 1000),
        ("28", bytes(32), 2, 1000),
        ("28", bytes(32), 1, 1001),
    ]
    assert len({code(*base), *(code(*other) for other in others)}) == 5
