"""What `tapwatch app` can do, one module for each action."""
