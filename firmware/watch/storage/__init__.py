"""What the watch remembers: a record journal on raw flash, sealed records, counters and settings."""
