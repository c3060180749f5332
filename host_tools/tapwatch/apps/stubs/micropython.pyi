"""What an app may use of this module. Made by tools/app_stubs.py: do not edit."""

from typing import TypeVar

_Value = TypeVar("_Value")

def const(value: _Value) -> _Value:
    """The value itself; the packer puts it in the place of the name."""
    ...
