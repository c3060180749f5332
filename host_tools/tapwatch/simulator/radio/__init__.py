"""The air around the simulated watch: controllers on one link, the watch's host, and devices that talk to it."""
