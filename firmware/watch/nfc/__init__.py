"""Near field: from frames of the radio to the application that answers. Knows nothing of payment."""
