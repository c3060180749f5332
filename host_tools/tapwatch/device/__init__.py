"""A watch on a cable: what it says of itself, how it is provisioned, made in batches, and cleaned."""
