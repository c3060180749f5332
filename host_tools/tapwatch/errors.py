"""Errors that a person can act on, and the exit codes of the `tapwatch` command."""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
"""The work was done and the answer is no: declined, or a check failed."""
EXIT_USAGE = 2
"""The command line makes no sense (the code argparse uses as well)."""
EXIT_ENVIRONMENT = 3
"""Something around the program is missing or broken: a file, a port, a reader."""


class UserError(Exception):
    """Something the user can put right.

    Args:
        message: what happened, in one sentence.
        hint: what to do about it, in one sentence; may be empty.
        exit_code: how the command ends.

    The reason, where there is a deeper one, is the exception this one was raised from.
    """

    def __init__(self, message: str, hint: str = "", exit_code: int = EXIT_ENVIRONMENT) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code

    def explain(self) -> str:
        """What happened, why, and what to do: one line each, without the lines there is nothing to say for."""
        lines = [f"tapwatch: {self.message}"]
        if self.__cause__ is not None and str(self.__cause__):
            lines.append(f"     why: {self.__cause__}")
        if self.hint:
            lines.append(f"     try: {self.hint}")
        return "\n".join(lines)
