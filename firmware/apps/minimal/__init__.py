"""The time and the day, and as few lit pixels as can be."""

MANIFEST = {
    "id": "minimal",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Minimal",
    "name": {"en": "Minimal", "zh": "极简"},
    "icon": "face",
    "colour": 0x9A9AA2,
    "permissions": (),
}
