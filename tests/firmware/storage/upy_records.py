"""The table of record kinds."""

from watch.storage import records
from watch.storage.record import MAX_KEY


def test_no_number_is_given_twice():
    taken = {}
    for first, places, name, seal in records.TABLE:
        assert seal in (records.PLAIN, records.DEVICE, records.VAULT)
        for number in range(first, first + places):
            assert 0 <= number <= MAX_KEY
            assert number not in taken, (name, taken.get(number))
            taken[number] = name


def test_names():
    assert records.name_of(records.TRIES) == "passcode tries"
    assert records.name_of(records.TOKEN + 2) == "token without keys 2"
    assert records.name_of(0x7777) == "record 30583"


def test_private_keys_and_single_use_keys_need_the_passcode():
    sealed_by = {first: seal for first, _, _, seal in records.TABLE}
    assert sealed_by[records.TOKEN_KEYS] == sealed_by[records.RECEIPT_PRIVATE] == records.VAULT
