"""The field, its inversion and the recoding of scalars, each against long integers."""

from crypto.vectors import raises

from watch.crypto import p256_comb, p256_wnaf
from watch.crypto.hashes import sha256
from watch.crypto.limbs import copy_out, load, store
from watch.crypto.modular import inverse
from watch.crypto.p256_field import FIRST, MONTGOMERY, MUL, P, execute, linear, new_file, value

N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
A, B, C = FIRST, FIRST + 1, FIRST + 2
SPECIAL = (0, 1, 2, P - 1, P - 2, P >> 1, (1 << 255), (1 << 96), (1 << 224) - 1, (1 << 13) - 1, P - (1 << 96))


def _numbers(count):
    for i in range(count):
        yield int.from_bytes(sha256(b"number", bytes((i,))), "big") % P


def _pairs():
    for a in SPECIAL:
        for b in SPECIAL:
            yield a, b
    numbers = list(_numbers(60))
    for i in range(len(numbers) - 1):
        yield numbers[i], numbers[i + 1]


def test_multiplication():
    file = new_file(3)
    program = bytes((MUL, C, A, B))
    for a, b in _pairs():
        store(file, A, a)
        store(file, B, b)
        execute(file, program)
        assert value(file, C) * MONTGOMERY % P == a * b % P, (a, b)
        assert 4 * load(file, C) < 5 * P, (a, b)


def test_linear_steps():
    file = new_file(3)
    for factor in (-16, -8, -4, -2, -1, 0, 1, 2, 8, 16):
        program = bytes((linear(factor), C, A, B))
        for a, b in _pairs():
            store(file, A, a)
            store(file, B, b)
            execute(file, program)
            assert value(file, C) == (a + factor * b) % P, (factor, a, b)
            assert 100 * load(file, C) < 202 * P, (factor, a, b)


def test_steps_in_a_row_stay_in_bounds():
    file = new_file(3)
    program = bytes(
        (linear(-8), A, A, B) + (MUL, B, A, B) + (linear(16), B, B, A) + (MUL, A, A, A) + (linear(-1), A, B, A)
    )
    unmont = inverse(MONTGOMERY, P)
    for first, second in _pairs():
        a, b = first, second
        store(file, A, a)
        store(file, B, b)
        for _ in range(3):
            execute(file, program)
            a = (a - 8 * b) % P
            b = (a * b * unmont + 16 * a) % P
            a = (b - a * a * unmont) % P
        assert (value(file, A), value(file, B)) == (a, b)


def test_target_may_be_a_source():
    file = new_file(3)
    store(file, A, 5)
    execute(file, bytes((MUL, A, A, A) + (linear(-4), A, A, A)))
    assert value(file, A) * MONTGOMERY % P == -3 * 25 % P


def test_inverse():
    for modulus in (P, N, 3, 8191, (1 << 255) - 19):
        for number in list(_numbers(40)) + [1, 2, modulus - 1, modulus - 2, modulus + 1]:
            inverted = inverse(number, modulus)
            assert 0 <= inverted < modulus
            assert inverted * number % modulus == (1 if number % modulus else 0), (number, modulus)
        assert inverse(0, modulus) == 0
        assert inverse(modulus, modulus) == 0


def test_limbs_go_in_and_out():
    work = bytearray(120)
    for number in list(_numbers(20)) + [0, 1, (1 << 256) - 1]:
        store(work, 1, number)
        assert load(work, 1) == number
        assert load(work, 0) == load(work, 2) == 0
        assert len(copy_out(work, 1, 2)) == 80
    assert raises(OverflowError, store, work, 1, 1 << 256)


def _scalars():
    yield 0
    for scalar in (1, 2, 3, 15, 16, 17, 31, 32, N - 1, N - 2, N >> 1, (1 << 255), (1 << 256) - (1 << 224)):
        yield scalar % N
    for number in _numbers(40):
        yield number % N


def test_comb_digits_sum_to_the_scalar():
    for scalar in _scalars():
        total = 0
        for column, digit in enumerate(p256_comb.recode(scalar, N)):
            place = digit & 0x7F
            sum_of_teeth = 1 << 224
            for tooth in range(7):
                sum_of_teeth += (1 if place >> tooth & 1 else -1) << (32 * tooth)
            total += (-sum_of_teeth if digit >= p256_comb.NEGATIVE else sum_of_teeth) << column
        assert total % N == scalar, scalar


def test_window_digits_sum_to_the_scalar():
    for scalar in _scalars():
        total = 0
        last = -5
        for place, digit in enumerate(p256_wnaf.recode(scalar)):
            if digit:
                signed = digit - 256 if digit > 127 else digit
                assert signed & 1 and -15 <= signed <= 15 and place - last >= 5
                last = place
                total += signed << place
        assert total == scalar, scalar
