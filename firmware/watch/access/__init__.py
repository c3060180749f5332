"""What the watch may do right now: passcode, wear session, keys."""
