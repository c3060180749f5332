"""What source may do (docs/bundles.md): all rules, in the order in which they are looked at.

The rules tell a developer early, and a reviewer that nothing is hidden. What the watch relies on is its own check of
the compiled code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.apps import (
    import_rules,
    method_rules,
    name_rules,
    number_rules,
    shape_rules,
    type_rules,
    use_rules,
    word_rules,
)
from tapwatch.apps.faults import Fault

if TYPE_CHECKING:
    from tapwatch.apps.source import Source

RULES = (
    shape_rules.RULES
    + number_rules.RULES
    + word_rules.RULES
    + import_rules.RULES
    + name_rules.RULES
    + use_rules.RULES
    + method_rules.RULES
    + type_rules.RULES
)


def judge(source: Source) -> list[Fault]:
    """Every fault of the modules of an app."""
    return [
        Fault(f"{module}.py", getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1, rule.id, message)
        for module, tree in source.modules.items()
        for rule in RULES
        for node, message in rule.faults(tree, source)
    ]
