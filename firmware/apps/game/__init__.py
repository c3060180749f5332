"""2048: sixteen places, four directions."""

MANIFEST = {
    "id": "game",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.Game",
    "name": {"en": "2048", "zh": "2048"},
    "icon": "tiles",
    "colour": 0xB07CFF,
    "permissions": ("haptics", "dice"),
}
