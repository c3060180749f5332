"""The watch over Bluetooth: a small GATT client with two implementations, and the token exchange service on it."""
