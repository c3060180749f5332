"""Names of the pool, which is all that an app's own names are on the watch: docs/bundles.md, "Vocabulary"."""

POOL = "n"
POOL_NAMES = 512


def is_pool(name: str) -> bool:
    """True for `n0` to `n511`."""
    digits = name[len(POOL) :]
    return name.startswith(POOL) and digits.isdigit() and int(digits) < POOL_NAMES
