"""The time as large as the panel."""

MANIFEST = {
    "id": "big",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Big",
    "name": {"en": "Big", "zh": "大字"},
    "icon": "face",
    "colour": 0xFF6B4A,
    "permissions": ("glance",),
}
