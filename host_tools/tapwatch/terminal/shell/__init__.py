"""`tapwatch apdu`: commands to a card by hand or from a script, with answers in words."""
