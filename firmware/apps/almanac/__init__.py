"""The Chinese calendar beside the time."""

MANIFEST = {
    "id": "almanac",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Almanac",
    "name": {"en": "Almanac", "zh": "农历"},
    "icon": "calendar",
    "colour": 0xD24B3A,
    "permissions": ("glance",),
}
