"""The watch: one package, one room per concern."""
