"""The composition root: builds every service and says which screen follows what."""
