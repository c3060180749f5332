"""Drawing, text and input: what every screen is made of."""
