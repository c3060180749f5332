"""A merchant's scanner: reads a payment code that a wearer shows and asks the bank. Start reading at `session.scan`."""
