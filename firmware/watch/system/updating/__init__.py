"""What the watch does about system images: docs/updates.md."""
