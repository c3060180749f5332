"""Errors of the bank. Each says what a person can do, and how it looks over HTTP."""

from __future__ import annotations

from tapwatch.errors import UserError


class BankProblem(UserError):
    """Base of everything the bank raises on purpose."""

    http_status = 400


class RequestProblem(BankProblem):
    """A request is malformed, or its signature or signer is not acceptable."""


class AccessProblem(BankProblem):
    """The caller may not do this."""

    http_status = 403


class UnknownProblem(BankProblem):
    """There is no such account, card, device or token."""

    http_status = 404


class StateProblem(BankProblem):
    """The request is well formed but not possible now."""

    http_status = 409


class BusyProblem(BankProblem):
    """Too many requests of this kind: guesses, or messages to a customer. Later it is possible."""

    http_status = 429


class StoreProblem(BankProblem):
    """The database cannot be used: not there, full, locked, or of another version. Nothing was changed."""

    http_status = 503


class SetupProblem(BankProblem):
    """The bank cannot start: key files missing or readable by others, port taken."""

    http_status = 500
