"""Reads the JSON vectors of tests/vectors/crypto."""

import json
from binascii import unhexlify


def cases(name):
    """Each case of a file; strings of hex are left for `get`."""
    with open("tests/vectors/crypto/" + name + ".json") as file:
        return json.load(file)


def get(case, *names):
    """The named fields as bytes."""
    return [unhexlify(case[name]) for name in names]


def raises(error, function, *args):
    """True if the call raises exactly this kind of error."""
    try:
        function(*args)
    except error:
        return True
    return False
