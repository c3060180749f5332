"""Taps as text for people: decoded APDU traces and receipts."""
