"""System images: checked, put into a slot, tried, proved or given up; docs/updates.md."""
