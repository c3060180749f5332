"""A watch on a cable: what is written to it, and how."""
