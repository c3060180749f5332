"""How much one has moved today, around the time."""

MANIFEST = {
    "id": "rings",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Rings",
    "name": {"en": "Activity", "zh": "活动"},
    "icon": "steps",
    "colour": 0xA6EE4C,
    "permissions": ("glance",),
}
