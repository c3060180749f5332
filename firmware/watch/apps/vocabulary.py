"""The names that apps may use (docs/bundles.md, "Vocabulary"). All others are pool names, `n0` to `n511`."""

POOL = "n"
POOL_NAMES = 512
SPEND = "spend"
"""Of `watch.apps.api`: the fuel call. No app may put anything else in the place of this name."""
