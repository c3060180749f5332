"""The text for the compiler: the same program, and swaps that MicroPython does without memory."""

import ast

from tapwatch.apps.text import text_of

SOURCE = """
a, b = c, d
x = (1, 2)
self.a, self.b = 1, (2, 3)
(a, b) = f()
for i, j in x: a, b, c = 1, 2, 3
a = b = 1, 2
a, = 1,
a, *b = 1, 2
a, b = *c, d
"""


def test_tuples_are_written_bare_where_that_saves_one():
    lines = text_of(ast.parse(SOURCE)).split("\n")
    assert (
        lines[0] == "a, b = c, d" and lines[2] == "self.a, self.b = 1, (2, 3)" and lines[5] == "    a, b, c = 1, 2, 3"
    )


def test_it_is_the_same_program():
    tree = ast.parse(SOURCE)
    assert ast.dump(ast.parse(text_of(tree))) == ast.dump(tree)
