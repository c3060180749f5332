"""The store: apps come to wearers, and the money to those who made them (docs/store.md)."""
