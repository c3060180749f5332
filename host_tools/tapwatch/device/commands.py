"""The subcommands of this room, a file for each sort of work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.device import bench_commands, making_commands

if TYPE_CHECKING:
    import argparse


def register(subparsers: argparse._SubParsersAction) -> None:
    """Add the room's subcommands."""
    bench_commands.register(subparsers)
    making_commands.register(subparsers)
