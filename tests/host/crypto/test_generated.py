"""The generated tables in firmware are what their generators write, from libraries that share no code with us."""

import pytest

from . import generate_des_tables, generate_p256_table


@pytest.mark.parametrize("generator", [generate_des_tables, generate_p256_table])
def test_table_is_what_its_generator_writes(generator) -> None:
    assert generator.TARGET.read_text() == generator.text()
