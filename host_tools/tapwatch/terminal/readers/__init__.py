"""Readers: the built-in ISO 14443 one over a simulated antenna, PC/SC, and nfcpy."""
