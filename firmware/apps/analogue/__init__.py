"""Two hands, the day, the charge and the card."""

MANIFEST = {
    "id": "analogue",
    "version": "1.0.0",
    "kind": "face",
    "api": 1,
    "entry": "app.Analogue",
    "name": {"en": "Analogue", "zh": "指针"},
    "icon": "face",
    "colour": 0xFFB627,
    "permissions": ("glance",),
}
