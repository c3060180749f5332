"""Bundles: read, checked, installed, found again."""
