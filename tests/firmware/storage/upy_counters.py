"""Counters: redundant form, every flipped bit, and what they refuse."""

from tests.firmware.storage.norflash import NorFlash
from watch.kernel.errors import CorruptError, InputError, WriteError
from watch.storage import counters
from watch.storage.counters import Counter, RisingNumber
from watch.storage.journal import Journal

NUMBERS = (0, 1, 2, 9, 10, 255, 256, 65535, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)


def expect(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return
    raise AssertionError(f"{error.__name__} expected")


def journal():
    made = Journal(NorFlash(4))
    made.mount()
    return made


def test_redundant_form_and_every_flipped_bit():
    tried = 0
    for number in NUMBERS:
        form = counters.pack(number)
        assert counters.unpack(form) == number
        for bit in range(8 * len(form)):
            changed = bytearray(form)
            changed[bit // 8] ^= 1 << bit % 8
            expect(CorruptError, counters.unpack, bytes(changed))
            tried += 1
    print(f"NOTE flipped bits of counters: {tried}, 0 gains")


def test_every_pair_of_flipped_bits_gives_no_gain():
    form = counters.pack(9)
    for one in range(8 * len(form)):
        for other in range(one):
            changed = bytearray(form)
            changed[one // 8] ^= 1 << one % 8
            changed[other // 8] ^= 1 << other % 8
            expect(CorruptError, counters.unpack, bytes(changed))


def test_blank_cleared_and_short_forms_are_refused():
    for form in (b"\x00" * 12, b"\xff" * 12, b"", b"\x00" * 11, counters.pack(1) + b"\x00"):
        expect(CorruptError, counters.unpack, form)
    expect(InputError, counters.pack, -1)
    expect(InputError, counters.pack, 1 << 32)


def test_counter_counts_and_starts_anew():
    memory = journal()
    tries = Counter(memory, 5)
    assert tries.value() == 0
    assert [tries.increment() for _ in range(3)] == [1, 2, 3]
    assert Counter(memory, 5).value() == 3
    tries.reset()
    assert tries.value() == 0
    assert tries.increment() == 1


def test_reset_lowers_nothing_that_is_stored():
    memory = journal()
    tries = Counter(memory, 5)
    for _ in range(4):
        tries.increment()
    before = memory.get(5)
    tries.reset()
    after = memory.get(5)
    assert counters.unpack(after[:12]) == counters.unpack(before[:12]) == 4
    assert counters.unpack(after[12:]) == 4


def test_a_count_below_its_start_is_damage():
    memory = journal()
    memory.commit({5: counters.pack(1) + counters.pack(2)})
    expect(CorruptError, Counter(memory, 5).value)
    memory.commit({5: counters.pack(1)})
    expect(CorruptError, Counter(memory, 5).value)


def test_rising_number_never_goes_down():
    number = RisingNumber(journal(), 6)
    assert number.value() == 0
    number.raise_to(7)
    number.raise_to(7)
    expect(InputError, number.raise_to, 6)
    assert number.value() == 7


class Forgetful:
    """A journal that accepts everything and keeps nothing."""

    def get(self, key):
        return None

    def commit(self, changes):
        pass


def test_what_does_not_read_back_is_not_counted():
    expect(WriteError, Counter(Forgetful(), 5).increment)
    expect(WriteError, RisingNumber(Forgetful(), 5).raise_to, 1)
