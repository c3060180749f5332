"""Every viper function of the crypto room gives the right bytes with 32-bit words as well as with 64-bit ones."""

import ast
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyemv.mac import mac_iso9797_3

from . import generate_des_tables
from .viper_words import CRYPTO, Machine

WIDTHS = (32, 64)
PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FULL = (1 << 256) - 1


@pytest.fixture(params=WIDTHS)
def bits(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def rng() -> random.Random:
    return random.Random(20261122)


def _limbs(value: int) -> bytes:
    return b"".join((value >> 13 * i & 0x1FFF).to_bytes(2, "little") for i in range(20))


def _value(numbers: bytes, place: int) -> int:
    raw = numbers[40 * place : 40 * place + 40]
    return sum(int.from_bytes(raw[2 * i : 2 * i + 2], "little") << 13 * i for i in range(20))


def test_retail_mac(bits: int, rng: random.Random) -> None:
    machine = Machine("des.py", bits)
    boxes = b"".join(word.to_bytes(4, "little") for word in generate_des_tables.sp_words())
    table = bytes(generate_des_tables.key_bits())
    for key in (bytes(16), b"\xff" * 16, rng.randbytes(16), rng.randbytes(16)):
        spread, first, second = bytearray(128), bytearray(128), bytearray(128)
        machine.call("_spread", spread, key, 16)
        machine.call("_expand", first, spread[:64], table, 0)
        machine.call("_expand", second, spread[64:], table, 1)
        for message in (b"x", b"\xff" * 24, rng.randbytes(29)):
            out = bytearray(8)
            machine.call("_chain", boxes, first + second + bytearray(16), len(message), message, 1, out)
            assert out == mac_iso9797_3(key[:8], key[8:], message, 2)


def test_field(bits: int, rng: random.Random) -> None:
    machine = Machine("p256_field.py", bits)
    numbers = [0, 1, PRIME - 1, PRIME, 2 * PRIME, (1 << 255) - 1, *(rng.randrange(PRIME) for _ in range(4))]
    montgomery = pow(2, -260, PRIME)
    for a in numbers:
        for b in numbers:
            for operation in (0, 63, 65, 56, 80, 48):
                file = bytearray(_start() + _limbs(a) + _limbs(b) + bytes(40))
                program = bytes((operation, 10, 8, 9))
                lowest = machine.call("_run", file, program, 0, file, 1)
                result = _value(file, 10)
                expected = a * b * montgomery if operation == 0 else a + (operation - 64) * b
                assert result % PRIME == expected % PRIME, (a, b, operation)
                assert result < 2 * PRIME + (PRIME >> 4)
                assert lowest == result & 0x1FFF


def _start() -> bytes:
    """The head of a register file, as `p256_field._start_value` describes it."""
    raised = sum(1 << (17 + 13 * i) for i in range(17, 37))
    rest = -raised % PRIME
    words = [(rest >> 13 * i & 0x1FFF) + (1 << 17 if 17 <= i < 37 else 0) for i in range(40)]
    return bytes(160) + b"".join(word.to_bytes(4, "little") for word in words)


def test_inversion(bits: int, rng: random.Random) -> None:
    machine = Machine("modular.py", bits)
    for modulus in (PRIME, ORDER):
        for number in (1, 2, modulus - 1, *(rng.randrange(1, modulus) for _ in range(3))):
            work = bytearray(_limbs(modulus) + _limbs(number) + _limbs(0) + _limbs(1) + _limbs(modulus))
            machine.call("_invert", work, -pow(modulus, -1, 1 << 13) % (1 << 13))
            result = _value(work, 2)
            if work[119] & 0x80:
                result -= 1 << 263
            assert result * (1 if work[0] == 1 else -1) * number % modulus == 1


def test_limbs(bits: int, rng: random.Random) -> None:
    machine = Machine("limbs.py", bits)
    for number in (0, 1, FULL, rng.getrandbits(256)):
        work, packed = bytearray(80), bytearray(33)
        machine.call("unpack", work, 1, number.to_bytes(32, "little"))
        assert _value(work, 1) == number
        machine.call("pack", packed, work, 1)
        assert int.from_bytes(packed, "little") == number


def test_scalar_digits(bits: int, rng: random.Random) -> None:
    for scalar in (1, ORDER - 2, FULL >> 1, rng.randrange(ORDER) | 1):
        digits = bytearray(257)
        Machine("p256_wnaf.py", bits).call("_recode", digits, scalar.to_bytes(34, "little"))
        assert sum((digit - 256 if digit > 127 else digit) << i for i, digit in enumerate(digits)) == scalar
        columns = bytearray(32)
        signs = (scalar >> 1) + (1 << 255)
        Machine("p256_comb.py", bits).call("_gather", columns, signs.to_bytes(32, "little"), 0)
        total = 0
        for column, digit in enumerate(columns):
            teeth = sum((1 if digit >> tooth & 1 else -1) << (32 * tooth) for tooth in range(7)) + (1 << 224)
            total += (-teeth if digit & 0x80 else teeth) << column
        assert total == scalar


def test_fetch(bits: int, rng: random.Random) -> None:
    table, file = rng.randbytes(240), bytearray(600)
    Machine("p256_point.py", bits).call("_fetch", file, table, 2)
    assert file == bytes(440) + table[160:] + bytes(80)


def test_ghash_and_counters(bits: int, rng: random.Random) -> None:
    ghash, blocks = Machine("ghash.py", bits), Machine("blocks.py", bits)
    for key in (bytes(16), b"\xff" * 16, rng.randbytes(16)):
        hash_key = AESGCM(key).encrypt(bytes(12), b"", b"")  # any 16 bytes would do
        data, state, table = rng.randbytes(37), bytearray(16), bytearray(576)
        ghash.call("_build", table, hash_key)
        ghash.call("_absorb", state, table, data, len(data))
        assert state == _plain_ghash(hash_key, data)
    target = bytearray(48)
    blocks.call("fill_counters", target, b"\xff" * 15 + b"\xfe", 3)
    assert target == b"\xff" * 15 + b"\xfe" + b"\xff" * 16 + bytes(16)
    block = bytearray(b"\x80" + bytes(14) + b"\x01")
    blocks.call("double", block)
    assert block == bytes(15) + b"\x85"
    assert Machine("utf8.py", bits).call("_is_ascii", b"\x00a\x7f", 3) == 1
    assert Machine("utf8.py", bits).call("_is_ascii", b"\x00a\x80", 3) == 0
    blocks.call("xor_into", block, b"\xff" * 16, 15)
    assert block == b"\xff" * 15 + b"\x85"


def _plain_ghash(key: bytes, data: bytes) -> bytes:
    """SP 800-38D algorithms 1 and 2."""
    y = 0
    for start in range(0, len(data), 16):
        x = y ^ int.from_bytes(data[start : start + 16].ljust(16, b"\0"), "big")
        y, v = 0, int.from_bytes(key, "big")
        for bit in range(127, -1, -1):
            y ^= v if x >> bit & 1 else 0
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
    return y.to_bytes(16, "big")


def test_hash_helpers(bits: int) -> None:
    hashes, scrub = Machine("hashes.py", bits), Machine("scrub.py", bits)
    buf = bytearray(range(64))
    hashes.call("_xor_all", buf, 64, 0x36)
    assert buf == bytes(i ^ 0x36 for i in range(64))
    assert hashes.call("_difference", b"abc", b"abd", 3) != 0
    assert hashes.call("_difference", b"abc", b"abc", 3) == 0
    scrub.call("_fill_zero", buf, 60)
    assert buf == bytes(60) + bytes(i ^ 0x36 for i in range(60, 64))


def test_every_viper_function_is_covered_here() -> None:
    text = Path(__file__).read_text()
    functions = [
        node.name
        for file in sorted(CRYPTO.glob("*.py"))
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(d).endswith("viper") for d in node.decorator_list)
    ]
    print(f"NOTE viper functions checked with 32-bit and 64-bit words: {len(functions)}")
    assert [name for name in functions if f'"{name}"' not in text] == []


def test_words_that_do_not_fit_are_noticed(tmp_path: Path) -> None:
    """The check can fail: a rotation without a mask is right with 32-bit words and wrong with 64-bit ones."""
    file = tmp_path / "rotate.py"
    file.write_text(
        "@micropython.viper\ndef rotate(a: ptr32):\n    x = uint(a[0])\n    x = x << 8 | x >> 24\n    a[0] = x >> 4\n"
    )
    results = []
    for width in WIDTHS:
        buf = bytearray(b"\x12\x34\x56\x78")
        Machine(str(file), width).call("rotate", buf)
        results.append(bytes(buf))
    assert results[0] != results[1]
