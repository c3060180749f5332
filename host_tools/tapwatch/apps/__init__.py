"""Makes bundles of app projects, and reads them: docs/bundles.md, seen from the desk."""
