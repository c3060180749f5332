"""Messages between a carrier and the watch."""
