"""The demo: a watch is set up, two cards are put on it, and both pay."""
