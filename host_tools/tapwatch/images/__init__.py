"""System images: what the watch runs, made from the firmware tree, signed, checked, compared (docs/updates.md)."""
