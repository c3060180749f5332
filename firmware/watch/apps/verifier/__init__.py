"""Checks foreign bytecode before it is loaded."""
