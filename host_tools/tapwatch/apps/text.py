"""The text that the compiler is given for a syntax tree.

MicroPython swaps two or three values without memory, but only where they are written without parentheses, which
`ast.unparse` puts around them: a face that allocates every second would be the result.
"""

from __future__ import annotations

import ast


def text_of(tree: ast.Module) -> str:
    """The source of a module."""
    return _Text().visit(tree) + "\n"


class _Text(ast._Unparser):  # pyright: ignore[reportAttributeAccessIssue] # behind ast.unparse, which has no other door
    """Writes `a, b = c, d` as it is."""

    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: N802
        """An assignment; one tuple to another bare."""
        target, value = node.targets[0], node.value
        if len(node.targets) == 1 and isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and _bare(value):
            self.fill()
            self._list(target)
            self.write(" = ")
            self._list(value)
        else:
            super().visit_Assign(node)

    def _list(self, node: ast.Tuple) -> None:
        self.interleave(lambda: self.write(", "), self.traverse, node.elts)


def _bare(node: ast.Tuple) -> bool:
    """True for several things without a star."""
    return len(node.elts) > 1 and not any(isinstance(one, ast.Starred) for one in node.elts)
