"""The Bluetooth peripheral: a small GATT layer on MicroPython's `bluetooth`, and the services on it."""
