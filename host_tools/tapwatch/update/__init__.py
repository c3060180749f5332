"""A new system for a watch that runs: `tapwatch update`."""
