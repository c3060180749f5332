"""The names that apps may use are there, and none of them is more than it looks."""

import builtins

from watch.apps import api
from watch.apps.verifier import pool, vocabulary


def test_the_api_gives_what_the_table_says():
    """Every name of `EXPORTS` is there, and the API exports nothing else."""
    exports = vocabulary.names(vocabulary.EXPORTS)
    for name in exports:
        assert hasattr(api, name), name
    assert set(api.__all__) == exports | {vocabulary.SPEND}, exports ^ set(api.__all__)


def test_built_in_names_are_those_of_the_table():
    """No name of the API or of an app finds something else among the built-in ones."""
    allowed = vocabulary.names(vocabulary.BUILTINS)
    for name in allowed:
        assert hasattr(builtins, name), name
    for name in vocabulary.names(vocabulary.EXPORTS) | {vocabulary.SPEND}:
        assert not hasattr(builtins, name), name
    for number in range(pool.POOL_NAMES):
        assert not hasattr(builtins, pool.POOL + str(number)), number
