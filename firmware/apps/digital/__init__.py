"""The face of a new watch: the time in figures, the minutes as a ring."""

MANIFEST = {
    "id": "digital",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Digital",
    "name": {"en": "Digital", "zh": "数字"},
    "icon": "face",
    "colour": 0x3DD6C3,
    "permissions": ("glance",),
}
