"""The simulated watch: its host process, its web page and its interface for scripts."""
