"""Helpers for firmware tests."""
