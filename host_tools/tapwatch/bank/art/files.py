"""The finished files, one for each card product, by name and by hash. Nothing is drawn here."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from tapwatch.bank.problems import UnknownProblem
from tapwatch.bank.products import PRODUCTS

FOLDER = Path(__file__).parent
SUFFIX = ".twa"


@cache
def file_of(product: str) -> bytes:
    """Return the file of a product."""
    return (FOLDER / (product + SUFFIX)).read_bytes()


@cache
def hash_of(product: str) -> bytes:
    """Return the SHA-256 of a product's file: what a token package names."""
    return hashlib.sha256(file_of(product)).digest()


def file_with(digest: bytes) -> bytes:
    """Return the file with that SHA-256. Raises UnknownProblem."""
    for product in PRODUCTS:
        if hash_of(product) == digest:
            return file_of(product)
    raise UnknownProblem("there is no such card art")


def has(digest: bytes) -> bool:
    """True if there is a file with that SHA-256."""
    return any(hash_of(product) == digest for product in PRODUCTS)
