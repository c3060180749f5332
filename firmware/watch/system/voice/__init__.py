"""Push to talk: when the watch listens, which words a screen takes, and what each of them does."""
