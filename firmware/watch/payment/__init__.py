"""Tokens, cards, cryptograms, limits and history."""
